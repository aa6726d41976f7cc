/** What would have been under another policy, or with other staff: recorded arrivals once more. */
import { parseDuration } from '@switchboard/calendar';
import { identifier, instant, isoDuration, nonEmptyText } from '@switchboard/contracts';
import type { Sql } from '@switchboard/hallway';
import { configurationId, defineRoutes, ok, problem } from '@switchboard/service';
import type { FieldError } from '@switchboard/service';
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import { checkQueue } from '../../domain/queues/check.ts';
import { queuesNamed } from '../../domain/queues/definition.ts';
import type { QueueDefinition } from '../../domain/queues/definition.ts';
import { AS_IT_IS, mentionsContact } from '../../domain/simulation/what-if.ts';
import type { Recorded } from '../../domain/simulation/what-if.ts';
import { MOST_ITEMS, readQueues, readRecorded } from '../../store/what-if-queries.ts';
import { loadRoster } from '../../store/working-time-queries.ts';
import { mayReadAgents } from './persons.ts';
import { queueBody } from './queue-shapes.ts';
import { replayed } from './what-if-thread.ts';

const MOST_SCENARIOS = 5;
/** More people than that in one scenario. */
const MOST_ADDED = 1000;
const MOST_QUEUES = 100;
const DAY_MS = 24 * 3_600_000;
const MOST_DAYS = 31;

const { requirements, costs, ranking, targets, schedule, stale, fairness, holdout, offersAtOnce } = queueBody.shape;
const strategy = queueBody.shape.strategy.unwrap().optional();
const change = z.object({
  ...{ requirements, strategy, costs, ranking, targets, schedule, stale, fairness, holdout, offersAtOnce },
});

const scenario = z.object({
  name: nonEmptyText(100).refine((name) => name !== AS_IT_IS, 'is what the first one is called'),
  queues: z
    .record(configurationId, change)
    .refine((all) => Object.keys(all).length <= MOST_QUEUES, `must not name more than ${String(MOST_QUEUES)}`)
    .optional()
    .describe('parts of definitions that are replaced, by queue'),
  staff: z
    .object({
      remove: z.array(identifier).max(1000).optional(),
      add: z
        .array(z.object({ like: identifier, count: z.int().min(1).max(MOST_ADDED) }))
        .max(100)
        .refine((all) => new Set(all.map(({ like }) => like)).size === all.length, 'names somebody twice')
        .refine(
          (all) => all.reduce((sum, { count }) => sum + count, 0) <= MOST_ADDED,
          `must not add more than ${String(MOST_ADDED)}`,
        )
        .optional()
        .describe('so many more who are like one that took part, at the same times'),
    })
    .optional(),
});

const body = z.object({
  from: instant,
  to: instant.describe(
    `exclusive; at most ${String(MOST_DAYS)} days later, in which at most ${String(MOST_ITEMS)} items may have come in`,
  ),
  promise: isoDuration
    .optional()
    .describe('within which an item shall be finished; absent: until what sla promised about it, where it did'),
  scenarios: z
    .array(scenario)
    .max(MOST_SCENARIOS)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'has a name twice')
    .default([]),
});

type Asked = z.output<typeof body>;

const report = z.object({
  name: z.string(),
  unfinished: z.int().describe('nobody could'),
  waitMs: z
    .object({ mean: z.number(), p50: z.number(), p95: z.number(), max: z.number() })
    .describe('until somebody accepted, of what was finished'),
  refusals: z.number().describe('offers that were rejected or missed, for each item'),
  wentAway: z.int().describe('times that somebody was away for the offers they missed (awayAfterMissed)'),
  promisesKept: z.number().optional().describe('share of the items with a promise; absent: there are none'),
  occupancy: z
    .number()
    .describe("work over the staff's time, both within the span: above 1 where they do several things at once"),
  gini: z.number().describe('of the load: 0 for all alike'),
  agents: z
    .array(z.object({ id: z.string(), busyMs: z.number() }))
    .describe('their work in all, beyond the span too; told with agents:read alone'),
});

const answer = z.object({
  items: z.int(),
  promised: z.int().describe('of them, those with a promise'),
  assumed: z.int().describe('were not finished: the usual handling time of the others is taken'),
  truncated: z
    .boolean()
    .describe(
      'more was offered, or begun before, than is replayed: of the rest, neither answers nor who was there are known',
    ),
  offers: z.object({
    recorded: z.int().describe('made in the span'),
    replayed: z.int().describe('of them, the first'),
  }),
  begun: z.object({
    recorded: z.int().describe('in hands when the span began, accepted in the 24 hours before'),
    replayed: z.int().describe('of them, those accepted last'),
  }),
  scenarios: z.array(report).describe('as it is goes first'),
});

