import { readFileSync } from 'node:fs';
import { openDatabase, type ServiceDatabase } from '@switchboard/service';
import { clockSql } from '@switchboard/service/clock';
import { testDatabase, type TestDatabase } from '@switchboard/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addEffects, leaseEffects } from './effects.ts';
import { readBacklog } from './backlog.ts';
import { insertOutbox, moveToHistory, unpublished } from './outbox.ts';
import { lookAround } from './sight.ts';
import { saveTimers, unknownTimers } from './timers.ts';

let home: TestDatabase;
let database: ServiceDatabase;
beforeAll(async () => {
  home = await testDatabase();
  const options = { schema: 'sla', application: 'sight', connections: 1, onIdleError: () => undefined };
  database = openDatabase({ url: home.url, ...options });
  const files = ['0000_hallway.sql', '0001_windows.sql', '0002_effects.sql'];
  await database.script(async (sql) => {
    await sql.run(clockSql);
    await sql.run('create schema sla');
    for (const file of files) await sql.run(readFileSync(new URL(`../../migrations/${file}`, import.meta.url), 'utf8'));
  });
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const look = () => lookAround(database, { timerKinds: ['known'], aheadMs: 600 });
const nothing = { outbox: false, timers: false, effects: false, newest: 0n };
const trace = { correlationId: 'test' };
const timerIn = (ms: number, kind = 'known') =>
  saveTimers(database, [{ change: { set: { kind, id: kind, due: new Date(Date.now() + ms) } }, trace }]);

test('nothing to do is nothing to see; timers that are far off or of unknown kinds are not either', async () => {
  expect(await look()).toEqual(nothing);
  await timerIn(-1000, 'unknown');
  await timerIn(60_000);
  expect(await look()).toEqual(nothing);
});

test('however many timers are far off and however much was published, no table is read from its beginning', async () => {
  const readInOrder = async () => {
    await database.query('select pg_stat_force_next_flush()');
    return database.query(
      `select relname, seq_scan::int as times from pg_stat_user_tables
        where schemaname = 'sla' and relname in ('timer', 'outbox') order by relname`,
    );
  };
  await database.query(
    `insert into timer (kind, id, due, trace)
     select 'known', 'far-' || n, now() + interval '1 hour' + random() * interval '1 day', '{}' from generate_series(1, 20000) n`,
  );
  await database.query(
    `insert into outbox (topic, key, headers) select 'topic', 'key', '{}' from generate_series(1, 5000)`,
  );
  await database.query('delete from outbox');
  await database.query('analyze timer, outbox');
  const before = await readInOrder();
  expect(await look()).toEqual(nothing);
  await readBacklog(database, { waitingWindowMs: 1, timerKinds: ['known'], unclaimedMs: 1 });
  await unknownTimers(database, { kinds: ['known'], overdueMs: 1, limit: 10 });
  expect(await readInOrder()).toEqual(before);
  await database.query(`delete from timer where id like 'far-%'`);
});

test('a timer is seen shortly before it is due', async () => {
  await timerIn(500);
  expect(await look()).toEqual({ ...nothing, timers: true });
  await timerIn(60_000);
});

test('a call is seen until somebody makes it', async () => {
  await addEffects(database, [{ request: { kind: 'call', id: 'one', data: {} }, trace }]);
  expect(await look()).toEqual({ ...nothing, effects: true });
  await leaseEffects(database, { limit: 1, perQueue: 1, busy: new Map(), leaseMs: 60_000 });
  expect(await look()).toEqual(nothing);
});

test('what another replica leaves in the outbox is seen, and once it is published its number', async () => {
  await insertOutbox(database, [{ topic: 'topic', key: 'key', headers: {}, value: '{}' }]);
  expect(await look()).toEqual({ ...nothing, outbox: true });
  const lease = { name: 'relay', holder: 'test' };
  await database.query(
    `insert into lease (name, holder, until) values ('relay', 'test', clock_timestamp() + interval '1 minute')`,
  );
  const rows = await unpublished(database, 10, 1_000_000);
  await moveToHistory(
    database,
    rows.map(({ seq }) => seq),
    lease,
  );
  expect(await look()).toEqual({ ...nothing, newest: 1n });
});
