/** What is looked up for the watch over promises: never stored. */
import type { Store, Versioned } from '@switchboard/hallway';
import { MOST, PACE_DAYS } from '../domain/risk/queues.ts';
import type { RiskPage, StaffNow } from '../domain/risk/state.ts';

/** Clocks of a page. */
export const RISK_PAGE = 250;

/** Up to so many of a team's watched clocks, by index. */
const counted = (where: string, most: number): string =>
  `(select count(*)::int from (select 1 from clock o where o.risk ->> 'team' = t.team and o.target = t.target and ${where} limit ${String(most)}) as few)`;

const pages = `
  with due as materialized (
    select c.id, c.case_id, c.target, c.started_at, nullif(k.team, '') as team
      from clock c join case_clocks k on k.id = c.case_id
     where c.risk_next is not null and c.risk_next <= (select clock.now())
     order by c.risk_next limit ${String(RISK_PAGE)}
  ), teams as materialized (
    select t.team, t.target,
           ${counted('o.risk_next is not null', MOST.backlog)} as backlog,
           ${counted(`o.risk is not null and o.met_at is not null and o.met_at > (select clock.now()) - interval '${String(PACE_DAYS)} days'`, MOST.finished)} as finished
      from (select distinct team, target from due where team is not null) as t
  )
  select page.id, 1 as version, coalesce((
    select json_agg(json_build_object('clockId', d.id, 'caseId', d.case_id, 'team', d.team,
             'backlog', t.backlog, 'finished', t.finished,
             'ahead', case when t.team is null then null
                           else ${counted('o.risk_next is not null and o.started_at < d.started_at', MOST.ahead)} end))
      from due d left join teams t on t.team = d.team and t.target = d.target), '[]'::json) as items
    from unnest($1::text[]) as page(id)`;

const staff = `
  select page.id, 1 as version, coalesce((
    select json_agg(json_build_object('team', team, 'available', available))
      from (select team, count(*) filter (where available)::int as available from agent_seat group by team) as s
    ), '[]'::json) as teams
    from unnest($1::text[]) as page(id)`;

export const riskPages = lookedUp<RiskPage>(pages);
export const staffNow = lookedUp<StaffNow>(staff);

function lookedUp<S extends Versioned>(text: string): Store<S> {
  return {
    load: (sql, ids) => sql.query<S>(text, [ids]),
    save: () => Promise.reject(new Error('this is not stored')),
    remove: () => Promise.reject(new Error('this is not stored')),
  };
}