export const whatIfRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.post(
    '/v1/routing/what-if',
    {
      access: 'work:read',
      summary: 'Replays recorded arrivals under other queues or with other staff, side by side with how it is',
      body,
      responses: { 200: answer },
    },
    (request) =>
      door.once(request, async () => {
        const { scenarios, ...counts } = await answered(door.sql, request.body);
        if (mayReadAgents(request)) return ok({ ...counts, scenarios });
        return ok({ ...counts, scenarios: scenarios.map((one) => ({ ...one, agents: [] })) });
      }),
  );
});

async function answered(sql: Sql, { from, to, promise, scenarios }: Asked): Promise<z.input<typeof answer>> {
  checkSpan(from, to);
  const queues = await readQueues(sql);
  // What customers wrote is read only where a condition may look at it.
  const withTexts = mentionsContact([queues, scenarios]);
  const { roster, sources: calendars } = await loadRoster(sql);
  const { recorded: read, offers, begun } = await readRecorded(sql, { from, to, withTexts }, { queues, roster });
  const recorded = { ...read, calendars };
  if (recorded.items.length > MOST_ITEMS)
    refuse([{ field: 'to', reason: `more than ${String(MOST_ITEMS)} items came in since from` }]);
  const faults = scenarios.flatMap((one, n) => faultsOf(one, recorded, `scenarios.${String(n)}`));
  if (faults.length > 0) refuse(faults);
  const promiseMs = promise === undefined ? undefined : parseDuration(promise);
  const { scenarios: found, ...counts } = await replayed({ recorded, scenarios, promiseMs });
  return {
    ...counts,
    truncated: offers.recorded > offers.replayed || begun.recorded > begun.replayed,
    offers: { ...offers },
    begun: { ...begun },
    scenarios: found.map(
      ({ name, report: { unfinished, waitMs, refusals, wentAway, promisesKept, occupancy, gini, agents } }) => ({
        ...{ name, unfinished, waitMs: { ...waitMs }, refusals, wentAway, promisesKept, occupancy, gini },
        agents: agents.map((agent) => ({ ...agent })),
      }),
    ),
  };
}

function checkSpan(from: string, to: string): void {
  const ms = Date.parse(to) - Date.parse(from);
  if (ms <= 0) refuse([{ field: 'to', reason: 'must be later than from' }]);
  if (ms > MOST_DAYS * DAY_MS)
    refuse([{ field: 'to', reason: `must be at most ${String(MOST_DAYS)} days later than from` }]);
}

function refuse(errors: readonly FieldError[]): never {
  const detail = errors.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
  throw problem('invalid-body', detail, { errors });
}

function faultsOf({ queues = {}, staff }: z.infer<typeof scenario>, recorded: Recorded, at: string): FieldError[] {
  const isKnown = (id: string): boolean => Object.hasOwn(recorded.queues, id);
  const present = new Set(recorded.agents.map(({ id }) => id));
  const named = [
    ...(staff?.remove ?? []).map((id, n) => ({ id, field: `${at}.staff.remove.${String(n)}` })),
    ...(staff?.add ?? []).map(({ like: id }, n) => ({ id, field: `${at}.staff.add.${String(n)}.like` })),
  ];
  return [
    ...Object.entries(queues).flatMap(([id, part]) => {
      const known = isKnown(id) ? recorded.queues[id] : undefined;
      const field = `${at}.queues.${id}`;
      if (known === undefined) return [{ field, reason: `there is no queue ${id}` }];
      const definition = { ...known, ...(part as Partial<QueueDefinition>) };
      const gone = queuesNamed(definition).filter((named) => !isKnown(named.id));
      return [
        ...checkQueue(definition),
        ...gone.map((named) => ({ field: named.field, reason: `there is no queue ${named.id}` })),
      ].map((fault) => ({ field: `${field}.${fault.field}`, reason: fault.reason }));
    }),
    ...named
      .filter(({ id }) => !present.has(id))
      .map(({ id, field }) => ({ field, reason: `${id} was offered nothing in that time` })),
  ];
}
