/** Filling tables by the million: what every kind of seed needs. */
import { Client } from 'pg';
import type { ScenarioContext } from '../scenario.ts';

/** A session that does not wait for the disk; what it wrote is made durable by `settleTables`. */
export async function withSeeder<T>(
  adminUrl: string,
  schema: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`set search_path = ${schema}`);
    await client.query('set synchronous_commit = off');
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * A UUIDv7 in SQL, the same for the same number, ascending with it.
 * @param tag three hexadecimal digits: what it identifies
 * @param number an SQL expression, at least 0
 */
export function idOf(tag: string, number: string): string {
  const time = `lpad(to_hex(1750000000000 + (${number})), 12, '0')`;
  return `(substr(${time}, 1, 8) || '-' || substr(${time}, 9, 4) || '-7${tag}-8000-' || lpad(to_hex(${number}), 12, '0'))`;
}

/** An instant as it stands in JSON. */
export const isoOf = (instant: string): string =>
  `to_char((${instant}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export interface Fill {
  readonly what: string;
  readonly count: number;
  /** Number of the first row (default 0). */
  readonly first?: number;
  /** In one statement (default 50,000). */
  readonly atOnce?: number;
  /** Inserts rows numbered from $1 up to, not including, $2. */
  readonly insert: string;
}

/** Runs the insert piece by piece, telling how far it is. @throws when the run was ended early */
export async function fill(client: Client, context: ScenarioContext, plan: Fill): Promise<void> {
  const { what, count, first = 0, atOnce = 50_000, insert } = plan;
  for (let done = 0; done < count;) {
    context.signal.throwIfAborted();
    const next = Math.min(count, done + atOnce);
    await client.query(insert, [first + done, first + next]);
    done = next;
    context.progress(`filling ${what}: ${String(done)} of ${String(count)}`);
  }
}

/** Leaves tables as after days of work: statistics taken, pages all visible and on disk. */
export async function settleTables(client: Client, tables: readonly string[]): Promise<void> {
  for (const table of tables) await client.query(`vacuum (analyze) ${table}`);
  await client.query('checkpoint');
}

/** The same as `idOf`, of one number. */
export function uuidOf(tag: string, number: number): string {
  const time = (1_750_000_000_000 + number).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tag}-8000-${number.toString(16).padStart(12, '0')}`;
}

/** Tag of the cases that `seedRunningClocks` makes. */
export const RUNNING_CASE = 'ca6';
