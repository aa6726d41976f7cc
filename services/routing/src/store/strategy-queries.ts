/** What came of a queue's offers, by the arm that made them. */
import type { Sql } from '@switchboard/hallway';

/** Offers looked at, the newest. */
export const MOST_OFFERS = 100_000;

export interface ArmRow {
  readonly arm: 'strategy' | 'holdout';
  readonly items: number;
  readonly offers: number;
  /** Offers that were accepted, rejected or missed. */
  readonly answered: number;
  readonly accepted: number;
  /** Items with a promise that was kept or broken by who accepted them, and when. */
  readonly promised: number;
  readonly kept: number;
  readonly waits: number;
  readonly waitMean: number | null;
  readonly waitVariance: number | null;
  readonly handled: number;
  readonly handlingMean: number | null;
  readonly handlingVariance: number | null;
  readonly handOffMean: number | null;
  readonly handOffVariance: number | null;
}

export interface Asked {
  readonly queueId: string;
  readonly from: string;
  readonly to: string;
}

/** By arm; an arm without offers is missing. */
export function readArms(sql: Sql, { queueId, from, to }: Asked): Promise<ArmRow[]> {
  return sql.query<ArmRow & Record<string, unknown>>(
    `with offers as materialized (
       select id, work_item_id, arm, decided_at, waited_ms from known_decision
        where queue_id = $1 and decided_at >= $2 and decided_at < $3
        order by decided_at desc limit $4),
     taken as (
       select o.arm, o.work_item_id, o.waited_ms, o.decided_at, r.status, r.case_id, r.ended_at,
              case when r.status in ('accepted', 'wrapping', 'completed') or r.accepted_at is not null
                   then coalesce(r.accepted_at, o.decided_at) end as accepted_at
         from offers o join reservation r on r.id = o.id),
     items as (
       select arm, work_item_id, min(case_id) as case_id, count(*) as offers,
              count(accepted_at) as accepted,
              count(*) filter (where accepted_at is not null or status in ('rejected', 'timeout')) as answered,
              min(accepted_at) as accepted_at,
              min(waited_ms + extract(epoch from accepted_at - decided_at) * 1000) as wait_ms,
              sum(extract(epoch from ended_at - accepted_at) * 1000) filter (where status = 'completed') as handling_ms
         from taken group by arm, work_item_id),
     judged as (
       select i.*, h.hand_offs,
              case when p.due is null or p.began > coalesce(i.accepted_at, p.due) then null
                   when i.accepted_at is not null then i.accepted_at <= p.due
                   when p.due < clock.now() then false end as kept
         from items i
              left join case_work c on c.id = i.case_id
              cross join lateral (select (c.promise->>'dueAt')::timestamptz as due,
                                         (c.promise->>'startedAt')::timestamptz as began) p
              left join lateral (
                select count(*) - 1 as hand_offs from known_decision d join reservation r on r.id = d.id
                 where d.work_item_id = i.work_item_id
                   and (r.accepted_at is not null or r.status in ('accepted', 'wrapping', 'completed'))
                having i.accepted > 0) h on true)
     select arm, count(*)::int as items, sum(offers)::int as offers, sum(answered)::int as answered,
            sum(accepted)::int as accepted, count(kept)::int as promised, (count(*) filter (where kept))::int as kept,
            count(wait_ms)::int as waits, avg(wait_ms)::float8 as "waitMean", var_samp(wait_ms)::float8 as "waitVariance",
            count(handling_ms)::int as handled, avg(handling_ms)::float8 as "handlingMean",
            var_samp(handling_ms)::float8 as "handlingVariance",
            avg(hand_offs)::float8 as "handOffMean", var_samp(hand_offs)::float8 as "handOffVariance"
       from judged group by arm order by arm`,
    [queueId, from, to, MOST_OFFERS],
  );
}

/** Whether there is such a queue, and what time it is, by the database's clock. */
export async function readQueueNow(sql: Sql, queueId: string): Promise<{ isThere: boolean; now: Date }> {
  const [row] = await sql.query<{ isThere: boolean; now: number }>(
    `select exists (select from queue where id = $1) as "isThere",
            (extract(epoch from clock.now()) * 1000)::float8 as now`,
    [queueId],
  );
  return { isThere: row?.isThere === true, now: new Date(Math.floor(row?.now ?? 0)) };
}
