/** What is looked up for the watch over promises: never stored. */
import type { Sql, Store, Versioned } from '@switchboard/hallway';
import { MOST, PACE_DAYS } from '../domain/risk/queues.ts';
import type { RiskItem, RiskPage, StaffNow } from '../domain/risk/state.ts';

/** Clocks of a page. */
export const RISK_PAGE = 250;

/** How old a team's queue may be, ms: it is hundreds of promises, of which few come and go meanwhile. */
const FRESH = 10_000;
/** Queues that are remembered, at most. */
const QUEUES = 2000;

/** The clocks that are due, the longest overdue first. */
const due = `
  select c.id as "clockId", c.case_id as "caseId", c.target, nullif(k.team, '') as team,
         (extract(epoch from c.started_at) * 1000)::float8 as began, (extract(epoch from clock.now()) * 1000)::float8 as now
    from clock c join case_clocks k on k.id = c.case_id
   where c.risk_next is not null and c.risk_next <= (select clock.now())
   order by c.risk_next limit ${String(RISK_PAGE)}`;

/** When the oldest watched clocks of teams began, in order; and how many the teams finished lately. */
const queues = `
  select t.team, t.target,
         array(select (extract(epoch from o.started_at) * 1000)::float8 from clock o
                where o.risk ->> 'team' = t.team and o.target = t.target and o.risk_next is not null
                order by o.started_at limit ${String(MOST.backlog)}) as began,
         (select count(*)::int from (
           select 1 from clock o where o.risk ->> 'team' = t.team and o.target = t.target and o.risk is not null
              and o.met_at is not null and o.met_at > (select clock.now()) - interval '${String(PACE_DAYS)} days'
            limit ${String(MOST.finished)}) as few) as finished
    from unnest($1::text[], $2::text[]) as t(team, target)`;

const staff = `
  select page.id, 1 as version, coalesce((
    select json_agg(json_build_object('team', team, 'available', available))
      from (select team, count(*) filter (where available)::int as available from agent_seat group by team) as s
    ), '[]'::json) as teams
    from unnest($1::text[]) as page(id)`;

interface Due extends Pick<RiskItem, 'clockId' | 'caseId' | 'team'> {
  readonly target: string;
  /** ms since 1970, also below. */
  readonly began: number;
  readonly now: number;
}

/** What a team has of a target. */
interface Queue {
  readonly team: string;
  readonly target: string;
  /** Ascending. */
  readonly began: readonly number[];
  readonly finished: number;
}

/**
 * The pages of one service. Of each team on a page its oldest watched clocks are read once in a while: how many they are,
 * and how many of them began before a clock, is then told without asking for each.
 */
export function riskPages(): Store<RiskPage> {
  const known = new Map<string, { readonly queue: Queue; readonly at: number }>();
  const keyOf = ({ team, target }: Pick<Due, 'team' | 'target'>): string => JSON.stringify([team, target]);
  async function lookUp(sql: Sql, rows: readonly Due[]): Promise<void> {
    const now = rows[0]?.now ?? 0;
    const wanted = new Map(rows.flatMap((row) => (row.team === null ? [] : [[keyOf(row), row]])));
    for (const key of wanted.keys()) {
      if (Math.abs(now - (known.get(key)?.at ?? -Infinity)) < FRESH) wanted.delete(key);
    }
    if (wanted.size === 0) return;
    if (known.size + wanted.size > QUEUES) known.clear();
    const all = [...wanted.values()];
    const found = await sql.query<Queue & Record<string, unknown>>(queues, [
      all.map(({ team }) => team),
      all.map(({ target }) => target),
    ]);
    for (const queue of found) known.set(keyOf(queue), { queue, at: now });
  }
  return lookedUp(async (sql, ids) => {
    const rows = await sql.query<Due & Record<string, unknown>>(due, []);
    await lookUp(sql, rows);
    const items = rows.map((row) => itemOf(row, known.get(keyOf(row))?.queue));
    return ids.map((id) => ({ id, version: 1, items }));
  });
}

function itemOf({ clockId, caseId, team, began }: Due, queue: Queue | undefined): RiskItem {
  if (team === null || queue === undefined)
    return { clockId, caseId, team, ahead: null, backlog: null, finished: null };
  const ahead = Math.min(MOST.ahead, countBelow(queue.began, began));
  return { clockId, caseId, team, ahead, backlog: queue.began.length, finished: queue.finished };
}

/** How many of the ascending numbers are less. */
function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? Infinity) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const staffNow = lookedUp<StaffNow>((sql, ids) => sql.query<StaffNow>(staff, [ids]));

function lookedUp<S extends Versioned>(load: (sql: Sql, ids: readonly string[]) => Promise<readonly S[]>): Store<S> {
  return {
    load,
    save: () => Promise.reject(new Error('this is not stored')),
    remove: () => Promise.reject(new Error('this is not stored')),
  };
}
