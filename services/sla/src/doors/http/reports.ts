/** `/v1/clocks/at-risk`, `attainment`, `hand-offs`, `pauses`: what people see. */
import { identifier, instant, nonEmptyText, timeZone } from '@switchboard/contracts';
import { databaseNow } from '@switchboard/hallway';
import type { Sql } from '@switchboard/hallway';
import { configurationId, defineRoutes, ok, problem } from '@switchboard/service';
import { z } from 'zod';
import type { SlaCommands } from '../../domain/commands.ts';
import { builtInDimensions, isBuiltIn } from '../../domain/dimensions/state.ts';
import {
  MOST_VALUES,
  readAtRisk,
  readAttainment,
  readDimensionIds,
  readHandOffs,
  readPauses,
  type AtRiskRow,
  type AttainmentRow,
  unknowns,
  type Span,
} from '../../store/report-queries.ts';
import { periodBounds, periods } from './periods.ts';

const DAY = 86_400_000;
/** Periods shown at most. */
const MOST_PERIODS = 400;
/** Groups of all periods together. */
const MOST_GROUPS = 10_000;
/** What is looked at where nothing is said. */
const DEFAULT_DAYS = { day: 14, week: 84, month: 365 } as const;

const limit = z.coerce.number().int().min(1).max(200).default(50);
const span = {
  from: instant.optional().describe('inclusive; thirty days before `to` unless set'),
  to: instant.optional().describe('exclusive; now unless set'),
};

const promiseAtRisk = z.object({
  id: z.string(),
  caseId: z.string(),
  customerId: z.string().optional(),
  policyId: z.string(),
  target: z.string(),
  name: z.string().optional(),
  status: z.string(),
  team: z.string().optional(),
  priority: z.int().optional(),
  tier: z.string().optional(),
  dueAt: z.string(),
  slackMs: z.number().describe('until the due time by the clock on the wall; negative once it is over'),
  probability: z.number().optional().describe('that it will be broken, where it is predicted'),
  score: z.number().describe('p * (1 - exp(-slack / 10 minutes)): what help can still save; 0 once it is lost'),
  lost: z.boolean(),
});

const isId = (text: string): boolean => configurationId.safeParse(text).success;

const groupBy = z
  .string()
  .max(2500)
  .refine((text) => text.split(',').every(isId), 'must be ids of dimensions, separated by commas')
  .default('policy')
  .transform((text) => [...new Set(text.split(','))]);

const attained = z.object({
  from: z.string().describe('beginning of the period'),
  to: z.string(),
  group: z
    .record(z.string(), z.string())
    .describe(
      `by dimension; one that is not known is absent, or, of /v1/dimensions, \`unknown\`. Of those the ${String(MOST_VALUES)} commonest values are shown, the rest as \`other\``,
    ),
  unknown: z
    .record(z.string(), z.partialRecord(z.enum(unknowns), z.int()))
    .optional()
    .describe(
      'by dimension of /v1/dimensions, why promises have no value in it: over before it was there (notAsked), facts of the case not kept (unkept), nothing (empty), not to be decided (failed)',
    ),
  met: z.int(),
  breached: z.int(),
  canceled: z.int(),
  share: z.number().nullable().describe('met / (met + breached)'),
  trend: z.number().nullable().describe('share less that of the period before'),
  meanElapsedMs: z.number().nullable().describe('open time until it was met, in time or late'),
  p90ElapsedMs: z.number().nullable(),
  owners: z
    .array(z.object({ team: z.string().optional(), usedMs: z.number(), share: z.number() }))
    .describe('whose time was used, most of it first; without a team: nobody held the work'),
});

