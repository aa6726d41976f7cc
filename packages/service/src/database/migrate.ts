/**
 * Migrations, written by drizzle-kit and read by drizzle-orm. They are applied here, not by drizzle's own migrator:
 * that one starts with `create schema if not exists`, which a role confined to its schema may not even say, and
 * looks only at the newest timestamp.
 */
import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { ensureClock } from './clock.ts';
import type { ServiceDatabase } from './pool.ts';

export interface MigrationFolder {
  /** Kept in the record: two folders may hold equal files. */
  readonly name: string;
  readonly url: URL;
}

type Script = Parameters<Parameters<ServiceDatabase['script']>[0]>[0];

/**
 * Brings the schema up to date: all folders in one transaction, one process at a time, so any number of replicas may
 * start together. Returns how many files were applied.
 * @throws when the schema, the clock or a right is missing
 */
export async function migrate(
  database: ServiceDatabase,
  schema: string,
  folders: readonly MigrationFolder[],
): Promise<number> {
  return database.script(async (sql) => {
    await sql.run('set local statement_timeout = 0');
    // One lock for the whole database: the clock is shared by all services.
    await sql.run(`select pg_advisory_xact_lock(hashtext('switchboard.migrate'))`);
    await ensureClock(sql);
    await ensureSchema(sql, schema);
    await sql.run(
      `create table if not exists "${schema}".migration (
         folder text not null, hash text not null, applied_at timestamptz not null default clock_timestamp(),
         primary key (folder, hash))`,
    );
    let applied = 0;
    for (const folder of folders) applied += await applyFolder(sql, folder);
    return applied;
  });
}

async function ensureSchema(sql: Script, schema: string): Promise<void> {
  const [found] = await sql.query<{ there: boolean }>('select to_regnamespace($1) is not null as there', [
    `"${schema}"`,
  ]);
  if (found?.there !== true) await sql.run(`create schema "${schema}"`);
}

async function applyFolder(sql: Script, folder: MigrationFolder): Promise<number> {
  const rows = await sql.query<{ hash: string }>('select hash from migration where folder = $1', [folder.name]);
  const known = new Set(rows.map((row) => row.hash));
  const pending = readMigrationFiles({ migrationsFolder: fileURLToPath(folder.url) }).filter(
    (file) => !known.has(file.hash),
  );
  for (const file of pending) {
    for (const statement of file.sql) await sql.run(statement);
    await sql.query('insert into migration (folder, hash) values ($1, $2)', [folder.name, file.hash]);
  }
  return pending.length;
}
