/** The one owner of the PostgreSQL driver. */
import type { Database, Sql } from '@switchboard/hallway';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { classify } from './classify.ts';
import { FlightSocket } from './flight-socket.ts';
import { encodeTextArrays, textArrayParameters } from './text-arrays.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** The service's schema: SQL is written unqualified. */
  readonly schema: string;
  /** Shown in `pg_stat_activity`. */
  readonly application: string;
  /** Most connections. */
  readonly connections: number;
  readonly onIdleError: (error: Error) => void;
  /** A server that says nothing for so long is taken for gone, ms (default 60 s; 0: never). */
  readonly silence?: number;
}

/** drizzle over the service's pool: for reads, outside the hallway's transactions. */
export type Db = NodePgDatabase;

export interface ServiceDatabase extends Database {
  readonly db: Db;
  /** A transaction whose statements come from files: several in one text, no parameters, no timeout. */
  script<T>(work: (sql: Sql & { run(text: string): Promise<void> }) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** ms. A batch takes tens of them; whoever takes longer is stuck behind somebody. */
const statementTimeout = 30_000;
const idleInTransactionTimeout = 30_000;
const connectTimeout = 5_000;
/**
 * Longer than the server lets a statement take. A server whose machine or network is gone ends nothing: without this a
 * batch would wait for it as long as TCP does, a quarter of an hour or two hours.
 */
const silenceOfServer = 60_000;
/** Of connections that wait, ms: one whose server is gone is found out by then. */
const probedAfter = 10_000;
/** Nobody waits for longer: the files of a migration have no timeout. */
const day = 24 * 3_600_000;

/** Opens the pool; nothing is connected before the first statement. */
export function openDatabase(options: DatabaseOptions): ServiceDatabase {
  const pool = new Pool({
    connectionString: options.url,
    max: options.connections,
    application_name: options.application,
    connectionTimeoutMillis: connectTimeout,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: probedAfter,
    // What a transaction asks together travels together (`together` of the hallway).
    pipeline: true,
    stream: () => new FlightSocket(),
    statement_timeout: statementTimeout,
    query_timeout: options.silence ?? silenceOfServer,
    idle_in_transaction_session_timeout: idleInTransactionTimeout,
    options: `-c search_path=${options.schema} -c timezone=UTC`,
  });
  pool.on('error', options.onIdleError);
  // A connection that breaks while it is held fails its statement; unheard, it would end the process as well.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    ...sqlOver(pool),
    db: drizzle(naming(pool)),
    classify,
    transaction: (work) => withClient(pool, (client) => inTransaction(client, work)),
    script: (work) => withClient(pool, (client) => inTransaction(client, (sql) => work(scriptOver(client, sql)))),
    close: () => pool.end(),
  };
}

/** A broken connection is not given back to the pool. */
async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await work(client);
  } catch (error) {
    broken = classify(error) === 'infrastructure';
    throw error;
  } finally {
    client.release(broken);
  }
}

async function inTransaction<T>(client: PoolClient, work: (sql: Sql) => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work(sqlOver(client));
    const { command } = await client.query('commit');
    // The server's answer where a statement had failed and somebody went on all the same.
    if (command !== 'COMMIT') throw new Error('nothing was committed: a statement of the transaction had failed');
    return result;
  } catch (error) {
    // The first failure is the one to tell: a rollback on a lost connection only repeats it.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

function sqlOver(target: Pool | PoolClient): Sql {
  return {
    query: async <R extends object>(text: string, values: readonly unknown[] = []) => {
      const { name, textArrays } = statementOf(text);
      const result = await target.query<R>({ name, text, values: encodeTextArrays(values, textArrays) });
      return result.rows;
    },
  };
}

/** drizzle names none of its statements: each would be parsed and planned anew whenever it is asked. */
function naming(pool: Pool): Pool {
  const query = (config: QueryConfig, values: unknown[]): Promise<QueryResult> =>
    pool.query({ ...config, name: statementOf(config.text).name }, values);
  return new Proxy(pool, {
    get: (target, key) => (key === 'query' ? query : (Reflect.get(target, key, target) as unknown)),
  });
}

function scriptOver(client: PoolClient, sql: Sql): Sql & { run(text: string): Promise<void> } {
  return {
    ...sql,
    run: async (text) => {
      const patient = { text, query_timeout: day };
      await client.query(patient);
    },
  };
}

interface Statement {
  readonly name: string | undefined;
  readonly textArrays: readonly number[];
}

const statements = new Map<string, Statement>();

/**
 * Statements are few and constant, so each is parsed and planned once a connection (measured: a third less time for
 * the batch statements). The bound is for whoever builds SQL text: beyond it statements go unnamed.
 */
function statementOf(text: string): Statement {
  const known = statements.get(text);
  if (known !== undefined) return known;
  const textArrays = textArrayParameters(text);
  if (statements.size >= 1000) return { name: undefined, textArrays };
  const statement = { name: `s${String(statements.size)}`, textArrays };
  statements.set(text, statement);
  return statement;
}
