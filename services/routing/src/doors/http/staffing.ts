/** `/v1/routing/staffing-forecast`: how many people a queue will need, interval by interval. */
import { setImmediate } from 'node:timers/promises';
import { parseDuration } from '@switchboard/calendar';
import { instant, isoDuration, nonEmptyText, timeZone } from '@switchboard/contracts';
import { databaseNow } from '@switchboard/hallway';
import type { Sql } from '@switchboard/hallway';
import { configurationId, defineRoutes, ok, problem } from '@switchboard/service';
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import type { QueueDefinition } from '../../domain/queues/definition.ts';
import { calendarIn } from '../../domain/queues/opening.ts';
import { errorOf } from '../../domain/staffing/arrivals.ts';
import type { History } from '../../domain/staffing/arrivals.ts';
import { MOST_LOAD, needs, peakOf } from '../../domain/staffing/need.ts';
import type { Need } from '../../domain/staffing/need.ts';
import { arrivalsOf, expectedIn, rangeOf, warningsOf } from '../../domain/staffing/plan.ts';
import { historyOf, midnightBefore, slotsBetween } from '../../domain/staffing/timetable.ts';
import type { Grid } from '../../domain/staffing/timetable.ts';
import { readArrivals, readHandling, readQueue } from '../../store/forecast-queries.ts';
import type { Handling } from '../../store/forecast-queries.ts';
import { loadRoster } from '../../store/working-time-queries.ts';
import type { LoadedRoster } from '../../store/working-time-queries.ts';
import { fieldProblem } from './spans.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MOST_INTERVALS = 3000;
/** Intervals reckoned in one go. */
const AT_ONCE = 20;
/** Ahead of now: what is further is no forecast. */
const MOST_DAYS_AHEAD = 92;

const intervals = { PT5M: 5, PT10M: 10, PT15M: 15, PT20M: 20, PT30M: 30, PT1H: 60, PT60M: 60 } as const;
const share = z.coerce.number();

const query = z.object({
  queueId: configurationId,
  channel: nonEmptyText(64).optional().describe('absent: all of them'),
  from: instant.optional().describe('now unless set'),
  to: instant
    .optional()
    .describe(`exclusive; a day after from unless set. At most ${String(MOST_INTERVALS)} intervals`),
  interval: z.enum(Object.keys(intervals) as [keyof typeof intervals]).default('PT30M'),
  timeZone: timeZone.optional().describe("of weekdays and times of day; the queue's schedule's, else UTC, unless set"),
  weeks: z.coerce.number().int().min(1).max(26).default(8).describe('that are learned from, back from today'),
  target: share.min(0.01).max(0.999).default(0.8).describe('share that is to be answered within'),
  within: isoDuration.default('PT20S'),
  occupancy: share.min(0.1).max(1).default(0.85).describe('nobody is to be busy more than this share of their time'),
  shrinkage: share.min(0).max(0.9).default(0).describe('share of planned time in which who is planned is not there'),
  concurrency: z.coerce.number().int().min(1).max(100).default(1).describe('items that one agent works on at once'),
  patience: isoDuration.optional().describe('mean time until who waits leaves (Erlang A); absent: never (Erlang C)'),
  handling: isoDuration.optional().describe('mean handling time; that of what was finished unless set'),
});

type Query = z.output<typeof query>;

const number = z.number();
const need = z.object({
  from: z.string(),
  to: z.string(),
  open: z.boolean(),
  arrivals: number.describe('expected'),
  low: number.describe('of ten times, one comes with fewer'),
  high: number.describe('and one with more'),
  held: number.describe('came while it was closed, and is worked on now'),
  erlangs: number.describe('work that is there at once'),
  agents: z.int().describe('at work'),
  scheduled: z.int().describe('planned, with those who are planned and not there'),
  inTime: number.optional().describe('share answered within, with so many agents'),
  abandoned: number.optional().describe('share that leaves unanswered'),
  meanWaitMs: number.optional(),
  occupancy: number.optional(),
});

const answer = z.object({
  queueId: z.string(),
  timeZone: z.string(),
  model: z.enum(['erlang-c', 'erlang-a']),
  handlingMs: number.nullable().describe('null: nothing was finished, and none was stated'),
  finished: z.int().describe('pieces of work that the handling time is the mean of; 0 where it was stated'),
  learned: z.object({
    weeks: z.int(),
    arrivals: z.int(),
    error: z
      .object({
        weeks: z.int().describe('held out, each forecast from those before it'),
        arrivals: z.int(),
        wape: number.describe('sum of what each interval was off, over the arrivals'),
        naiveWape: number.describe('the same of the week before, taken as it was'),
        chanceWape: number.describe('what chance would leave of a forecast that knows the means'),
        bias: number.describe('forecast too much (above 0) or too little, of the arrivals'),
        dispersion: number.describe('variance of an interval over its mean: 1 is chance alone'),
      })
      .nullable()
      .describe('of forecasts for weeks that are over; null: there are too few of them'),
  }),
  warnings: z.array(z.string()),
  items: z.array(need),
  nextCursor: z.null(),
});

