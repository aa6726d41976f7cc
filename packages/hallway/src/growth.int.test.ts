/** A long run in short: windows of seconds, round after round. What is done leaves no trace in the size of any table or index. */
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeEvent } from '@switchboard/contracts';
import { eventually } from '@switchboard/testing';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLedger, type Ledger } from './testing/ledger.ts';

let ledger: Ledger;
beforeEach(async () => {
  ledger = await createLedger();
});
afterEach(() => ledger.close());

const WINDOW = 2000;
const ACCOUNTS = 20;

/** Commands under keys, records that wait for their account, records, timers: of every kind of work some. */
async function work(hallway: Awaited<ReturnType<Ledger['replica']>>, round: number): Promise<void> {
  const ids = Array.from({ length: ACCOUNTS }, (_, index) => `a${String(round)}-${String(index)}`);
  await ledger.bus.publish(ids.map((id) => credit(id)));
  await Promise.all(
    ids.flatMap((id) => [
      hallway.submit({ type: 'open', data: { id } }, { idempotency: keyed(id) }),
      hallway.submit({ type: 'credit-later', data: { id, amount: 1, due: new Date().toISOString() } }),
    ]),
  );
  await ledger.bus.publish([...ids, ...ids, ...ids].map((id) => credit(id)));
  await eventually(async () => {
    const rows = await ledger.database.query<{ total: number }>(
      `select sum(total)::int as total from account where id like 'a${String(round)}-%'`,
    );
    expect(rows[0]?.total).toBe(5 * ACCOUNTS);
  });
}

const keyed = (id: string) => ({
  ...{ scope: 's', key: id, fingerprint: 'f' },
  respond: (reply: unknown) => ({ status: 201, body: reply }),
});

function credit(id: string): Parameters<Ledger['bus']['publish']>[0][number] {
  const [event, trace] = [uuidv7(), { correlationId: 'c' }];
  return encodeEvent(
    {
      ...{ id: event, type: 'switchboard.routing.v1.QueueChanged', subject: id, sequence: 1, trace },
      ...{ time: new Date().toISOString(), data: { id, definition: { amount: 1 } } },
    },
    { service: 'routing', prefix: 'test' },
  );
}

/** Bytes of the hallway's tables with their indexes, and rows, after a vacuum as autovacuum would do it. */
async function sizes(): Promise<{ bytes: number; rows: number; partitions: number }> {
  const tables = ['inbox_other', 'outbox', 'timer', 'effect', 'waiting', 'dead_letter', 'idempotency', 'lease'];
  for (const table of tables) await ledger.database.query(`vacuum ${table}`);
  const [row] = await ledger.database.query<{ bytes: number; rows: number; partitions: number }>(
    `select sum(pg_total_relation_size(c.oid))::int as bytes,
            (select count(*)::int from inbox) + (select count(*)::int from outbox_history)
              + (select count(*)::int from idempotency) as rows,
            (select count(*)::int from pg_inherits) as partitions
       from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> 'account'`,
  );
  return row ?? { bytes: 0, rows: 0, partitions: 0 };
}

test('after its windows, a house that goes on working is as large as before', { timeout: 120_000 }, async () => {
  // The partitions that the migration made, a day long, go first: their windows are seconds here.
  const windows = { history: WINDOW, inbox: WINDOW, answers: WINDOW, replayed: WINDOW };
  for (const table of ['inbox', 'outbox_history']) {
    const parts = await ledger.database.query<{ name: string }>(
      'select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass',
      [table],
    );
    for (const { name } of parts) if (name !== 'inbox_other') await ledger.database.query(`drop table ${name}`);
  }
  const hallway = await ledger.replica({ windows });
  const seen: { bytes: number; rows: number; partitions: number }[] = [];
  const until = Date.now() + 14_000;
  for (let round = 0; Date.now() < until; round += 1) {
    await work(hallway, round);
    await sleep(200);
    // A partition may be dropped while it is being measured.
    seen.push(await eventually(sizes));
  }

  const half = Math.floor(seen.length / 2);
  const most = (of: 'bytes' | 'rows' | 'partitions', rounds: typeof seen): number =>
    Math.max(...rounds.map((one) => one[of]));
  for (const what of ['bytes', 'rows', 'partitions'] as const) {
    expect(most(what, seen.slice(half))).toBeLessThanOrEqual(most(what, seen.slice(0, half)) * 1.5);
  }
  // Of the ten rows and more that each account left, most are gone.
  const [done] = await ledger.database.query<{ count: number }>('select count(*)::int from account');
  expect(seen.at(-1)?.rows).toBeLessThan(5 * (done?.count ?? 0));
});
