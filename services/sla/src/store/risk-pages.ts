/** What is looked up for the watch over promises: never stored. */
import type { Store, Versioned } from '@switchboard/hallway';
import { MOST, PACE_DAYS } from '../domain/risk/queues.ts';
import type { RiskPage, StaffNow } from '../domain/risk/state.ts';

/** Clocks of a page. */
export const RISK_PAGE = 250;

/**
 * The clocks that are due, the longest overdue first. Of each team on the page its oldest watched clocks are read once, in
 * order: how many they are, and how many of them began before a clock, is then told without asking again.
 */
const pages = `
  with due as materialized (
    select c.id, c.case_id, c.target, c.started_at, nullif(k.team, '') as team
      from clock c join case_clocks k on k.id = c.case_id
     where c.risk_next is not null and c.risk_next <= (select clock.now())
     order by c.risk_next limit ${String(RISK_PAGE)}
  ), teams as materialized (
    select t.team, t.target,
           array(select o.started_at from clock o
                  where o.risk ->> 'team' = t.team and o.target = t.target and o.risk_next is not null
                  order by o.started_at limit ${String(MOST.backlog)}) as starts,
           (select count(*)::int from (
             select 1 from clock o where o.risk ->> 'team' = t.team and o.target = t.target and o.risk is not null
                and o.met_at is not null and o.met_at > (select clock.now()) - interval '${String(PACE_DAYS)} days'
              limit ${String(MOST.finished)}) as few) as finished
      from (select distinct team, target from due where team is not null) as t
  )
  select page.id, 1 as version, coalesce((
    select json_agg(json_build_object('clockId', d.id, 'caseId', d.case_id, 'team', d.team,
             'backlog', cardinality(t.starts), 'finished', t.finished,
             -- The last microsecond before it began: those that began with it are not ahead of it.
             'ahead', case when t.team is not null then
               least(${String(MOST.ahead)}, width_bucket(d.started_at - interval '1 microsecond', t.starts)) end))
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
