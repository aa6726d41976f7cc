/** Leases: who may do what only one replica may do. Real time, never the movable clock. */
import type { Sql } from '../ports.ts';
import type { LeaseKey } from './outbox.ts';

/** Takes or renews a lease; false while somebody else holds it. */
export async function takeLease(sql: Sql, lease: LeaseKey, ttlMs: number): Promise<boolean> {
  const rows = await sql.query(
    `insert into lease (name, holder, until) values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
     on conflict (name) do update set holder = excluded.holder, until = excluded.until
      where lease.holder = excluded.holder or lease.until < clock_timestamp()
     returning 1`,
    [lease.name, lease.holder, ttlMs],
  );
  return rows.length > 0;
}

export async function releaseLease(sql: Sql, lease: LeaseKey): Promise<void> {
  await sql.query('delete from lease where name = $1 and holder = $2', [lease.name, lease.holder]);
}
