import { eventually } from '@switchboard/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLedger, creditRecord, type Ledger } from './testing/ledger.ts';

let ledger: Ledger;
beforeEach(async () => {
  ledger = await createLedger();
});
afterEach(async () => {
  await ledger.close();
});

/** More than the column holds: the database refuses it, not the domain. */
const REFUSED = 3_000_000_000;

test('whoever waits and cannot be saved does not keep what it waits for from being created; its neighbours go on', async () => {
  const hallway = await ledger.replica();
  await ledger.bus.publish([creditRecord('a', 5), creditRecord('a', REFUSED), creditRecord('a', 7)]);
  await eventually(async () => expect(await ledger.database.query('select 1 from waiting')).toHaveLength(3));

  expect(await hallway.submit({ type: 'open', data: { id: 'a' } })).toMatchObject({ outcome: 'done' });

  await eventually(async () => expect(await ledger.account('a')).toMatchObject({ total: 12 }), { timeoutMs: 15_000 });
  await eventually(async () =>
    expect(await ledger.database.query('select reason from dead_letter')).toEqual([{ reason: 'failed' }]),
  );
  expect(await ledger.database.query('select 1 from waiting')).toEqual([]);
});
