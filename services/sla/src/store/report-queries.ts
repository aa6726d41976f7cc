/** What reports ask: one statement each, over what clocks came to when they ended (`clock.result`). */
import type { Sql } from '@switchboard/hallway';
import { isBuiltIn, UNKNOWN } from '../domain/dimensions/state.ts';
import type { BuiltInDimension, Unknown } from '../domain/dimensions/state.ts';

/** Dimension -> its value, as SQL over a clock and its case. What it was in the end counts; the case is asked only while there is no end. */
const dimensionSql = {
  policy: 'c.policy_id',
  target: 'coalesce(c.name, c.target)',
  team: `coalesce(c.result->>'team', k.team)`,
  priority: `coalesce(c.result->>'priority', k.priority::text)`,
  channel: `coalesce(c.result->>'channel', k.traits->>'channel')`,
  product: `coalesce(c.result->>'product', k.traits->>'product')`,
  reason: `coalesce(c.result->>'reason', k.traits->>'reason')`,
  language: `coalesce(c.result->>'language', k.traits->>'language')`,
  calendar: 'c.calendar_id',
  customer: 'c.customer_id',
  customerTier: `coalesce(c.result->>'tier', k.tier)`,
} as const satisfies Record<BuiltInDimension, string>;

/** Why a promise has no value in a dimension; `notAsked`: it was over before there was the dimension. */
export const unknowns = ['notAsked', 'unkept', 'empty', 'failed'] as const satisfies readonly (Unknown | 'notAsked')[];
type UnknownCounts = Readonly<Record<(typeof unknowns)[number], number>>;

/** Values of an operator's dimension that are shown: the commonest of the whole time asked for. */
export const MOST_VALUES = 200;
const OTHER = 'other';

/** When it was known what became of a promise: broken, else kept, else withdrawn. Its index is `clock_by_settlement`. */
const SETTLED = 'coalesce(c.breached_at, c.met_at, c.canceled_at)';

const instantText = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The ids of an operator's dimensions, in order. */
export async function readDimensionIds(sql: Sql): Promise<readonly string[]> {
  const rows = await sql.query<{ readonly id: string }>('select id from dimension order by id');
  return rows.map(({ id }) => id);
}

export interface AttainmentRow {
  /** From 1: which of the periods. */
  readonly period: number;
  /** One for each dimension asked for; null: not known. */
  readonly dims: readonly (string | null)[];
  readonly met: number;
  readonly breached: number;
  readonly canceled: number;
  readonly meanElapsedMs: number | null;
  readonly p90ElapsedMs: number | null;
  readonly owners: readonly { readonly team: string | null; readonly usedMs: number }[];
  /** By dimension of an operator. */
  readonly unknown?: Readonly<Record<string, UnknownCounts>>;
}

export interface AttainmentRequest {
  /** Dimensions that are there, and ids of an operator's. */
  readonly by: readonly string[];
  /** Beginnings of the periods, and the end of the last one; ISO 8601. */
  readonly bounds: readonly string[];
  readonly most: number;
}

/** What became of promises, by period and group; with whose time was used in them. */
export async function readAttainment(sql: Sql, { by, bounds, most }: AttainmentRequest): Promise<AttainmentRow[]> {
  const { own, dims, more, folded, counted } = grouping(by);
  return sql.query<AttainmentRow>(
    `
with ${folded === '' ? 'settled' : 'told'} as materialized (
  select width_bucket(${SETTLED}, $1::timestamptz[]) as period, array[${dims}]::text[] as dims${more}, c.breached_at, c.met_at,
    case when c.met_at is not null then (c.result->>'elapsedMs')::float8 end as elapsed, c.result->'owners' as owners
  from clock c left join lateral (
    -- offset 0 keeps it apart, so that no case is looked up for a clock that has a result
    select team, priority, traits, tier from case_clocks where id = c.case_id and c.result is null offset 0) k on true
  where ${SETTLED} >= $2::timestamptz and ${SETTLED} < $3::timestamptz),${folded}
outcome as (
  select period, dims, count(*) filter (where breached_at is not null)::int as breached,
    count(*) filter (where breached_at is null and met_at is not null)::int as met,
    count(*) filter (where breached_at is null and met_at is null)::int as canceled,
    avg(elapsed) as mean, percentile_cont(0.9) within group (order by elapsed) as p90${counted}
  from settled group by period, dims),
owner as (
  select period, dims, jsonb_agg(jsonb_build_object('team', team, 'usedMs', used) order by used desc) as owners
  from (
    select period, dims, o->>'team' as team, sum((o->>'usedMs')::float8) as used
    from settled cross join lateral jsonb_array_elements(settled.owners) o group by period, dims, o->>'team') used
  group by period, dims)
select period, dims, met, breached, canceled, mean as "meanElapsedMs", p90 as "p90ElapsedMs",
  coalesce(owner.owners, '[]') as owners${counted === '' ? '' : ', unknown'}
from outcome left join owner using (period, dims) order by period, dims limit $4`,
    [bounds, bounds[0], bounds.at(-1), most, ...own],
  );
}

