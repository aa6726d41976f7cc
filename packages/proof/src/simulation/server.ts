/** The real PostgreSQL behind a simulation: one database for all seeds, its clock ours, emptied before each. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase, type ServiceDatabase } from '@switchboard/service';
import { clockSql } from '@switchboard/service/clock';
import { temporaryFolder } from '@switchboard/testing';
import { Client } from 'pg';
import { tablesSql } from './tables.ts';

export interface Server {
  readonly database: ServiceDatabase;
  /** ms since the epoch; what `clock_timestamp()` says from now on. */
  setTime(ms: number): void;
  /** How many connections wait for a lock. */
  blocked(): Promise<number>;
  /** Looks without a simulated process: one row. */
  look<R extends object>(text: string): Promise<R[]>;
  /** Empties every table. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

const SCHEMA = 'sla';

/**
 * Time is a file, which costs no round trip; so the server has to run on this machine. The function stands before
 * PostgreSQL's own in the search path: the hallway's SQL asks it unchanged.
 */
const timeSql = (file: string): string => `
create schema ${SCHEMA};
create function ${SCHEMA}.clock_timestamp() returns timestamptz language sql volatile
  as $$ select pg_catalog.to_timestamp(pg_catalog.pg_read_file('${file}')::float8 / 1000) $$;
`;

/** Asked some dozen times a seed. The view behind it, and the table of locks, cost several times as much. */
const blockedSql = {
  name: 'blocked',
  text: `select count(*)::int as waiting from pg_stat_get_activity(null) a
          where a.wait_event_type = 'Lock' and a.datid = (select oid from pg_database where datname = current_database())`,
};

/** @param url a fresh database, its owner a superuser */
export async function openServer(url: string): Promise<Server> {
  const watch = new Client({ connectionString: url, options: `-c search_path=${SCHEMA},pg_catalog` });
  await watch.connect();
  const name = new URL(url).pathname.slice(1);
  // Nothing here ends the server, so waiting for the disk would show nothing.
  await watch.query(`alter database "${name}" set synchronous_commit = off`);
  await watch.query(`alter database "${name}" set deadlock_timeout = '10ms'`);
  const database = openDatabase({
    url,
    schema: `${SCHEMA},pg_catalog`,
    application: 'simulation',
    connections: 40,
    onIdleError: () => undefined,
    // Time jumps here, and nobody is gone.
    silence: 0,
  });
  const folder = temporaryFolder('switchboard-simulation-');
  const clock = openSync(path.join(folder, 'clock'), 'w');
  let time = 0;
  const setTime = (ms: number): void => {
    if (ms !== time) writeSync(clock, String(ms), 0);
    time = ms;
  };
  setTime(Date.now());
  await watch.query(timeSql(path.join(folder, 'clock')));
  for (const script of [clockSql, ...hallwaySql(), tablesSql]) await watch.query(script);
  const empty = await emptyingScript(watch);
  return {
    database,
    setTime,
    async blocked() {
      const { rows } = await watch.query<{ waiting: number }>(blockedSql);
      return rows[0]?.waiting ?? 0;
    },
    look: async <R extends object>(text: string) => (await watch.query<R>(text)).rows,
    reset: async () => {
      await watch.query(empty);
    },
    async close() {
      await database.close();
      await watch.end();
      closeSync(clock);
      rmSync(folder, { recursive: true });
    },
  };
}

/** The hallway's migrations, in the order of its journal. */
function hallwaySql(): string[] {
  const folder = new URL('../migrations/', `file://${createRequire(import.meta.url).resolve('@switchboard/hallway')}`);
  const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', folder), 'utf8')) as {
    entries: { tag: string }[];
  };
  return journal.entries.map(({ tag }) => readFileSync(fileURLToPath(new URL(`${tag}.sql`, folder)), 'utf8'));
}

async function emptyingScript(watch: Client): Promise<string> {
  const { rows } = await watch.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = '${SCHEMA}'::regnamespace
        and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'configuration_revision'`,
  );
  return [
    ...rows.map(({ name }) => `delete from "${name}"`),
    `select setval('feed_number', 1, false)`,
    `select setval('timer_revision', 1, false)`,
  ].join(';');
}
