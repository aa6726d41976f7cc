/** Leases over a table that answers as PostgreSQL would; that it does is shown where two replicas run (`packages/proof`). */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLeases, type Leases } from './leases.ts';
import type { Sql } from './ports.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The table, with the same clock; `delay`: how long an answer takes. */
function table(): { sql: Sql; statements: string[][]; delay: number } {
  const rows = new Map<string, { holder: string; until: number }>();
  const statements: string[][] = [];
  const it = {
    statements,
    delay: 0,
    sql: {
      query: async (text: string, [first, second, ttl]: readonly unknown[] = []) => {
        if (text.startsWith('delete')) {
          if (rows.get(first as string)?.holder === second) rows.delete(first as string);
          return [];
        }
        const holder = second as string;
        const names = first as string[];
        statements.push(names);
        const now = performance.now();
        const granted = names.filter((name) => {
          const row = rows.get(name);
          return row === undefined || row.holder === holder || row.until < now;
        });
        for (const name of granted) rows.set(name, { holder, until: now + (ttl as number) });
        await Promise.resolve();
        vi.advanceTimersByTime(it.delay);
        return granted.map((name) => ({ name }));
      },
    } as Sql,
  };
  return it;
}

const pass = (ms: number): void => void vi.advanceTimersByTime(ms);
const ownAll = async (leases: Leases, names: readonly string[]) => {
  const owned = [];
  for (const name of names) owned.push(await leases.own(name));
  return owned;
};

test('all that a process holds are renewed by one statement, before they run out', async () => {
  const { sql, statements } = table();
  const leases = createLeases(sql, 'one');
  expect(await ownAll(leases, ['relay', 'timers', 'job'])).toEqual(['taken', 'taken', 'taken']);
  statements.length = 0;

  for (let turn = 0; turn < 10; turn += 1) {
    pass(2000);
    expect(await ownAll(leases, ['relay', 'timers', 'job'])).toEqual(['kept', 'kept', 'kept']);
  }

  expect(statements.map((names) => [...names].sort())).toEqual(
    Array.from({ length: 10 }, () => ['job', 'relay', 'timers']),
  );
});

test('another has it while it is held, and once it ran out; whoever comes back to it begins anew', async () => {
  const { sql } = table();
  const one = createLeases(sql, 'one');
  const two = createLeases(sql, 'two');
  await one.own('job');

  pass(4000);
  expect(await two.own('job')).toBe('elsewhere');
  pass(1100);
  expect(await two.own('job')).toBe('taken');
  expect(await one.own('job')).toBe('elsewhere');
  await two.release('job');
  expect(await one.own('job')).toBe('taken');
});

test('the renewal of one does not take back another that ran out unseen', async () => {
  const { sql } = table();
  const one = createLeases(sql, 'one');
  const two = createLeases(sql, 'two');
  await one.own('job');
  pass(3000);
  await one.release('relay');
  pass(2100);
  await two.own('job');
  await two.release('job');

  expect(await one.own('relay')).toBe('taken');
  expect(await one.own('job')).toBe('taken');
});

test('one that ran out while the answer was on its way may have been others’ in between', async () => {
  const it = table();
  const leases = createLeases(it.sql, 'one');
  await leases.own('job');
  pass(2000);
  it.delay = 3100;

  expect(await leases.own('job')).toBe('taken');
});

test('what is released stays free, even while a renewal is under way', async () => {
  const { sql } = table();
  const one = createLeases(sql, 'one');
  await ownAll(one, ['relay', 'job']);
  pass(2000);

  await Promise.all([one.own('relay'), one.release('job')]);

  expect(await createLeases(sql, 'two').own('job')).toBe('taken');
});

test('those that are asked for at once share a statement, and its failure', async () => {
  const { sql, statements } = table();
  const leases = createLeases(sql, 'one');
  const all = ['relay', 'timers', 'job'];
  expect(await Promise.all(all.map((name) => leases.own(name)))).toEqual(['taken', 'taken', 'taken']);
  expect(statements).toEqual([all]);

  pass(6000);
  const query = vi.spyOn(sql, 'query').mockRejectedValueOnce(new Error('away'));
  const failed = await Promise.allSettled(all.map((name) => leases.own(name)));
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(query).toHaveBeenCalledTimes(1);
  expect(await leases.own('relay')).toBe('taken');
});

test('one that nobody asks for any more runs out beside the others, and is others’ then', async () => {
  const { sql } = table();
  const one = createLeases(sql, 'one');
  const two = createLeases(sql, 'two');
  await ownAll(one, ['relay', 'job']);

  for (let second = 0; second < 60; second += 1) {
    pass(1000);
    await one.own('relay');
    expect(await two.own('job')).toBe('elsewhere');
  }
  for (let second = 0; second < 6; second += 1) {
    pass(1000);
    await one.own('relay');
  }

  expect(await two.own('job')).toBe('taken');
  expect(await one.own('job')).toBe('elsewhere');
  expect(await one.own('relay')).toBe('kept');
});