export const reportRoutes = defineRoutes<SlaCommands>((routes, door) => {
  routes.get(
    '/v1/clocks/at-risk',
    {
      access: 'sla:read',
      summary: 'Promises at risk now: first what can still be saved, at the end what is lost',
      description:
        'Running promises with a probability of 0.5 or more that they will be broken, or, where none is predicted, with a warning behind them; and open ones that are broken. By `score`, then by the due time.',
      query: z.object({
        team: identifier.optional(),
        policyId: identifier.optional(),
        target: nonEmptyText(64).optional(),
        limit,
      }),
      responses: { 200: z.object({ items: z.array(promiseAtRisk), nextCursor: z.null() }) },
    },
    async ({ query: { limit: most, ...filter } }) =>
      ok({ items: (await readAtRisk(door.sql, filter, most)).map(shownAtRisk), nextCursor: null }),
  );
  routes.get(
    '/v1/clocks/attainment',
    {
      access: 'sla:read',
      summary: 'How many promises were kept, by dimension and period',
      description:
        'A promise counts in the period in which it was broken, else kept, else withdrawn. Periods are whole ones of the time zone: `from` and `to` are moved out to their edges.',
      query: z.object({
        by: groupBy.describe(`of ${builtInDimensions.join(', ')} and the ids of /v1/dimensions, separated by commas`),
        period: z.enum(periods).default('month'),
        from: instant.optional(),
        to: instant.optional().describe('now unless set'),
        timeZone: timeZone.default('UTC'),
      }),
      responses: { 200: z.object({ items: z.array(attained), nextCursor: z.null() }) },
    },
    async ({ query }) => {
      const { from, to } = await spanOf(door.sql, query, DEFAULT_DAYS[query.period]);
      const bounds = periodBounds({ ...query, from, to }, MOST_PERIODS);
      if (bounds === undefined) {
        throw tooMuch('from', `must leave ${String(MOST_PERIODS)} periods at most`);
      }
      await expectDimensions(door.sql, query.by);
      const rows = await readAttainment(door.sql, { by: query.by, bounds, most: MOST_GROUPS + 1 });
      if (rows.length > MOST_GROUPS)
        throw tooMuch('by', `makes more than ${String(MOST_GROUPS)} groups; ask for less time`);
      return ok({ items: withTrend(rows, query.by, bounds), nextCursor: null });
    },
  );
  handOffRoute(routes, door);
  pauseRoute(routes, door);
});

type Parts = Parameters<typeof reportRoutes>;

function handOffRoute(routes: Parts[0], door: Parts[1]): void {
  const counted = z.object({ handOffs: z.int(), returns: z.int(), cases: z.int() });
  const byTeam = z.object({
    team: z.string(),
    hops: z.int(),
    handedOn: z.int(),
    meanMs: z.number().nullable(),
    p90Ms: z.number().nullable(),
  });
  const item = z.object({ caseId: z.string(), handOffs: z.int(), returns: z.int(), teams: z.array(z.string()) });
  routes.get(
    '/v1/clocks/hand-offs',
    {
      access: 'sla:read',
      summary: 'How work went from team to team, and came back',
      description:
        'Of cases with a clock that began in the span. A return is a hand-off to a team that had the work before. Times are those by the clock on the wall until another team had it.',
      query: z.object({ ...span, limit }),
      responses: {
        200: z.object({
          from: z.string(),
          to: z.string(),
          cases: z.int().describe('that any team ever held'),
          byHandOffs: z.array(counted),
          byTeam: z.array(byTeam),
          items: z.array(item).describe('the most returns first'),
          nextCursor: z.null(),
        }),
      },
    },
    async ({ query }) => {
      const asked = await spanOf(door.sql, query, 30);
      const { worst, ...rest } = await readHandOffs(door.sql, asked, query.limit);
      const [byHandOffs, teams] = [[...rest.byHandOffs], [...rest.byTeam]];
      const items = worst.map((one) => ({ ...one, teams: [...one.teams] }));
      return ok({ ...asked, cases: rest.cases, byHandOffs, byTeam: teams, items, nextCursor: null });
    },
  );
}

