import type { Client } from 'pg';

/**
 * One clock for the whole installation: the database's own time plus a shift, which only the database's owner can
 * set (a test that plays the next day does). Services may ask the time, and whether it is shifted.
 */
export async function provisionClock(admin: Client, roles: readonly string[]): Promise<void> {
  await admin.query(`
    create schema if not exists clock;
    create table if not exists clock.shift (
      only_row boolean primary key default true check (only_row),
      moved interval not null default '0'
    );
    insert into clock.shift default values on conflict do nothing;
    create or replace function clock.now() returns timestamptz
      language sql volatile as 'select clock_timestamp() + moved from clock.shift';
    revoke all on schema clock from public;
    revoke all on clock.shift from public;
    revoke all on function clock.now() from public;
  `);
  for (const name of roles) {
    const role = admin.escapeIdentifier(name);
    await admin.query(`grant usage on schema clock to ${role}`);
    await admin.query(`grant select on clock.shift to ${role}`);
    await admin.query(`grant execute on function clock.now() to ${role}`);
  }
}
