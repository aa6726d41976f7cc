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

type Named = Pick<LeasedEffect, 'kind' | 'id'>;

const kinds = (effects: readonly Named[]): string[] => effects.map(({ kind }) => kind);
const ids = (effects: readonly Named[]): string[] => effects.map(({ id }) => id);

/** What is still being performed goes on being leased; what somebody else has taken meanwhile does not. */
export async function renewEffects(sql: Sql, effects: readonly LeasedEffect[], leaseMs: number): Promise<void> {
  await sql.query(
    `update effect e set leased_until = clock_timestamp() + $4 * interval '1 millisecond'
       from unnest($1::text[], $2::text[], $3::int[]) as r(kind, id, attempt)
      where e.kind = r.kind and e.id = r.id and e.attempt = r.attempt and e.leased_until > '-infinity'`,
    [kinds(effects), ids(effects), effects.map(({ attempt }) => attempt), leaseMs],
  );
}

/** They are over. Answers those that were not over before. */
export async function finishEffects<E extends Named>(sql: Sql, effects: readonly E[]): Promise<Set<E>> {
  if (effects.length === 0) return new Set();
  const rows = await sql.query<{ place: number }>(
    `delete from effect e using unnest($1::text[], $2::text[]) with ordinality as r(kind, id, place)
      where e.kind = r.kind and e.id = r.id returning r.place::int`,
    [kinds(effects), ids(effects)],
  );
  return new Set(rows.flatMap(({ place }) => effects[place - 1] ?? []));
}

export interface Postponed {
  readonly effect: Named;
  /** ms from now. */
  readonly again: number;
  /** Instead of what it had. */
  readonly data?: unknown;
}

export async function postponeEffects(sql: Sql, postponed: readonly Postponed[]): Promise<void> {
  if (postponed.length === 0) return;
  const effects = postponed.map(({ effect }) => effect);
  await sql.query(
    `update effect e set due = (select clock.now()) + r.again * interval '1 millisecond', leased_until = '-infinity',
            data = coalesce(r.data::jsonb, e.data)
       from unnest($1::text[], $2::text[], $3::float8[], $4::text[]) as r(kind, id, again, data)
      where e.kind = r.kind and e.id = r.id`,
    [
      kinds(effects),
      ids(effects),
      postponed.map(({ again }) => again),
      postponed.map(({ data }) => (data === undefined ? null : JSON.stringify(data))),
    ],
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

export interface HoldChange {
  /** A call worked: nothing of before speaks against the queue any more. */
  readonly cleared: boolean;
  /** In a row, since. */
  readonly failures: number;
  /** All of the queue waits for so long; a longer hold stays. */
  readonly holdMs: number | undefined;
}

/** @param holds queue -> what changes; in order, so that two who write the same wait for each other one way */
export async function changeHolds(sql: Sql, holds: ReadonlyMap<string, HoldChange>): Promise<void> {
  const cleared = [...holds].filter(([, hold]) => hold.cleared).map(([queue]) => queue);
  if (cleared.length > 0) await sql.query('delete from effect_hold where queue = any($1::text[])', [cleared]);
  const failed = [...holds].filter(([, { failures }]) => failures > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  if (failed.length === 0) return;
  await sql.query(
    `insert into effect_hold (queue, failures, failing_since, held_until)
     select r.queue, r.failures, clock.now, clock.now + r.hold * interval '1 millisecond'
       from unnest($1::text[], $2::int[], $3::float8[]) as r(queue, failures, hold), (select clock.now()) as clock(now)
     on conflict (queue) do update set failures = effect_hold.failures + excluded.failures,
            held_until = greatest(effect_hold.held_until, excluded.held_until)`,
    [
      failed.map(([queue]) => queue),
      failed.map(([, { failures }]) => failures),
      failed.map(([, { holdMs }]) => holdMs ?? null),
    ],
  );
}
