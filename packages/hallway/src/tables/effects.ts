/** Calls to the outside: written with the decision, performed after the commit under a lease, retried until done. */
import type { EffectRequest, Trace } from '../domain.ts';
import type { Sql } from '../ports.ts';

export interface LeasedEffect {
  readonly kind: string;
  readonly id: string;
  readonly data: unknown;
  readonly trace: Trace;
  readonly attempt: number;
}

export async function insertEffects(
  sql: Sql,
  effects: readonly { readonly request: EffectRequest; readonly trace: Trace }[],
): Promise<void> {
  if (effects.length === 0) return;
  await sql.query(
    `insert into effect (kind, id, data, trace)
     select k, i, d::jsonb, t::jsonb from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as r(k, i, d, t)
     on conflict (kind, id) do nothing`,
    [
      effects.map((effect) => effect.request.kind),
      effects.map((effect) => effect.request.id),
      effects.map((effect) => JSON.stringify(effect.request.data ?? null)),
      effects.map((effect) => JSON.stringify(effect.trace)),
    ],
  );
}

/** Takes due effects for a while: when nobody reports back by then, they are due again. */
export function leaseEffects(sql: Sql, limit: number, leaseMs: number): Promise<LeasedEffect[]> {
  return sql.query<LeasedEffect & Record<string, unknown>>(
    `update effect e set attempt = e.attempt + 1, due = clock_timestamp() + $2 * interval '1 millisecond'
       from (select kind, id from effect where due <= clock_timestamp()
              order by due limit $1 for update skip locked) as taken
      where e.kind = taken.kind and e.id = taken.id
      returning e.kind, e.id, e.data, e.trace, e.attempt`,
    [limit, leaseMs],
  );
}

export async function finishEffect(sql: Sql, effect: LeasedEffect): Promise<void> {
  await sql.query('delete from effect where kind = $1 and id = $2', [effect.kind, effect.id]);
}

export async function postponeEffect(sql: Sql, effect: LeasedEffect, delayMs: number): Promise<void> {
  await sql.query(
    `update effect set due = clock_timestamp() + $3 * interval '1 millisecond' where kind = $1 and id = $2`,
    [effect.kind, effect.id, delayMs],
  );
}
