import { readFileSync } from 'node:fs';
import { openDatabase, type ServiceDatabase } from '@switchboard/service';
import { clockSql } from '@switchboard/service/clock';
import { testDatabase, type TestDatabase } from '@switchboard/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertOutbox, unpublished } from './outbox.ts';

let home: TestDatabase;
let database: ServiceDatabase;
beforeAll(async () => {
  home = await testDatabase();
  const options = { schema: 'sla', application: 'outbox', connections: 1, onIdleError: () => undefined };
  database = openDatabase({ url: home.url, ...options });
  const hallway = readFileSync(new URL('../../migrations/0000_hallway.sql', import.meta.url), 'utf8');
  await database.script(async (sql) => {
    await sql.run(clockSql);
    await sql.run('create schema sla');
    await sql.run(hallway);
  });
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

test('the oldest rows are read, to the row that reaches the bytes, and one however large it is', async () => {
  const row = (key: string, bytes: number) => ({ topic: 'topic', key, headers: {}, value: 'x'.repeat(bytes) });
  await insertOutbox(database, [row('a', 4000), row('b', 4000), row('c', 4000), row('d', 4000)]);
  const keysOf = async (limit: number, bytes: number): Promise<string[]> =>
    (await unpublished(database, limit, bytes)).map(({ key }) => key);

  expect(await keysOf(10, 1_000_000)).toEqual(['a', 'b', 'c', 'd']);
  expect(await keysOf(10, 5000)).toEqual(['a', 'b']);
  expect(await keysOf(10, 1)).toEqual(['a']);
  expect(await keysOf(3, 1_000_000)).toEqual(['a', 'b', 'c']);
});
