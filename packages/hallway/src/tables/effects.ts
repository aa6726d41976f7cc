/**
 * Calls to the outside: written with the decision, performed after the commit under a lease, retried until done. `due`
 * and holds are in the database's (movable) time, leases in real time.
 */
import type { TracedEffect } from '../definition.ts';
import type { Trace } from '../domain.ts';
import type { Sql } from '../ports.ts';

export interface LeasedEffect {
  readonly kind: string;
  readonly id: string;
  readonly queue: string;
  readonly data: unknown;
  readonly trace: Trace;
  readonly attempt: number;
  readonly failures: number;
  readonly failingSince: Date | null;
}

/** Adds calls in the caller's transaction; those that are there already stay. */
export async function addEffects(sql: Sql, effects: readonly TracedEffect[]): Promise<void> {
  if (effects.length === 0) return;
  await sql.query(
    `insert into effect (kind, id, queue, data, trace, due)
     select k, i, q, d::jsonb, t::jsonb, (select clock.now())
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as r(k, i, q, d, t)
     on conflict (kind, id) do nothing`,
    [
      effects.map((effect) => effect.request.kind),
      effects.map((effect) => effect.request.id),
      effects.map((effect) => effect.request.queue ?? effect.request.kind),
      effects.map((effect) => JSON.stringify(effect.request.data ?? null)),
      effects.map((effect) => JSON.stringify(effect.trace)),
    ],
  );
}

export interface Places {
  readonly limit: number;
  /** Of one queue at a time. */
  readonly perQueue: number;
  /** Queue -> calls that run in this process. */
  readonly busy: ReadonlyMap<string, number>;
  readonly leaseMs: number;
}

/**
 * Takes due effects for a while: when nobody reports back by then, they are due again. Every queue is asked for what it
 * has places for (a queue that was held has one), so a long one hides none. Queues are found by stepping through the
 * index from one to the next.
 */
export function leaseEffects(sql: Sql, { limit, perQueue, busy, leaseMs }: Places): Promise<LeasedEffect[]> {
  return sql.query<LeasedEffect & Record<string, unknown>>(
    `with recursive queues as (
       (select queue from effect order by queue limit 1)
       union all
       select (select e.queue from effect e where e.queue > q.queue order by e.queue limit 1)
         from queues q where q.queue is not null
     ), open as (
       select q.queue, h.failures, h.failing_since,
              case when h.held_until is null then $2::int else 1 end - coalesce(b.running, 0) as places
         from queues q left join effect_hold h on h.queue = q.queue
              left join unnest($3::text[], $4::int[]) as b(queue, running) on b.queue = q.queue
        where q.queue is not null and (h.held_until is null or h.held_until <= (select clock.now()))
     ), taken as (
       select t.kind, t.id, o.failures, o.failing_since from open o cross join lateral (
         select e.kind, e.id from effect e
          where e.queue = o.queue and e.due <= (select clock.now()) and e.leased_until <= clock_timestamp()
          order by e.due limit greatest(o.places, 0) for update skip locked) t
        limit $1
     )
     update effect e set attempt = e.attempt + 1, leased_until = clock_timestamp() + $5 * interval '1 millisecond'
       from taken where e.kind = taken.kind and e.id = taken.id
     returning e.kind, e.id, e.queue, e.data, e.trace, e.attempt, coalesce(taken.failures, 0) as failures,
               taken.failing_since as "failingSince"`,
    [limit, perQueue, [...busy.keys()], [...busy.values()], leaseMs],
  );
}

/** It is over; where it worked, nothing speaks against its queue any more. */
export async function finishEffect(sql: Sql, effect: LeasedEffect, worked: boolean): Promise<void> {
  await sql.query(
    `with gone as (delete from effect where kind = $1 and id = $2)
     delete from effect_hold where queue = $3 and $4`,
    [effect.kind, effect.id, effect.queue, worked],
  );
}

export async function postponeEffect(
  sql: Sql,
  effect: LeasedEffect,
  { again, data }: { readonly again: number; readonly data?: unknown },
): Promise<void> {
  await sql.query(
    `update effect set due = (select clock.now()) + $3 * interval '1 millisecond', leased_until = '-infinity',
            data = coalesce($4::jsonb, data) where kind = $1 and id = $2`,
    [effect.kind, effect.id, again, data === undefined ? null : JSON.stringify(data)],
  );
}

/** As if it had never been taken. */
export async function returnEffect(sql: Sql, effect: LeasedEffect): Promise<void> {
  await sql.query(
    `update effect set attempt = attempt - 1, leased_until = '-infinity'
      where kind = $1 and id = $2 and attempt = $3`,
    [effect.kind, effect.id, effect.attempt],
  );
}

/** One more failure in a row; a longer hold stays. */
export async function countFailure(sql: Sql, queue: string, holdMs: number | undefined): Promise<void> {
  await sql.query(
    `insert into effect_hold (queue, failures, failing_since, held_until)
     values ($1, 1, (select clock.now()), (select clock.now()) + $2 * interval '1 millisecond')
     on conflict (queue) do update set failures = effect_hold.failures + 1,
            held_until = greatest(effect_hold.held_until, excluded.held_until)`,
    [queue, holdMs ?? null],
  );
}