function pauseRoute(routes: Parts[0], door: Parts[1]): void {
  const item = z.object({
    reason: z.string().optional(),
    team: z.string().optional(),
    pausedMs: z.number().describe('by the clock on the wall'),
    clocks: z.int(),
    longestMs: z.number(),
    share: z.number().describe('of all that stood still'),
  });
  routes.get(
    '/v1/clocks/pauses',
    {
      access: 'sla:read',
      summary: 'Why clocks stood still, and with whom: the longest first',
      description: 'Of clocks that are over, in the span in which they were broken, else kept or withdrawn.',
      query: z.object({ ...span, limit }),
      responses: { 200: z.object({ from: z.string(), to: z.string(), items: z.array(item), nextCursor: z.null() }) },
    },
    async ({ query }) => {
      const asked = await spanOf(door.sql, query, 30);
      const rows = await readPauses(door.sql, asked, query.limit);
      const items = rows.map(({ reason, team, ...rest }) => ({
        ...rest,
        reason: reason ?? undefined,
        team: team ?? undefined,
      }));
      return ok({ ...asked, items, nextCursor: null });
    },
  );
}

/** @throws Problem where one is none */
async function expectDimensions(sql: Sql, by: readonly string[]): Promise<void> {
  const own = by.filter((id) => !isBuiltIn(id));
  const there = own.length === 0 ? [] : await readDimensionIds(sql);
  const missing = own.find((id) => !there.includes(id));
  if (missing === undefined) return;
  throw tooMuch(
    'by',
    `there is no ${missing}: must be of ${builtInDimensions.join(', ')} and the ids of /v1/dimensions`,
  );
}

/** @throws Problem when it ends before it begins */
export async function spanOf(
  sql: Sql,
  { from, to }: { from?: string | undefined; to?: string | undefined },
  days: number,
): Promise<Span> {
  const end = to ?? (await databaseNow(sql)).toISOString();
  const begin = from ?? new Date(Date.parse(end) - days * DAY).toISOString();
  if (begin >= end) throw tooMuch('from', 'must be before `to`');
  return { from: begin, to: end };
}

function tooMuch(field: string, reason: string) {
  return problem('invalid-query', 'The query does not fit', { errors: [{ field, reason }] });
}

function shownAtRisk(row: AtRiskRow): z.input<typeof promiseAtRisk> {
  const { customerId, name, team, priority, tier, probability, ...rest } = row;
  return {
    ...rest,
    customerId: customerId ?? undefined,
    name: name ?? undefined,
    team: team ?? undefined,
    priority: priority ?? undefined,
    tier: tier ?? undefined,
    probability: probability ?? undefined,
  };
}

const shareOf = ({ met, breached }: AttainmentRow): number | null =>
  met + breached === 0 ? null : met / (met + breached);

function groupOf(by: readonly string[], { dims }: AttainmentRow): Record<string, string> {
  const pairs = by.map((dimension, n) => [dimension, dims[n] ?? ''] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
}

/** What happened to some. */
function unknownOf({ unknown = {} }: AttainmentRow): z.input<typeof attained>['unknown'] {
  const found = Object.entries(unknown).flatMap(([id, counts]) => {
    const some = Object.entries(counts).filter(([, count]) => count > 0);
    return some.length === 0 ? [] : [[id, Object.fromEntries(some)] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Rows of the first period are only there to be compared with. */
function withTrend(rows: readonly AttainmentRow[], by: readonly string[], bounds: readonly string[]) {
  const shares = new Map(rows.map((row) => [JSON.stringify([row.period, row.dims]), shareOf(row)]));
  return rows
    .filter(({ period }) => period > 1)
    .map((row): z.input<typeof attained> => {
      const share = shareOf(row);
      const before = shares.get(JSON.stringify([row.period - 1, row.dims])) ?? null;
      const all = row.owners.reduce((sum, { usedMs }) => sum + usedMs, 0);
      return {
        from: bounds[row.period - 1] ?? '',
        to: bounds[row.period] ?? '',
        group: groupOf(by, row),
        unknown: unknownOf(row),
        met: row.met,
        breached: row.breached,
        canceled: row.canceled,
        share,
        trend: share === null || before === null ? null : share - before,
        meanElapsedMs: row.meanElapsedMs,
        p90ElapsedMs: row.p90ElapsedMs,
        owners: row.owners.map(({ team, usedMs }) => ({
          team: team ?? undefined,
          usedMs,
          share: all === 0 ? 0 : usedMs / all,
        })),
      };
    });
}
