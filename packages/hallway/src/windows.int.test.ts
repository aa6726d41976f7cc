/** What is done leaves again, and nothing else does. */
import { readFileSync } from 'node:fs';
import { clockSql } from '@switchboard/service/clock';
import { openDatabase, type ServiceDatabase } from '@switchboard/service';
import { eventually, testDatabase, type TestDatabase } from '@switchboard/testing';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepPartitions, removeExpired } from './tables/windows.ts';
import { createLedger, type Ledger } from './testing/ledger.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const sqlOf = (name: string): string => readFileSync(new URL(`../migrations/${name}.sql`, import.meta.url), 'utf8');

const partitionsOf = async (database: ServiceDatabase, parent: string): Promise<string[]> => {
  const rows = await database.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass order by 1`,
    [parent],
  );
  return rows.map(({ name }) => name);
};
const count = async (database: ServiceDatabase, table: string): Promise<number> => {
  const [row] = await database.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return row?.count ?? -1;
};
/** The housekeeper's call, as if it were that many days later. */
const keepLater = (database: ServiceDatabase, days: number, size = '1 day'): Promise<unknown> =>
  Promise.all(
    ['inbox', 'outbox_history'].map((table) =>
      database.query(
        `select keep_partitions($1::regclass, $2::interval, '3 days', clock_timestamp() + $3 * interval '1 day')`,
        [table, size, days],
      ),
    ),
  );

describe('a database of the version before', () => {
  let holder: TestDatabase;
  let database: ServiceDatabase;
  beforeEach(async () => {
    holder = await testDatabase();
    const options = { schema: 'sla', application: 'windows', connections: 4, onIdleError: () => undefined };
    database = openDatabase({ url: holder.url, ...options });
    await database.script(async (sql) => {
      await sql.run(clockSql);
      await sql.run('create schema sla');
      await sql.run(sqlOf('0000_hallway'));
    });
  });
  afterEach(async () => {
    await database.close();
    await holder.drop();
  });

  test('is brought up to date with what is in it, and its partitions go on in another size', async () => {
    const ids = [uuidv7(), uuidv7({ msecs: Date.now() + 5 * DAY }), uuidv4()];
    await database.query('insert into inbox select unnest($1::uuid[])', [ids]);
    await database.query(`insert into outbox (topic, key, headers) values ('t', 'k', '{}')`);
    await database.query(`insert into outbox_history (topic, key, headers) values ('t', 'k', '{}')`);

    await database.script((sql) => sql.run(sqlOf('0001_windows')));
    await keepPartitions(database, { history: 12 * HOUR, inbox: 8 * DAY });

    expect(await count(database, 'inbox')).toBe(3);
    expect(await count(database, "outbox where at > clock_timestamp() - interval '1 minute'")).toBe(1);
    expect(await count(database, 'outbox_history')).toBe(1);
    // What the version before still calls while it is replaced.
    await database.query('select maintain_partitions(8, 3)');
    // An id that came from a clock days ahead of ours does not stand in the way when its day comes.
    await keepLater(database, 2.5);
    expect(await count(database, 'inbox_other')).toBe(1);
    expect(await count(database, 'inbox')).toBe(3);
  });
});

describe('what is done', () => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await createLedger();
  });
  afterEach(() => ledger.close());

  test('is dropped in whole partitions after the window, and there are always some ahead', async () => {
    const { database } = ledger;
    await database.query(`insert into outbox_history (topic, key, headers) values ('t', 'k', '{}')`);
    await database.query('insert into inbox values ($1)', [uuidv7()]);

    for (const [days, kept] of [
      [1, 1],
      [3, 1],
      [4.01, 0],
      [40, 0],
    ] as const) {
      await keepLater(database, days);
      expect(await count(database, 'outbox_history')).toBe(kept);
      expect(await count(database, 'inbox')).toBe(kept);
      // Three days behind, today, three ahead.
      for (const [parent, most] of [
        ['outbox_history', 8],
        ['inbox', 9],
      ] as const) {
        expect((await partitionsOf(database, parent)).length).toBeLessThanOrEqual(most);
      }
      const name = new Date(Date.now() + days * DAY).toISOString().slice(0, 10).replaceAll('-', '');
      expect((await partitionsOf(database, 'outbox_history')).join()).toContain(`outbox_history_${name}`);
    }
  });

  test('leaves by the hour where the window is a day', async () => {
    await keepPartitions(ledger.database, { history: DAY, inbox: DAY });
    await ledger.database.query(
      `select keep_partitions('outbox_history', '1 hour', '1 day', clock_timestamp() + interval '9 days')`,
    );

    const parts = await partitionsOf(ledger.database, 'outbox_history');

    expect(parts.length).toBeGreaterThanOrEqual(28);
    expect(parts.length).toBeLessThanOrEqual(29);
  });

  test('is no hindrance to who was away for longer than there were partitions', async () => {
    const { database, bus } = ledger;
    for (const part of await partitionsOf(database, 'outbox_history')) await database.query(`drop table ${part}`);

    const hallway = await ledger.replica();
    await hallway.submit({ type: 'open', data: { id: 'a' } });

    await eventually(async () => expect(await count(database, 'outbox_history')).toBe(1));
    expect(await count(database, 'outbox')).toBe(0);
    expect(bus.records.length).toBe(1);
  });

  test('answers and replayed dead letters leave a few at a time, open dead letters stay', async () => {
    const { database } = ledger;
    await database.query(
      `insert into idempotency (scope, key, fingerprint, status, at)
       select 's', n::text, 'f', 200, clock_timestamp() - n * interval '1 minute' from generate_series(1, 100) n`,
    );
    await database.query(
      `insert into dead_letter (id, at, headers, reason, error, replayed_at)
       select gen_random_uuid(), clock_timestamp() - interval '1 year', '{}', 'failed', 'e',
              case when n <= 20 then clock_timestamp() - n * interval '1 minute' end from generate_series(1, 30) n`,
    );
    const windows = { answers: HOUR, replayed: 10 * 60_000 };

    const more = [];
    for (let round = 0; round < 3; round += 1) more.push(await removeExpired(database, windows, 15));

    expect(more).toEqual([true, true, false]);
    expect(await count(database, 'idempotency')).toBe(59);
    expect(await count(database, 'dead_letter where replayed_at is not null')).toBe(9);
    expect(await count(database, 'dead_letter where replayed_at is null')).toBe(10);
  });
});
