import { clockSql } from '@switchboard/service/clock';
import type { Client } from 'pg';

/**
 * One clock for the whole installation: the database's own time plus a shift, which only the database's owner can
 * set (a test that plays the next day does). Services may ask the time, and whether it is shifted.
 */
export async function provisionClock(admin: Client, roles: readonly string[]): Promise<void> {
  await admin.query(clockSql);
  await admin.query(`
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
