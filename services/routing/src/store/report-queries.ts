/** What was offered and done, added up where it lies; every answer is bounded. */
import type { Sql } from '@switchboard/hallway';
import type { Cell } from '../domain/reports/standardise.ts';
import { agentFacts } from '../domain/people/state.ts';
import type { AgentDefinition, AgentFacts } from '../domain/people/state.ts';
import type { QueueDefinition } from '../domain/queues/definition.ts';

export interface Span {
  readonly from: string;
  readonly to: string;
  readonly queueId?: string | undefined;
}

/** Of one report. */
export const MOST_CELLS = 20_000;
/** Reasons that are told apart, the most frequent ones. */
const MOST_REASONS = 40;

/** What agents did with what was offered to them in a time. One cell more than the most shows that there are too many. */
export function readCells(sql: Sql, { from, to, queueId }: Span): Promise<Cell[]> {
  return sql.query<Cell>(
    `with offer as materialized (
       select r.agent_id, r.status, r.accepted_at, i.queue_id, i.channel, i.priority,
              coalesce(r.work_kind, c.case_facts->>'reason', '') as reason,
              case when r.ended_at > r.accepted_at then greatest(1000,
                extract(epoch from r.ended_at - r.accepted_at)::float8 * 1000 - coalesce(r.paused_ms, 0)) end as ms
         from reservation r join work_item i on i.id = r.work_item_id join case_work c on c.id = r.case_id
        where r.created_at >= $1::timestamptz and r.created_at < $2::timestamptz and ($3::text is null or i.queue_id = $3)),
     frequent as (select reason from offer group by 1 order by count(*) desc, reason limit ${String(MOST_REASONS)})
     select agent_id as "agentId", queue_id as "queueId", channel, priority,
            case when reason in (select reason from frequent) then reason else '' end as reason,
            count(*)::int as offered,
            count(*) filter (where accepted_at is not null or status in ('accepted', 'wrapping', 'completed'))::int as accepted,
            count(*) filter (where status = 'rejected')::int as rejected,
            count(*) filter (where status = 'timeout')::int as missed,
            count(*) filter (where status in ('canceled', 'rescinded') and accepted_at is null)::int as withdrawn,
            count(*) filter (where status = 'completed')::int as completed,
            count(ms)::int as timed, coalesce(sum(ms), 0)::float8 as "handlingMs",
            coalesce(sum(ln(ms)), 0)::float8 as "logSum", coalesce(sum(ln(ms) ^ 2), 0)::float8 as "logSquares"
       from offer group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5 limit $4`,
    [from, to, queueId ?? null, MOST_CELLS + 1],
  );
}

interface Person {
  readonly id: string;
  readonly name: string;
  readonly team: string;
}

/** Who they are today; those who were removed are missing. */
export function readPeople(sql: Sql, ids: readonly string[]): Promise<Person[]> {
  return sql.query<Person>(
    `select id, definition->>'name' as name, definition->>'team' as team from agent where id = any($1::text[])`,
    [ids],
  );
}

/** Work that asked for something, of one team. Times in ms. */
export interface AskedRow {
  readonly team: string | null;
  readonly kind: 'reason' | 'product' | 'language' | 'queue';
  readonly name: string;
  readonly items: number;
  readonly served: number;
  readonly waiting: number;
  /** Served by somebody without it; of queues: unknown. */
  readonly servedWithout: number;
  readonly meanWaitMs: number | null;
  readonly p90WaitMs: number | null;
  /** Waited while agents had room who did not meet the requirements; and how long, in sum. */
  readonly shortItems: number;
  readonly shortMs: number;
}

/** An item's team is the one it was meant for, else its queue's, else that of who served it. */
const ITEMS = `item as materialized (
  select coalesce(i.terms->>'team', q.definition->>'team', a.definition->>'team') as team, i.queue_id, i.status, i.agent_id,
         case when i.status in ('assigned', 'wrapping', 'completed') then
                extract(epoch from coalesce(r.accepted_at, r.created_at) - since.at)::float8 * 1000
              when i.status in ('pending', 'reserved') then extract(epoch from greatest(clock.now(), since.at) - since.at)::float8 * 1000 end as waited,
         i.status in ('assigned', 'wrapping', 'completed') as served, i.status in ('pending', 'reserved') as waiting,
         coalesce(r.unfit, 0) as unfit, c.case_facts as facts, a.definition as agent,
         jsonb_path_exists(q.definition, '$.targets[*].levels') as levels
    from work_item i join case_work c on c.id = i.case_id left join queue q on q.id = i.queue_id
         left join reservation r on r.id = i.reservation_id left join agent a on a.id = i.agent_id
         cross join lateral (select greatest(i.enqueued_at, (i.terms->>'offerFrom')::timestamptz) as at) since
   where i.enqueued_at >= $1::timestamptz and i.enqueued_at < $2::timestamptz)`;