/** Of SQL; the ids of an operator's dimensions are its parameters from `$5` on. */
interface Grouping {
  readonly own: readonly string[];
  /** Values to group by. */
  readonly dims: string;
  /** A further column: why there is none. */
  readonly more: string;
  /** What puts rare values together; nothing where no operator's dimension is asked for. */
  readonly folded: string;
  readonly counted: string;
}

function grouping(by: readonly string[]): Grouping {
  const own = by.filter((dimension) => !isBuiltIn(dimension));
  const parameter = (id: string): string => `$${String(5 + own.indexOf(id))}::text`;
  const label = (id: string): string => `c.extras->'dimensions'->${parameter(id)}`;
  const dims = by.map((id) => (isBuiltIn(id) ? dimensionSql[id] : `coalesce(${label(id)}->>'value', '${UNKNOWN}')`));
  if (own.length === 0) return { own, dims: dims.join(', '), more: '', folded: '', counted: '' };
  const whys = own.map(
    (id) => `case when ${label(id)}->>'value' is null then coalesce(${label(id)}->>'why', 'notAsked') end`,
  );
  const common = own.map(
    (id, n) => `
common${String(n)} as (
  select dims[${String(by.indexOf(id) + 1)}] as value from told group by 1 order by count(*) desc, 1 limit ${String(MOST_VALUES)}),`,
  );
  const shown = by.map((id, n) => {
    const value = `dims[${String(n + 1)}]`;
    if (isBuiltIn(id)) return value;
    const isCommon = `${value} = '${UNKNOWN}' or ${value} in (select value from common${String(own.indexOf(id))})`;
    return `case when ${isCommon} then ${value} else '${OTHER}' end`;
  });
  const counts = own.map((id, n) => {
    const each = unknowns.map((why) => `'${why}', count(*) filter (where whys[${String(n + 1)}] = '${why}')`);
    return `${parameter(id)}, jsonb_build_object(${each.join(', ')})`;
  });
  return {
    ...{ own, dims: dims.join(', '), more: `, array[${whys.join(', ')}]::text[] as whys` },
    folded: `${common.join('')}
settled as materialized (
  select period, array[${shown.join(', ')}]::text[] as dims, whys, breached_at, met_at, elapsed, owners from told),`,
    counted: `, jsonb_build_object(${counts.join(', ')}) as unknown`,
  };
}

export interface AtRiskRow {
  readonly id: string;
  readonly caseId: string;
  readonly customerId: string | null;
  readonly policyId: string;
  readonly target: string;
  readonly name: string | null;
  readonly status: string;
  readonly team: string | null;
  readonly priority: number | null;
  readonly tier: string | null;
  readonly dueAt: string;
  readonly slackMs: number;
  readonly probability: number | null;
  readonly score: number;
  readonly lost: boolean;
}

export interface AtRiskFilter {
  readonly team?: string | undefined;
  readonly policyId?: string | undefined;
  readonly target?: string | undefined;
}

/** From here on a predicted promise is at risk. */
const AT_RISK = 0.5;
/** How long it takes until help comes, on average, ms. */
const HELP_MS = 600_000;
/** Weighed at most of either kind, the likeliest and the soonest due: more than anybody works through. */
const CANDIDATES = 5000;

/**
 * Open promises in danger, those first that can most likely still be saved, then those that are lost already, the
 * latest lost first. The score is `p * (1 - exp(-slack / help))`: the probability that nobody keeps the promise unasked, times
 * the probability that help, which takes ten minutes on average, comes in time. Where nothing is predicted, p is how
 * much of the way from the start to the due time is over by the clock on the wall.
 */
export async function readAtRisk(sql: Sql, filter: AtRiskFilter, limit: number): Promise<AtRiskRow[]> {
  const where = `($1::text is null or k.team = $1) and ($2::text is null or c.policy_id = $2)
    and ($3::text is null or c.target = $3)`;
  return sql.query<AtRiskRow>(
    `
with now as materialized (select clock.now() as at),
predicted as (
  select c.*, false as lost from clock c left join case_clocks k on k.id = c.case_id
  where c.risk_probability >= ${String(AT_RISK)} and c.status = 'running' and c.due_at > (select at from now) and ${where}
  order by c.risk_probability desc, c.id limit ${String(CANDIDATES)}),
warned as (
  select c.*, false as lost from clock c left join case_clocks k on k.id = c.case_id
  where c.status = 'running' and c.warned <> '[]' and c.risk_probability is null and c.due_at > (select at from now) and ${where}
  order by c.due_at, c.id limit ${String(CANDIDATES)}),
lost as (
  select c.*, true as lost from clock c left join case_clocks k on k.id = c.case_id
  where c.status = 'breached' and c.met_at is null and c.canceled_at is null and ${where}
  order by c.breached_at desc, c.id limit $4),
listed as (select * from predicted union all select * from warned union all select * from lost),
timed as (
  select listed.*, extract(epoch from due_at - at)::float8 * 1000 as slack,
    extract(epoch from at - started_at)::float8 / greatest(extract(epoch from due_at - started_at)::float8, 0.001) as way
  from listed cross join now)
select t.id, t.case_id as "caseId", coalesce(k.customer_id, t.customer_id) as "customerId", t.policy_id as "policyId", t.target,
  t.name, t.status, k.team, k.priority, k.tier, ${instantText('t.due_at')} as "dueAt", round(t.slack) as "slackMs",
  t.risk_probability as probability, t.lost,
  case when t.lost then 0
    else coalesce(t.risk_probability, least(1, t.way)) * (1 - exp(-least(t.slack / ${String(HELP_MS)}, 700))) end as score
from timed t left join case_clocks k on k.id = t.case_id
order by t.lost, score desc, case when t.lost then -t.slack else t.slack end, t.id limit $4`,
    [filter.team ?? null, filter.policyId ?? null, filter.target ?? null, limit],
  );
}

