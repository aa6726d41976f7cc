/** The outbox: rows go in last in a batch's transaction, and out through the one leased relay. */
import type { Sql } from '../ports.ts';
import type { LeaseKey } from './leases.ts';

export interface OutboxRow {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | null;
  readonly bytes?: Buffer | null;
}

export interface UnpublishedRow extends OutboxRow {
  readonly seq: string;
}

export async function insertOutbox(sql: Sql, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `insert into outbox (topic, key, headers, value, bytes)
     select t, k, h, v, decode(b, 'base64')
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) with ordinality as r(t, k, h, v, b, n)
      order by n`,
    [
      rows.map((row) => row.topic),
      rows.map((row) => row.key),
      rows.map((row) => JSON.stringify(row.headers)),
      rows.map((row) => row.value),
      rows.map((row) => row.bytes?.toString('base64') ?? null),
    ],
  );
}

interface StoredRow {
  readonly seq: string;
  readonly topic: string;
  readonly key: string;
  readonly headers: string;
  readonly value: string | null;
  readonly bytes: Buffer | null;
}

/**
 * The oldest unpublished rows: at most `limit`, and none behind the one that reaches `mostBytes`. Late commits are found
 * by the next look: there is no cursor to step over them.
 */
export async function unpublished(sql: Sql, limit: number, mostBytes: number): Promise<UnpublishedRow[]> {
  const rows = await sql.query<StoredRow>(
    `select seq::text, topic, key, headers, value, bytes from (
       select o.*, sum(octet_length(o.headers) + coalesce(octet_length(o.value), 0) + coalesce(octet_length(o.bytes), 0))
                     over (order by o.seq rows between unbounded preceding and 1 preceding) as before
         from (select o.* from outbox o order by o.seq limit $1) o) sized
      where coalesce(before, 0) < $2 order by sized.seq`,
    [limit, mostBytes],
  );
  return rows.map((row) => ({ ...row, headers: JSON.parse(row.headers) as Record<string, string> }));
}

/**
 * Moves published rows to the history in one statement, where the feed reads them by number. Does nothing when the
 * lease was lost meanwhile: the new holder publishes them again and the inboxes absorb it.
 */
export async function moveToHistory(sql: Sql, seqs: readonly string[], lease: LeaseKey): Promise<void> {
  await sql.query(
    `with held as (select 1 from lease where name = $2 and holder = $3 and until > clock_timestamp()),
          gone as (delete from outbox where seq = any($1::bigint[]) and exists (select 1 from held) returning *)
     insert into outbox_history (topic, key, headers, value, bytes)
     select topic, key, headers, value, bytes from gone order by seq`,
    [seqs, lease.name, lease.holder],
  );
}

export interface HistoryRow {
  readonly number: bigint;
  readonly headers: Readonly<Record<string, string>>;
  readonly topic: string;
  readonly key: string;
  readonly value: string | null;
}

/** Published rows after a feed number, oldest first. */
export async function history(sql: Sql, after: bigint, limit: number): Promise<HistoryRow[]> {
  const rows = await sql.query<Omit<HistoryRow, 'number' | 'headers'> & { number: string; headers: string }>(
    `select h.number::text, h.topic, h.key, h.headers, h.value from outbox_history h
      where h.number > $1 order by h.number limit $2`,
    [after.toString(), limit],
  );
  return rows.map((row) => ({
    ...row,
    number: BigInt(row.number),
    headers: JSON.parse(row.headers) as Record<string, string>,
  }));
}

/** The window of the feed: numbers of its oldest and newest rows; both 0 before anything was published. */
export async function historyWindow(sql: Sql): Promise<{ oldest: bigint; newest: bigint }> {
  const [row] = await sql.query<{ oldest: string | null; newest: string | null }>(
    `select (select number from outbox_history order by number limit 1)::text as oldest,
            (select number from outbox_history order by number desc limit 1)::text as newest`,
  );
  return { oldest: BigInt(row?.oldest ?? 0), newest: BigInt(row?.newest ?? 0) };
}