const ASKED = `lateral (values
  ('reason', facts->>'reason', coalesce(agent->'skills' ? (facts->>'reason'), true)),
  ('product', facts->>'product', coalesce(agent->'products' ? (facts->>'product') or agent->'skills' ? (facts->>'product'), true)),
  ('language', lower(split_part(facts->>'language', '-', 1)),
   coalesce(agent->'languages' = '[]' or exists (select 1 from jsonb_array_elements_text(agent->'languages') as spoken
     where lower(split_part(spoken, '-', 1)) = lower(split_part(facts->>'language', '-', 1))), true)),
  ('queue', case when levels then queue_id end, true)) as asked(kind, name, has)`;

export interface AskedSpan {
  readonly from: string;
  readonly to: string;
  readonly team?: string | undefined;
  /** Only what waited longer was waiting for somebody, ms. */
  readonly longerThanMs: number;
  readonly most: number;
}

/** By team and by what was asked for, those that waited longest for want of it first. */
export function readAsked(sql: Sql, { from, to, team, longerThanMs, most }: AskedSpan): Promise<AskedRow[]> {
  return sql.query<AskedRow>(
    `with ${ITEMS}
     select team, kind, name, count(*)::int as items, count(*) filter (where served)::int as served,
            count(*) filter (where waiting)::int as waiting,
            count(*) filter (where served and not has)::int as "servedWithout",
            avg(waited)::float8 as "meanWaitMs",
            percentile_cont(0.9) within group (order by waited)::float8 as "p90WaitMs",
            count(*) filter (where unfit > 0 and waited > $3)::int as "shortItems",
            coalesce(sum(waited) filter (where unfit > 0 and waited > $3), 0)::float8 as "shortMs"
       from item, ${ASKED}
      where name is not null and ($4::text is null or team = $4)
      group by team, kind, name
      order by "shortMs" desc, "servedWithout" desc, items desc, team, kind, name limit $5`,
    [from, to, longerThanMs, team ?? null, most],
  );
}

export interface FinishedRow {
  readonly kind: AskedRow['kind'];
  readonly name: string;
  readonly agentId: string;
  readonly finished: number;
}

/** As many as are read at the most, and whether there are more. */
interface Bounded<T> {
  readonly rows: readonly T[];
  readonly isCut: boolean;
}

/** Of one row more than the most. */
const boundedTo = <T>(most: number, rows: readonly T[]): Bounded<T> => ({
  rows: rows.slice(0, most),
  isCut: rows.length > most,
});

const MOST_FINISHED = 20_000;

/** Who finished how much of each; those who finished most. */
export async function readFinished(
  sql: Sql,
  { from, to }: Pick<AskedSpan, 'from' | 'to'>,
  asked: readonly Pick<AskedRow, 'kind' | 'name'>[],
): Promise<Bounded<FinishedRow>> {
  const rows = await sql.query<FinishedRow>(
    `with ${ITEMS}
     select kind, name, agent_id as "agentId", count(*)::int as finished
       from item, ${ASKED}
      where status = 'completed' and agent_id is not null
        and (kind, name) in (select * from unnest($3::text[], $4::text[]))
      group by 1, 2, 3 order by 4 desc, 1, 2, 3 limit ${String(MOST_FINISHED + 1)}`,
    [from, to, asked.map(({ kind }) => kind), asked.map(({ name }) => name)],
  );
  return boundedTo(MOST_FINISHED, rows);
}

const MOST_MATES = 10_000;

/** Everybody of the teams, as they are today; the first by id. */
export async function readMates(sql: Sql, teams: readonly string[]): Promise<Bounded<AgentFacts>> {
  const rows = await sql.query<{ readonly id: string; readonly definition: AgentDefinition }>(
    `select id, definition from agent where definition->>'team' = any($1::text[]) order by id limit ${String(MOST_MATES + 1)}`,
    [teams],
  );
  const { rows: mates, isCut } = boundedTo(MOST_MATES, rows);
  return { rows: mates.map(({ id, definition }) => agentFacts(id, definition)), isCut };
}

/** Levels that queues ask for first. */
export async function readLevels(sql: Sql, queueIds: readonly string[]): Promise<Map<string, Record<string, number>>> {
  const rows = await sql.query<{ readonly id: string; readonly definition: QueueDefinition }>(
    'select id, definition from queue where id = any($1::text[])',
    [queueIds],
  );
  return new Map(
    rows.map(({ id, definition }) => {
      const first = definition.targets?.find(({ levels }) => levels !== undefined);
      return [id, { ...first?.levels }];
    }),
  );
}