export const staffingRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.get(
    '/v1/routing/staffing-forecast',
    {
      access: 'work:read',
      summary: 'How many people a queue will need, interval by interval',
      description:
        'Arrivals by weekday and time of day with the level of the last weeks; agents by Erlang C, or Erlang A where patience is stated. What the queue is closed for needs nobody; what comes meanwhile is worked off while it is open next.',
      query,
      responses: { 200: answer },
    },
    async ({ query: asked }) => {
      const queue = await readQueue(door.sql, asked.queueId);
      if (queue === undefined) throw problem('unknown-id', `There is no queue ${asked.queueId}`);
      const grid = gridOf(asked, queue, await loadRoster(door.sql));
      const now = (await databaseNow(door.sql)).getTime();
      const span = spanOf(asked, now, grid.intervalMs);
      const { history, handling, end } = await lookBack(door.sql, asked, { grid, now });
      const handlingMs = asked.handling === undefined ? handling.meanMs : msOf('handling', asked.handling, 1000);
      const error = errorOf(history);
      const forecast = { grid, span, end, history, handlingMs, queue };
      const items = await planned(asked, forecast);
      return ok({
        ...{ queueId: asked.queueId, timeZone: grid.timeZone, handlingMs, nextCursor: null },
        model: asked.patience === undefined ? ('erlang-c' as const) : ('erlang-a' as const),
        finished: asked.handling === undefined ? handling.finished : 0,
        learned: {
          weeks: history.weeks.length,
          arrivals: arrivalsOf(history),
          error: error === undefined ? null : { ...error },
        },
        warnings: warningsOf(history, handlingMs),
        items: items.map((one) => shown(one, error?.dispersion ?? 1)),
      });
    },
  );
});

/** @throws Problem when it is none, or out of bounds */
function msOf(field: string, text: string, least: number): number {
  const ms = parseDuration(text) ?? -1;
  if (ms < least || ms > 7 * DAY_MS) throw fieldProblem(field, `must be from ${String(least)} ms to seven days`);
  return ms;
}

function gridOf(
  { interval, timeZone: zone }: Query,
  { schedule }: QueueDefinition,
  { roster, sources }: LoadedRoster,
): Grid {
  const { timeZone: own = sources.get(schedule?.calendarId ?? '')?.timeZone } = schedule?.hours ?? {};
  return {
    timeZone: zone ?? own ?? 'UTC',
    intervalMs: intervals[interval] * MINUTE_MS,
    calendar: schedule && calendarIn(schedule, roster.calendars),
  };
}

interface Bounds {
  readonly from: number;
  readonly to: number;
}

function spanOf(asked: Query, now: number, intervalMs: number): Bounds {
  const from = asked.from === undefined ? now : Date.parse(asked.from);
  const to = asked.to === undefined ? from + DAY_MS : Date.parse(asked.to);
  if (to <= from) throw fieldProblem('to', 'must be later than from');
  if (from < now - DAY_MS) throw fieldProblem('from', 'must not be over for more than a day');
  if (to > now + MOST_DAYS_AHEAD * DAY_MS)
    throw fieldProblem('to', `must be at most ${String(MOST_DAYS_AHEAD)} days ahead`);
  if ((to - from) / intervalMs > MOST_INTERVALS)
    throw fieldProblem('to', `makes more than ${String(MOST_INTERVALS)} intervals`);
  return { from, to };
}

interface Learning {
  readonly grid: Grid;
  readonly now: number;
}

async function lookBack(
  sql: Sql,
  { queueId, channel, weeks }: Query,
  { grid, now }: Learning,
): Promise<{ readonly history: History; readonly handling: Handling; readonly end: number }> {
  const end = midnightBefore(grid, now);
  const slots = slotsBetween(grid, end - weeks * 7 * DAY_MS, end);
  const past = { queueId, channel, from: slots[0]?.at ?? end, to: end };
  const arrivals = await readArrivals(sql, past, grid.intervalMs);
  const counts = new Map(arrivals.map(({ at, count }) => [at, count]));
  // Today's work is as good as any other for how long it takes.
  const handling = await readHandling(sql, { ...past, to: now });
  return { history: historyOf(grid, slots, { arrivals: counts, end }), handling, end };
}

interface Forecasting {
  readonly grid: Grid;
  readonly span: Bounds;
  readonly end: number;
  readonly history: History;
  readonly handlingMs: number | null;
  readonly queue: QueueDefinition;
}

async function planned(
  asked: Query,
  { grid, span, end, history, handlingMs, queue }: Forecasting,
): Promise<readonly Need[]> {
  const all = expectedIn({ grid, history, end, ...span });
  const { target, occupancy, shrinkage, concurrency, patience } = asked;
  const terms = {
    ...{ target, occupancy, shrinkage, concurrency, handlingMs: handlingMs ?? 0 },
    withinMs: msOf('within', asked.within, 0),
    patienceMs: patience === undefined ? undefined : msOf('patience', patience, 1000),
    closedElsewhere: queue.schedule?.closed !== undefined,
  };
  if (peakOf(all, terms) > MOST_LOAD / 10) throw fieldProblem('handling', 'makes more work than can be reckoned with');
  const found: Need[] = [];
  for (const one of needs(all, terms)) {
    if (one.to > span.from) found.push(one);
    // Others are served in between.
    if (found.length % AT_ONCE === 0) await setImmediate();
  }
  return found;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

function shown({ from, to, isOpen, arrivals, held, load, agents, scheduled, service }: Need, dispersion: number) {
  const { low, high } = rangeOf(arrivals, dispersion);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    open: isOpen,
    arrivals: rounded(arrivals),
    low: rounded(low),
    high: rounded(high),
    ...{ held: rounded(held), erlangs: rounded(load), agents, scheduled },
    ...(service && {
      inTime: rounded(service.inTime),
      abandoned: rounded(service.abandoned),
      meanWaitMs: Math.round(service.meanWaitMs),
      occupancy: rounded(service.occupancy),
    }),
  };
}
