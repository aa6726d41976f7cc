/** What could not be handled: this table is the truth, the topic its published copy. */
import type { IncomingRecord } from '@switchboard/bus';
import type { DeadLetter } from '../definition.ts';
import type { Message } from '../domain.ts';
import type { Burial } from '../envelope.ts';
import type { Sql } from '../ports.ts';

/** A record as JSON: bytes in base64. */
export interface PackedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: string;
}

export function packRecord(record: IncomingRecord): PackedRecord {
  return {
    ...record,
    key: record.key?.toString('base64') ?? null,
    value: record.value?.toString('base64') ?? null,
    timestamp: record.timestamp.toISOString(),
  };
}

export function unpackRecord(packed: PackedRecord): IncomingRecord {
  return {
    ...packed,
    key: packed.key === null ? null : Buffer.from(packed.key, 'base64'),
    value: packed.value === null ? null : Buffer.from(packed.value, 'base64'),
    timestamp: new Date(packed.timestamp),
  };
}

export interface NewDeadLetter {
  readonly id: string;
  readonly record: IncomingRecord | undefined;
  readonly message: Message;
  readonly burial: Burial;
}

/** Text columns hold neither NUL nor half surrogates; a hostile key or header may. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

export async function insertDeadLetters(sql: Sql, letters: readonly NewDeadLetter[]): Promise<void> {
  if (letters.length === 0) return;
  await sql.query(
    `insert into dead_letter (id, topic, partition, record_offset, key, value, headers, reason, error, message)
     select i, t, p, o, k, decode(v, 'base64'), h::jsonb, r, e, m::jsonb
       from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                   $9::text[], $10::text[]) as d(i, t, p, o, k, v, h, r, e, m)`,
    [
      letters.map((letter) => letter.id),
      letters.map(({ record }) => record?.topic ?? null),
      letters.map(({ record }) => record?.partition ?? null),
      letters.map(({ record }) => record?.offset ?? null),
      letters.map(({ record }) => keyText(record)),
      letters.map(({ record }) => record?.value?.toString('base64') ?? null),
      letters.map(({ record }) => storableJson(record?.headers ?? {})),
      letters.map((letter) => letter.burial.reason),
      letters.map((letter) => storable(letter.burial.error)),
      letters.map(({ record, message }) => (record === undefined ? storableJson(message) : null)),
    ],
  );
}

function keyText(record: IncomingRecord | undefined): string | null {
  const key = record?.key;
  return key === null || key === undefined ? null : storable(key.toString('utf8'));
}

function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'string') return storable(inner);
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, field]: [string, unknown]) => [storable(name), field]));
  });
}

const columns = `id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, topic, partition,
  record_offset as "offset", key, value, headers, reason, error,
  to_char(replayed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "replayedAt"`;

export interface DeadLetterFilter {
  readonly reason?: string | undefined;
  readonly topic?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Those alone that nobody has replayed. */
  readonly open?: boolean | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

/** Oldest first; ids are UUIDv7, so they sort by time. */
export function listDeadLetters(sql: Sql, filter: DeadLetterFilter): Promise<DeadLetter[]> {
  return sql.query<DeadLetter & Record<string, unknown>>(
    `select ${columns} from dead_letter
      where ($1::text is null or reason = $1) and ($2::text is null or topic = $2)
        and ($3::timestamptz is null or at >= $3) and ($4::timestamptz is null or at < $4)
        and ($5::uuid is null or id > $5) and ($7::boolean is not true or replayed_at is null)
      order by id limit $6`,
    [filter.reason, filter.topic, filter.from, filter.to, filter.after, filter.limit, filter.open],
  );
}

export async function getDeadLetter(sql: Sql, id: string): Promise<DeadLetter | undefined> {
  const [row] = await sql.query<DeadLetter & Record<string, unknown>>(
    `select ${columns} from dead_letter where id = $1`,
    [id],
  );
  return row;
}

/** What a replay needs: the record as it came, or the timer's command. */
export interface TakenLetter extends Pick<DeadLetter, 'id' | 'replayedAt'> {
  readonly record: IncomingRecord | undefined;
  readonly message: Message | undefined;
}

export async function takeForReplay(sql: Sql, id: string): Promise<TakenLetter | undefined> {
  const [row] = await sql.query<DeadLetter & { message: Message | null }>(
    `select ${columns}, message from dead_letter where id = $1`,
    [id],
  );
  if (row === undefined) return undefined;
  const { replayedAt } = row;
  if (row.topic === null) return { id, replayedAt, record: undefined, message: row.message ?? undefined };
  return {
    ...{ id, replayedAt },
    record: {
      topic: row.topic,
      partition: row.partition ?? 0,
      offset: row.offset ?? '0',
      key: row.key === null ? null : Buffer.from(row.key),
      value: row.value,
      headers: row.headers,
      timestamp: new Date(row.at),
    },
    message: undefined,
  };
}

/** Locks those that nobody has replayed since they were read; answers their ids. */
export async function claimLetters(sql: Sql, letters: readonly ReadLetter[]): Promise<Set<string>> {
  if (letters.length === 0) return new Set();
  const rows = await sql.query<{ id: string }>(
    `select d.id from dead_letter d join unnest($1::uuid[], $2::timestamptz[]) as r(id, seen) using (id)
      where d.replayed_at is not distinct from r.seen order by d.id for update of d`,
    [letters.map(({ id }) => id), letters.map(({ replayedAt }) => replayedAt)],
  );
  return new Set(rows.map(({ id }) => id));
}

type ReadLetter = Pick<DeadLetter, 'id' | 'replayedAt'>;

export async function markReplayed(sql: Sql, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql.query('update dead_letter set replayed_at = clock_timestamp() where id = any($1::uuid[])', [ids]);
}
