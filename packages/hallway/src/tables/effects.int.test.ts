import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLedger, type Ledger } from '../testing/ledger.ts';
import { addEffects, changeHolds, finishEffects, leaseEffects, postponeEffects, returnEffect } from './effects.ts';
import type { HoldChange, LeasedEffect } from './effects.ts';

let ledger: Ledger;
beforeEach(async () => {
  ledger = await createLedger();
});
afterEach(() => ledger.close());

const add = (queue: string, count: number): Promise<void> =>
  addEffects(
    ledger.database,
    Array.from({ length: count }, (_, n) => ({
      request: { kind: 'bank', id: `${queue}-${String(n).padStart(4, '0')}`, queue, data: { n } },
      trace: { correlationId: 'c' },
    })),
  );

const none = new Map<string, number>();
const lease = (rest: Partial<Parameters<typeof leaseEffects>[1]> = {}): Promise<LeasedEffect[]> =>
  leaseEffects(ledger.database, { limit: 100, perQueue: 8, busy: none, leaseMs: 60_000, ...rest });

const holds = (queue: string, change: HoldChange): Promise<void> =>
  changeHolds(ledger.database, new Map([[queue, change]]));

const queuesOf = (effects: readonly LeasedEffect[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(effects.map(({ queue }) => queue))]
      .sort()
      .map((queue) => [queue, effects.filter((one) => one.queue === queue).length]),
  );

test('each is taken once, however many take at the same time', async () => {
  await Promise.all(['a', 'b', 'c'].map((queue) => add(queue, 200)));
  const taken: string[] = [];
  const work = async (): Promise<void> => {
    for (let dry = 0; dry < 3;) {
      const effects = await lease();
      dry = effects.length === 0 ? dry + 1 : 0;
      taken.push(...effects.map(({ id }) => id));
      await finishEffects(ledger.database, effects);
    }
  };

  await Promise.all([work(), work(), work(), work()]);

  expect(taken).toHaveLength(new Set(taken).size);
  expect(taken).toHaveLength(600);
}, 60_000);

test('a long queue hides no short one, and each has its own places', async () => {
  await add('long', 500);
  await add('short', 1);

  expect(queuesOf(await lease())).toEqual({ long: 8, short: 1 });
  expect(queuesOf(await lease({ busy: new Map([['long', 8]]) }))).toEqual({});
  expect(queuesOf(await lease({ busy: new Map([['long', 5]]), perQueue: 8 }))).toEqual({ long: 3 });
});

test('a queue that is held waits, and then one goes first, until one works', async () => {
  await add('away', 20);
  await add('here', 1);
  const [first] = (await lease({ perQueue: 1 })).filter(({ queue }) => queue === 'away');
  if (first === undefined) throw new Error('nothing was taken');
  await holds('away', { cleared: false, failures: 1, holdMs: 60_000 });
  await postponeEffects(ledger.database, [{ effect: first, again: 1000, data: { n: 'changed' } }]);

  expect(queuesOf(await lease())).toEqual({});
  await ledger.moveClock(61_000);
  const [probe, ...others] = await lease();
  expect(others).toEqual([]);
  expect(probe).toMatchObject({ queue: 'away', failures: 1, failingSince: expect.any(Date) as Date });
  if (probe !== undefined) await finishEffects(ledger.database, [probe]);
  await holds('away', { cleared: true, failures: 0, holdMs: undefined });

  expect(queuesOf(await lease())).toEqual({ away: 8 });
});

test('one that is given back is due at once, as if it had not been taken', async () => {
  await add('a', 1);
  const [taken] = await lease();
  if (taken === undefined) throw new Error('nothing was taken');
  expect(await lease()).toEqual([]);

  await returnEffect(ledger.database, taken);

  expect(await lease()).toMatchObject([{ id: taken.id, attempt: 1 }]);
});
