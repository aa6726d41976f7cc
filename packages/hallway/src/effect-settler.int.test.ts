import { afterEach, beforeEach, expect, test } from 'vitest';
import { keeping } from './definition.ts';
import { createSettler, type Note } from './effect-settler.ts';
import type { Database, Sql } from './ports.ts';
import { addEffects, leaseEffects, type LeasedEffect } from './tables/effects.ts';
import { createLedger, type Ledger } from './testing/ledger.ts';

let ledger: Ledger;
beforeEach(async () => {
  ledger = await createLedger();
});
afterEach(() => ledger.close());

/** So many calls of a queue, claimed. */
async function claimed(queue: string, count: number): Promise<LeasedEffect[]> {
  const effects = Array.from({ length: count }, (_, n) => ({
    request: { kind: 'bank', id: `${queue}-${String(n)}`, queue, data: { n } },
    trace: { correlationId: 'c' },
  }));
  await addEffects(ledger.database, effects);
  const places = { limit: count, perQueue: count, busy: new Map<string, number>(), leaseMs: 60_000 };
  return leaseEffects(ledger.database, places);
}

const left = (): Promise<{ id: string }[]> =>
  ledger.database.query<{ id: string }>('select id from effect order by id');

/** Refuses a row that is bad, as the database would. */
const writes: (readonly string[])[] = [];
async function write(sql: Sql, rows: readonly string[]): Promise<void> {
  writes.push(rows);
  if (rows.includes('bad')) await sql.query('select 1 / 0');
}
const kept = (row: string): Note => ({ keep: keeping(write, row) });
beforeEach(() => {
  writes.length = 0;
});

/** Counts transactions and what is said in them; fails the first commits as told. */
function watched(lostCommits = 0): { database: Database; statements: () => number; transactions: () => number } {
  let statements = 0;
  let transactions = 0;
  const database: Database = {
    ...ledger.database,
    transaction: async (work) => {
      transactions += 1;
      const result = await ledger.database.transaction((sql) =>
        work({
          query: (text, values) => {
            statements += 1;
            return sql.query(text, values);
          },
        }),
      );
      if (transactions <= lostCommits) throw Object.assign(new Error('no answer'), { code: 'ECONNRESET' });
      return result;
    },
  };
  return { database, statements: () => statements, transactions: () => transactions };
}

test('what comes of many calls is one transaction of a few statements', async () => {
  const { database, statements, transactions } = watched();
  const settle = createSettler(database);
  const effects = await claimed('a', 100);

  await Promise.all(
    effects.map((effect, n) => settle(effect, n < 90 ? kept(effect.id) : { again: 60_000, failed: {} })),
  );

  expect([transactions(), statements()]).toEqual([1, 3]);
  expect(writes.map((rows) => rows.length)).toEqual([90]);
  expect(await left()).toHaveLength(10);
  expect(await ledger.database.query('select queue, failures from effect_hold')).toEqual([
    { queue: 'a', failures: 10 },
  ]);
});

test('one that cannot be written takes no other one along', async () => {
  const settle = createSettler(ledger.database);
  const [one, bad, other] = (await claimed('a', 3)) as [LeasedEffect, LeasedEffect, LeasedEffect];

  const outcomes = await Promise.allSettled([
    settle(one, kept('one')),
    settle(bad, kept('bad')),
    settle(other, kept('other')),
  ]);

  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await left()).toEqual([{ id: bad.id }]);
});

test('a queue is held or not by what its calls said last', async () => {
  const settle = createSettler(ledger.database);
  const [a, b, c, d] = (await claimed('a', 4)) as [LeasedEffect, LeasedEffect, LeasedEffect, LeasedEffect];
  const failed: Note = { again: 1000, failed: { hold: 60_000 } };
  const holds = (): Promise<object[]> =>
    ledger.database.query('select failures, held_until > clock.now() as held from effect_hold');

  await Promise.all([settle(a, {}), settle(b, failed), settle(c, { again: 1000, failed: {} })]);
  expect(await holds()).toEqual([{ failures: 2, held: true }]);
  await settle(d, {});
  expect(await holds()).toEqual([]);
});

test('a commit whose answer was lost leaves nothing twice', async () => {
  const { database, transactions } = watched(1);
  const settle = createSettler(database);
  const [one] = (await claimed('a', 1)) as [LeasedEffect];

  await settle(one, kept('one'));

  expect(transactions()).toBe(2);
  expect(writes).toEqual([['one']]);
});
