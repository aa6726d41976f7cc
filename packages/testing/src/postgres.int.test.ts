import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, testDatabase } from './index.ts';

type Server = Awaited<ReturnType<typeof startPostgres>>;

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('a server of one test', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('keeps what was committed through kill -9 and a restart', async () => {
    await query(server.url, 'create table kept (n int)');
    await query(server.url, 'insert into kept values (1)');
    await server.kill();
    await expect(query(server.url, 'select 1')).rejects.toThrow();
    await server.restart();
    expect(await query(server.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('is durable: nothing is given up for speed', async () => {
    const rows = await query(
      server.url,
      `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit')`,
    );
    expect(rows.map((row) => row.setting)).toEqual(['on', 'on']);
  });
});

describe('a database of one test', () => {
  it('is fresh, and gone after drop', async () => {
    const database = await testDatabase();
    expect(await query(database.url, 'select count(*)::int as n from pg_tables where schemaname = $$public$$')).toEqual(
      [{ n: 0 }],
    );
    await database.drop();
    await expect(query(database.url, 'select 1')).rejects.toThrow(/does not exist/u);
  });
});