export interface Span {
  readonly from: string;
  readonly to: string;
}

export interface HandOffs {
  readonly cases: number;
  readonly byHandOffs: readonly { readonly handOffs: number; readonly returns: number; readonly cases: number }[];
  readonly byTeam: readonly {
    readonly team: string;
    readonly hops: number;
    readonly handedOn: number;
    readonly meanMs: number | null;
    readonly p90Ms: number | null;
  }[];
  readonly worst: readonly {
    readonly caseId: string;
    readonly handOffs: number;
    readonly returns: number;
    readonly teams: readonly string[];
  }[];
}

/**
 * How cases with a clock that began in the span went from team to team: a hop is the time a team held the work until
 * another one had it; a return is a hop to a team that had it before.
 */
export async function readHandOffs(sql: Sql, { from, to }: Span, limit: number): Promise<HandOffs> {
  const [row] = await sql.query<HandOffs>(
    `
with span as materialized (
  select distinct case_id as id from clock where started_at >= $1::timestamptz and started_at < $2::timestamptz),
told as (
  select id, n, (label->>'at')::timestamptz as at, label->>'team' as team
  from span join case_clocks using (id) cross join lateral jsonb_array_elements(labels) with ordinality as told(label, n)
  where label->>'team' <> ''),
turned as (select told.*, lag(team) over (partition by id order by n) as before from told),
hop as (
  select id, n, team, lead(at) over (partition by id order by n) - at as held from turned
  where before is distinct from team),
by_case as (
  select id, count(*) - 1 as hand_offs, count(*) - count(distinct team) as returns, array_agg(team order by n) as teams
  from hop group by id),
counted as (
  select hand_offs, returns, count(*) as cases from by_case group by hand_offs, returns order by hand_offs, returns),
by_team as (
  select team, count(*) as hops, count(held) as handed_on, avg(extract(epoch from held)) * 1000 as mean,
    percentile_cont(0.9) within group (order by extract(epoch from held)) * 1000 as p90
  from hop group by team order by handed_on desc, team limit 200),
worst as (
  select id, hand_offs, returns, teams from by_case where hand_offs > 0 order by returns desc, hand_offs desc, id limit $3)
select (select count(*)::int from by_case) as cases,
  coalesce((select jsonb_agg(jsonb_build_object('handOffs', hand_offs, 'returns', returns, 'cases', cases)) from counted), '[]')
    as "byHandOffs",
  coalesce((select jsonb_agg(jsonb_build_object('team', team, 'hops', hops, 'handedOn', handed_on,
    'meanMs', round(mean), 'p90Ms', round(p90))) from by_team), '[]') as "byTeam",
  coalesce((select jsonb_agg(jsonb_build_object('caseId', id, 'handOffs', hand_offs, 'returns', returns, 'teams', teams))
    from worst), '[]') as worst`,
    [from, to, limit],
  );
  if (row === undefined) throw new Error('a statement without groups answers one row');
  return row;
}

export interface PauseRow {
  readonly reason: string | null;
  readonly team: string | null;
  readonly pausedMs: number;
  readonly clocks: number;
  readonly longestMs: number;
  /** Of all that stood still. */
  readonly share: number;
}

/** Why and with whom clocks that were settled in the span stood still, most of it first. */
export async function readPauses(sql: Sql, { from, to }: Span, limit: number): Promise<PauseRow[]> {
  return sql.query<PauseRow>(
    `
select pause->>'reason' as reason, pause->>'team' as team, sum((pause->>'pausedMs')::float8) as "pausedMs",
  count(distinct c.id)::int as clocks, max((pause->>'pausedMs')::float8) as "longestMs",
  sum((pause->>'pausedMs')::float8) / sum(sum((pause->>'pausedMs')::float8)) over () as share
from clock c cross join lateral jsonb_array_elements(c.result->'pauses') pause
where ${SETTLED} >= $1::timestamptz and ${SETTLED} < $2::timestamptz
group by 1, 2 order by 3 desc, 1, 2 limit $3`,
    [from, to, limit],
  );
}
