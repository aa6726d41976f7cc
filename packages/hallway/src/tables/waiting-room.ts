/** Messages whose aggregate is not there yet: its creation lets them in, in order. */
import type { IncomingRecord } from '@switchboard/bus';
import type { Message } from '../domain.ts';
import type { Envelope } from '../envelope.ts';
import type { Sql } from '../ports.ts';
import type { Created } from '../world.ts';
import { packRecord, unpackRecord, type PackedRecord } from './dead-letters.ts';

export interface Waiter {
  readonly envelope: Envelope;
  readonly for: Created;
}

/**
 * Creation and waiting exclude each other: whoever comes second sees what the first one wrote. Without this a message
 * that looked just before the creation committed would wait for something that is already there.
 */
export async function lockRefs(sql: Sql, refs: readonly Created[]): Promise<void> {
  if (refs.length === 0) return;
  await sql.query(
    `select pg_advisory_xact_lock(h) from
       (select distinct hashtextextended(current_schema() || ':' || r, 0) as h from unnest($1::text[]) r order by h) locks`,
    [refs.map((ref) => `${ref.kind}:${ref.id}`)],
  );
}

export async function insertWaiters(sql: Sql, waiters: readonly Waiter[], windowMs: number): Promise<void> {
  if (waiters.length === 0) return;
  await sql.query(
    `insert into waiting (kind, ref_id, message, record, expires_at)
     select k, i, m::jsonb, r::jsonb, clock_timestamp() + $5 * interval '1 millisecond'
       from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as w(k, i, m, r, n) order by n`,
    [
      waiters.map((waiter) => waiter.for.kind),
      waiters.map((waiter) => waiter.for.id),
      waiters.map((waiter) => JSON.stringify(waiter.envelope.message)),
      waiters.map(({ envelope }) =>
        envelope.record === undefined ? null : JSON.stringify(packRecord(envelope.record)),
      ),
      windowMs,
    ],
  );
}

interface WaitingRow {
  readonly seq: string;
  readonly kind: string;
  readonly ref_id: string;
  readonly message: Message;
  readonly record: PackedRecord | null;
}

/** Somebody in the room, with the seat that is given up with the transaction that decides them. */
export interface Seated extends Waiter {
  readonly seat: string;
}

/** Those of these that somebody waits for. */
export async function awaitedRefs(sql: Sql, refs: readonly Created[]): Promise<Created[]> {
  if (refs.length === 0) return [];
  return sql.query<Created & Record<string, unknown>>(
    `select r.kind, r.id from (select distinct * from unnest($1::text[], $2::text[]) as r(kind, id)) r
      where exists (select from waiting w where w.kind = r.kind and w.ref_id = r.id)`,
    columnsOf(refs),
  );
}

/** Messages of these types that wait for one of these, in the order they came. Nobody else takes their seats meanwhile. */
export async function seatedFor(sql: Sql, refs: readonly Created[], types: readonly string[]): Promise<Seated[]> {
  if (refs.length === 0) return [];
  const rows = await sql.query<WaitingRow & Record<string, unknown>>(
    `select w.seq::text, w.kind, w.ref_id, w.message, w.record
       from waiting w join (select distinct * from unnest($1::text[], $2::text[]) as r(kind, id)) r
         on w.kind = r.kind and w.ref_id = r.id
      where w.message->>'type' = any($3::text[])
      order by w.seq for update of w`,
    [...columnsOf(refs), types],
  );
  return rows.map((row) => ({ envelope: toEnvelope(row), for: { kind: row.kind, id: row.ref_id }, seat: row.seq }));
}

const columnsOf = (refs: readonly Created[]): [string[], string[]] => [
  refs.map((ref) => ref.kind),
  refs.map((ref) => ref.id),
];

/** Whoever waits for one of these is to be tried now, as if its time were over. */
export async function callWaiters(sql: Sql, refs: readonly Created[]): Promise<void> {
  if (refs.length === 0) return;
  await sql.query(
    `update waiting w set expires_at = '-infinity' from unnest($1::text[], $2::text[]) as r(kind, id)
      where w.kind = r.kind and w.ref_id = r.id`,
    columnsOf(refs),
  );
}

/** Those of these types whose time is over, for one last try. They keep their seats until the batch that tries them claims these. */
export async function expiredWaiters(sql: Sql, types: readonly string[], limit: number): Promise<Envelope[]> {
  const rows = await sql.query<WaitingRow & Record<string, unknown>>(
    `select w.seq::text, w.kind, w.ref_id, w.message, w.record from waiting w
      where w.expires_at < clock_timestamp() and w.message->>'type' = any($1::text[]) order by w.seq limit $2`,
    [types, limit],
  );
  return rows.map((row) => ({ ...toEnvelope(row), seat: row.seq }));
}

/** Gives seats up; answers those that were still taken. */
export async function claimSeats(sql: Sql, seats: readonly string[]): Promise<Set<string>> {
  if (seats.length === 0) return new Set();
  const rows = await sql.query<{ seq: string }>(
    'delete from waiting where seq = any($1::bigint[]) returning seq::text',
    [seats],
  );
  return new Set(rows.map((row) => row.seq));
}

function toEnvelope(row: WaitingRow): Envelope {
  const record: IncomingRecord | undefined = row.record === null ? undefined : unpackRecord(row.record);
  return { message: row.message, ...(record === undefined ? {} : { record }) };
}
