/** The bus on PostgreSQL, in schema `bus`, reached only by the functions in `migrations/`. */
import { randomInt, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Pool } from 'pg';
import { consume } from './embedded-consumer.ts';
import { createListener } from './embedded-listener.ts';
import { defaultMaxBatch, defaultMaxRecordBytes, sends } from './records.ts';
import type { GroupStore } from './embedded-consumer.ts';
import type { Listener } from './embedded-listener.ts';
import type { Bus, BusLogger, IncomingRecord, OutgoingRecord, SubscribeOptions, Subscription } from './port.ts';

export interface EmbeddedBusOptions {
  /** Of a role that `provisionEmbeddedBus` let in. */
  readonly connectionString: string;
  /** Largest record, counted as Kafka counts it, so that both buses refuse the same (default 1,000,000). */
  readonly maxRecordBytes?: number | undefined;
  /** Silence in ms after which the group gives a member's partitions to others (default 10,000). */
  readonly leaseMs?: number | undefined;
  /** How long records are kept at least, in ms (default 7 days); longer while a group has not read them. */
  readonly retentionMs?: number | undefined;
  /** Between two lookings for what is older than that, in ms (default 10 minutes). */
  readonly cleanEveryMs?: number | undefined;
  readonly logger?: BusLogger | undefined;
}

const maxSendBytes = 8_000_000;
const maxFetchBytes = 1_048_576;
const cleanRecordsAtOnce = 1000;
const week = 7 * 24 * 3_600_000;

/** A bus on PostgreSQL 14 or newer; connects when first used. */
export function createEmbeddedBus(options: EmbeddedBusOptions): Bus {
  const { connectionString, maxRecordBytes = defaultMaxRecordBytes, leaseMs = 10_000, cleanEveryMs, logger } = options;
  const pool = new Pool({
    connectionString,
    max: 4,
    application_name: 'switchboard-bus',
    keepAlive: true,
    connectionTimeoutMillis: 5000,
    query_timeout: 30_000,
  });
  // An idle connection that dies is replaced when the next one is needed.
  pool.on('error', (error) => logger?.debug({ err: error }, 'an idle connection of the bus was lost'));
  const listener = createListener(connectionString, logger);
  const subscriptions = new Set<Subscription>();
  return {
    ensureTopics: async (topics, partitions) => {
      await pool.query('select bus.ensure_topics($1, $2)', [topics, partitions]);
    },
    publish: async (records) => {
      for (const part of sends(records, maxRecordBytes, maxSendBytes)) await publish(pool, part);
    },
    subscribe: async (subscribing) => {
      const store = createGroupStore({ pool, listener, options, subscribing });
      const subscription = await consume({ store, subscribing, leaseMs, cleanEveryMs, logger });
      subscriptions.add(subscription);
      return subscription;
    },
    ping: async () => {
      await pool.query('select bus.ping()');
    },
    close: async () => {
      await Promise.all([...subscriptions].map((subscription) => subscription.close()));
      await listener.close();
      await pool.end();
    },
  };
}

async function publish(pool: Pool, records: readonly OutgoingRecord[]): Promise<void> {
  await pool.query('select bus.publish($1, $2, $3, $4, $5)', [
    records.map(({ topic }) => topic),
    records.map(({ key }) => (key === null ? randomInt(2 ** 32) : crc32(key))),
    records.map(({ key }) => (typeof key === 'string' ? Buffer.from(key) : key)),
    records.map(({ value }) => value),
    records.map(({ headers }) => JSON.stringify(headers)),
  ]);
}

interface GroupStoreOptions {
  readonly pool: Pool;
  readonly listener: Listener;
  readonly options: EmbeddedBusOptions;
  readonly subscribing: SubscribeOptions;
}

function createGroupStore({ pool, listener, options, subscribing }: GroupStoreOptions): GroupStore {
  const { leaseMs = 10_000, retentionMs = week } = options;
  const { group, topics, maxBatch = defaultMaxBatch } = subscribing;
  const me = [group, randomUUID()];
  const news = new Set(topics.map((topic) => `topic:${topic}`));
  const ask = async <T>(call: string, values: unknown[]): Promise<T | undefined> => {
    const { rows } = await pool.query<{ answer: T }>(`select bus.${call} as answer`, values);
    return rows[0]?.answer;
  };
  return {
    join: async () => {
      await ask('join_group($1, $2, $3, $4)', [...me, topics, leaseMs]);
    },
    heartbeat: async () => (await ask<boolean>('heartbeat($1, $2, $3)', [...me, leaseMs])) === true,
    leave: async () => {
      await ask('leave_group($1, $2)', me);
    },
    fetch: async (except) => {
      const places = [except.map(({ topic }) => topic), except.map(({ partition }) => partition)];
      const found = await pool.query<RecordRow>('select * from bus.fetch($1, $2, $3, $4, $5, $6)', [
        ...[...me, ...places],
        ...[maxBatch, maxFetchBytes],
      ]);
      return found.rows.map(incoming);
    },
    commit: async (positions) => {
      const moved = await ask<number>('commit_offsets($1, $2, $3, $4, $5)', [
        ...me,
        positions.map(({ topic }) => topic),
        positions.map(({ partition }) => partition),
        positions.map(({ nextOffset }) => nextOffset),
      ]);
      return moved === positions.length;
    },
    lag: async () => Number(await ask<string>('lag($1, $2)', [group, topics])),
    clean: async () => (await ask<number>('clean($1, $2)', [retentionMs, cleanRecordsAtOnce])) ?? 0,
    isFatal,
    listen: (onNews) =>
      listener.listen((payload) => {
        if (payload === undefined || payload === `group:${group}`) onNews(true);
        else if (news.has(payload)) onNews(false);
      }),
  };
}

interface RecordRow {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly published_at: Date;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: string;
}

function incoming({ published_at: timestamp, headers, ...row }: RecordRow): IncomingRecord {
  return { ...row, headers: JSON.parse(headers) as Record<string, string>, timestamp };
}

/** Classes of SQLSTATE that a second try does not cure: no such function, database or role, no right, a bad value. */
const fatalClasses = new Set(['0A', '22', '28', '3D', '3F', '42']);

function isFatal(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/u.test(error.code)
    ? fatalClasses.has(error.code.slice(0, 2))
    : false;
}
