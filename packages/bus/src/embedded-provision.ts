import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What is needed of a database client; pg's fits. */
export interface AdminClient {
  query(sql: string): Promise<unknown>;
}

const migrations = path.resolve(import.meta.dirname, '../migrations');

/**
 * Installs or updates schema `bus` with everything the embedded bus needs, and lets the roles call its functions; they
 * get no right on its tables. May be run again at any time, inside a transaction or not, also by several at once.
 * @param admin owner of the database: the functions run with its rights
 * @param roles names as they stand in `pg_roles`
 */
export async function provisionEmbeddedBus(admin: AdminClient, roles: readonly string[]): Promise<void> {
  const files = readdirSync(migrations).filter((file) => file.endsWith('.sql'));
  const steps = files.sort().map((file) => readFileSync(path.join(migrations, file), 'utf8'));
  // One string is one implicit transaction, which the lock then covers.
  const lock = `select pg_advisory_xact_lock(hashtext('switchboard_bus_provision'));`;
  await admin.query([lock, ...steps, ...roles.flatMap(grants)].join('\n'));
}

function grants(role: string): string[] {
  const name = `"${role.replaceAll('"', '""')}"`;
  return [`grant usage on schema bus to ${name};`, `grant execute on all functions in schema bus to ${name};`];
}
