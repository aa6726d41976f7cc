import { eventually } from '@switchboard/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLedger, creditRecord, openRecord, type Ledger } from './testing/ledger.ts';

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

test('whoever waits is decided before what comes behind the creation in the same batch', async () => {
  await ledger.replica();
  await ledger.bus.publish([creditRecord('a', 5), creditRecord('b', 1)]);
  await eventually(async () => expect(await ledger.database.query('select 1 from waiting')).toHaveLength(2));

  await ledger.bus.publish([
    ...[creditRecord('a', 7), openRecord('a'), creditRecord('a', 11)],
    ...[openRecord('b'), creditRecord('b', 2), openRecord('c')],
  ]);

  await eventually(() => expect(totals('a')).toEqual([0, 5, 12, 23]));
  await eventually(() => expect(totals('b')).toEqual([0, 1, 3]));
  expect(await ledger.database.query('select 1 from waiting')).toEqual([]);
});

test('who waits and is unknown to a replica of the version before keeps the seat, and is called for those who know it', async () => {
  await ledger.replica();
  await ledger.bus.publish([creditRecord('a', 5), creditRecord('a', 7), creditRecord('b', 1), creditRecord('c', 3)]);
  await eventually(async () => expect(await ledger.database.query('select 1 from waiting')).toHaveLength(4));
  const rename = (from: string, to: string): Promise<unknown> =>
    ledger.database.query(
      `update waiting set message = jsonb_set(message, '{type}', to_jsonb($2::text))
        where message->>'type' = $1 and (message->'data'->>'amount')::int in (5, 1)`,
      [from, to],
    );
  await rename('credit', 'credit-of-tomorrow');
  await ledger.database.query(`update waiting set expires_at = '-infinity' where ref_id in ('b', 'c')`);

  await ledger.bus.publish([openRecord('a')]);

  await eventually(() => expect(totals('a')).toEqual([0, 7]));
  // Whoever is known and sat there in vain is given up, so the room was looked after.
  const buried = 'select reason from dead_letter';
  const inVain = { reason: 'never-arrived' };
  await eventually(async () => expect(await ledger.database.query(buried)).toEqual([inVain]), { timeoutMs: 15_000 });
  const left = `select ref_id as id, expires_at = '-infinity' as called from waiting order by ref_id`;
  expect(await ledger.database.query(left)).toEqual([
    { id: 'a', called: true },
    { id: 'b', called: true },
  ]);

  await rename('credit-of-tomorrow', 'credit');

  await eventually(() => expect(totals('a')).toEqual([0, 7, 12]), { timeoutMs: 15_000 });
  await eventually(async () => expect(await ledger.database.query(buried)).toEqual([inVain, inVain]));
});

/** What an account said it came to, one version after the other. */
function totals(id: string): unknown[] {
  const own = ledger.bus.records.filter(({ topic, key }) => topic === 'test.sla' && key?.toString() === id);
  return own.map(
    ({ value }) => (JSON.parse(value?.toString() ?? '{}') as { definition?: { total?: number } }).definition?.total,
  );
}
