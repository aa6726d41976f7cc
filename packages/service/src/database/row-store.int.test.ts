import { testDatabase } from '@switchboard/testing';
import type { TestDatabase } from '@switchboard/testing';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accounts, entries } from '../testing/example/schema.ts';
import { assertSchema } from './assert-schema.ts';
import { instant, toIso } from './columns.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './pool.ts';
import type { ServiceDatabase } from './pool.ts';
import { appendStore, rowStore } from './row-store.ts';

const folder = { name: 'example', url: new URL('../testing/example/migrations/', import.meta.url) };
let server: TestDatabase;
let database: ServiceDatabase;

function open(): ServiceDatabase {
  return openDatabase({
    url: server.url,
    schema: 'example',
    application: 'test',
    connections: 4,
    onIdleError: () => undefined,
  });
}

beforeAll(async () => {
  server = await testDatabase();
  database = open();
  await migrate(database, 'example', [folder]);
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

const store = rowStore(accounts);
const account = (id: string, version = 1) => ({
  id,
  version,
  status: 'open' as const,
  total: 0,
  tags: [`it's "quoted"`, 'back\\slash', '{brace}', 'NULL', ''],
  openedAt: '2026-03-29T01:59:59.007Z',
});

describe('rowStore', () => {
  test('gives back what it was given, absent fields absent', async () => {
    const full = { ...account('full'), note: `quote ' " \\ , {} and ünïcödé 🙂`, closedAt: '2026-01-01T00:00:00.000Z' };
    const bare = account('bare');

    const written = await store.save(database, [
      { state: full, expected: 0 },
      { state: bare, expected: 0 },
    ]);

    expect(written).toBe(2);
    expect(await store.load(database, ['full', 'bare', 'absent'], 'lock')).toEqual([bare, full]);
    expect(await store.load(database, [], 'read')).toEqual([]);
  });

  test('writes only what is as expected', async () => {
    await store.save(database, [{ state: account('known'), expected: 0 }]);

    const writes = [
      await store.save(database, [{ state: account('known', 5), expected: 4 }]),
      await store.save(database, [{ state: account('missing', 2), expected: 1 }]),
      await store.save(database, [{ state: { ...account('known', 4), total: 9 }, expected: 1 }]),
      await store.save(database, [
        { state: account('known', 5), expected: 4 },
        { state: account('fresh'), expected: 0 },
      ]),
    ];

    expect(writes).toEqual([0, 0, 1, 2]);
    expect(await store.load(database, ['known'], 'read')).toMatchObject([{ version: 5, total: 0 }]);
  });

  test('lets the database raise a new row whose id is taken, which is a conflict', async () => {
    await store.save(database, [{ state: account('taken'), expected: 0 }]);

    const again = store.save(database, [{ state: account('taken'), expected: 0 }]);

    await expect(again).rejects.toSatisfy((error) => database.classify(error) === 'conflict');
  });

  test('removes', async () => {
    await store.save(database, [{ state: account('gone'), expected: 0 }]);

    expect(await store.remove(database, ['gone', 'never'])).toBe(1);
    expect(await store.load(database, ['gone'], 'read')).toEqual([]);
  });

  test('two transactions that save the same rows in other orders do not wait for each other crosswise', async () => {
    const ids = Array.from({ length: 50 }, (_, n) => `cross-${String(n)}`);
    const save = (order: readonly string[]) =>
      database.transaction((sql) =>
        store.save(
          sql,
          order.map((id) => ({ state: account(id), expected: 0 })),
        ),
      );

    const [first, second] = await Promise.allSettled([save(ids), save([...ids].reverse())]);

    // One of them waits for the other's end and finds its rows taken: no deadlock (40P01).
    const lost = first.status === 'rejected' ? first : second;
    expect([first, second].filter(({ status }) => status === 'fulfilled')).toMatchObject([{ value: 50 }]);
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: '23505' } });
  });

  test('refuses a column it could not keep', () => {
    const table = pgTable('wrong', { id: text('id').primaryKey(), list: text('list').array() });

    expect(() => rowStore(table)).toThrow('use jsonb');
  });
});

describe('appendStore', () => {
  test('lets the database raise a second row of the same natural key, which is a conflict', async () => {
    const add = appendStore(entries);
    const entry = (id: string) => ({
      state: { id, version: 1, accountId: 'a', amount: 1, reference: 'r' },
      expected: 0,
    });
    await add.save(database, [entry('e1')]);

    const second = add.save(database, [entry('e2')]);

    await expect(second).rejects.toSatisfy((error) => database.classify(error) === 'conflict');
  });
});

describe('instants', () => {
  test.each([
    ['2026-11-22 09:30:00+00', '2026-11-22T09:30:00.000Z'],
    ['2026-11-22 09:30:00.5+00', '2026-11-22T09:30:00.500Z'],
    ['2026-11-22 09:30:00.123456+00', '2026-11-22T09:30:00.123Z'],
    ['2026-11-22T09:30:00.123Z', '2026-11-22T09:30:00.123Z'],
  ])('%s', (stored, iso) => {
    expect(toIso(stored)).toBe(iso);
  });
});

describe('assertSchema', () => {
  test('holds for what the migrations made, and names what differs', async () => {
    const other = pgTable('account', {
      id: text('id').primaryKey(),
      version: text('version').notNull(),
      status: text('status'),
      total: integer('total').notNull(),
      note: text('note'),
      openedAt: instant('opened_at').notNull(),
    });

    await assertSchema(database, [accounts, entries]);
    await expect(assertSchema(database, [other])).rejects.toThrow(/declared only: account.version text not null/);
    await expect(assertSchema(database, [other])).rejects.toThrow(/stored only: account.tags jsonb not null/);
  });
});
