/** The rows of leases. Real time, never the movable clock. */
import type { Sql } from '../ports.ts';

export interface LeaseKey {
  readonly name: string;
  readonly holder: string;
}

/** Takes or renews leases; answers the names of those that nobody else holds. */
export async function takeLeases(sql: Sql, holder: string, names: readonly string[], ttlMs: number): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `insert into lease (name, holder, until)
     select name, $2, clock_timestamp() + $3 * interval '1 millisecond' from unnest($1::text[]) as l(name) order by name
     on conflict (name) do update set holder = excluded.holder, until = excluded.until
      where lease.holder = excluded.holder or lease.until < clock_timestamp()
     returning name`,
    [names, holder, ttlMs],
  );
  return rows.map(({ name }) => name);
}

export async function releaseLease(sql: Sql, lease: LeaseKey): Promise<void> {
  await sql.query('delete from lease where name = $1 and holder = $2', [lease.name, lease.holder]);
}
