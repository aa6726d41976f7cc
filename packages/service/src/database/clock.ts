/**
 * The clock: `clock.now()` is the database's time plus an offset row that only its owner may write. Production
 * refuses to run while the offset is not zero; tests move it to make the next day come.
 */
import type { Sql } from '@switchboard/hallway';

/** Makes the clock, once a database; whoever runs it owns it. */
export const clockSql = `
create schema if not exists clock;
create table if not exists clock.shift (
  only_row boolean primary key default true check (only_row),
  moved interval not null default interval '0'
);
insert into clock.shift default values on conflict do nothing;
create or replace function clock.now() returns timestamptz language sql volatile
  as $$ select clock_timestamp() + moved from clock.shift $$;
`;

/** Where nobody provisioned it, every role of the database may ask the time. */
const openToAll = `
grant usage on schema clock to public;
grant select on clock.shift to public;
grant execute on function clock.now() to public;
`;

/** Why there is no clock, in one sentence. */
export class ClockMissingError extends Error {
  override readonly name = 'ClockMissingError';
}

/**
 * Makes the clock where it is missing.
 * @throws ClockMissingError when it is missing and this role may not make it
 */
export async function ensureClock(sql: Sql & { run(text: string): Promise<void> }): Promise<void> {
  const [found] = await sql.query<{ there: boolean }>(`select to_regprocedure('clock.now()') is not null as there`);
  if (found?.there === true) return;
  const [right] = await sql.query<{ may: boolean; role: string }>(
    `select has_database_privilege(current_database(), 'create') as may, current_user as role`,
  );
  if (right?.may !== true) {
    throw new ClockMissingError(
      `the function clock.now() is missing and the role ${right?.role ?? '?'} may not create it: ` +
        'let a role that may create schemas in this database start once, or run the provisioning script',
    );
  }
  await sql.run(clockSql + openToAll);
}

/** How far the clock is moved, in ms; 0 in every honest installation. */
export async function clockShift(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ ms: number }>(
    'select (extract(epoch from moved) * 1000)::float8 as ms from clock.shift',
  );
  return row?.ms ?? 0;
}
