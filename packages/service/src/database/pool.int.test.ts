import { together, type Sql } from '@switchboard/hallway';
import { startFaultProxy, testDatabase } from '@switchboard/testing';
import type { TestDatabase } from '@switchboard/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clockShift, clockSql } from './clock.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './pool.ts';
import type { ServiceDatabase } from './pool.ts';

const folder = { name: 'example', url: new URL('../testing/example/migrations/', import.meta.url) };
let server: TestDatabase;
beforeAll(async () => {
  server = await testDatabase();
});
afterAll(() => server.drop());

async function using<T>(
  options: { url?: string; schema: string; silence?: number },
  work: (database: ServiceDatabase) => Promise<T>,
): Promise<T> {
  const database = openDatabase({
    url: server.url,
    application: 'test',
    connections: 3,
    onIdleError: () => undefined,
    ...options,
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function asOwner(text: string): Promise<void> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query(text);
  await client.end();
}

describe('migrate', () => {
  test('by five replicas at once applies every file once', async () => {
    const applied = await Promise.all(
      Array.from({ length: 5 }, () => using({ schema: 'five' }, (database) => migrate(database, 'five', [folder]))),
    );

    expect(applied.sort()).toEqual([0, 0, 0, 0, 1]);
  });

  test('says what is missing where the role may make no clock', async () => {
    const confined = await testDatabase();
    await new Promise<void>((resolve, reject) => {
      const client = new Client({ connectionString: confined.url });
      const role = `confined_${String(process.pid)}`;
      client
        .connect()
        .then(() => client.query(`create role ${role} login password 'x'`))
        .then(() => client.end())
        .then(resolve, reject);
    });
    const url = new URL(confined.url);
    url.username = `confined_${String(process.pid)}`;
    url.password = 'x';

    const failing = using({ url: url.href, schema: 'own' }, (database) => migrate(database, 'own', [folder]));

    await expect(failing).rejects.toThrow(/clock\.now\(\) is missing and the role confined_\d+ may not create it/);
    await confined.drop();
    await asOwner(`drop role ${url.username}`);
  });

  test('leaves nothing behind when a file fails', async () => {
    const broken = { name: 'broken', url: new URL('../testing/broken-migrations/', import.meta.url) };

    await using({ schema: 'half' }, async (database) => {
      await expect(migrate(database, 'half', [folder, broken])).rejects.toThrow();
      expect(await database.query(`select to_regclass('half.account') as found`)).toEqual([{ found: null }]);
    });
  });
});

describe('the clock', () => {
  test('tells how far it was moved, and can be made again', async () => {
    await using({ schema: 'five' }, async (database) => {
      await asOwner(clockSql);
      expect(await clockShift(database)).toBe(0);
      await asOwner(`update clock.shift set moved = '1 day'`);
      expect(await clockShift(database)).toBe(86_400_000);
      await asOwner(`update clock.shift set moved = '0'`);
    });
  });
});

describe('a fault', () => {
  const faults: readonly [string, string, string][] = [
    ['a wrong statement', 'selec 1', 'deterministic'],
    ['a value that does not fit', `select 'x'::int`, 'deterministic'],
    ['a unique key', 'insert into twice values (1)', 'conflict'],
    ['a lock that is taken', 'select * from twice for update nowait', 'infrastructure'],
    ['a statement that takes too long', `set local statement_timeout = 1; select pg_sleep(1)`, 'infrastructure'],
    ['a server that only reads', 'set transaction read only; insert into twice values (2)', 'infrastructure'],
    ['a connection that is cut', 'select pg_terminate_backend(pg_backend_pid())', 'infrastructure'],
  ];

  test.each(faults)('%s: %s is %s', async (_name, statement, expected) => {
    await asOwner('create schema if not exists faults; create table if not exists faults.twice (id int primary key)');
    await asOwner('insert into faults.twice values (1) on conflict do nothing');
    await using({ schema: 'faults' }, async (database) => {
      const failing = database.transaction(async (held) => {
        await held.query('select * from twice for update');
        await database.script((sql) => sql.run(statement));
      });
      const failure: unknown = await failing.then(
        () => undefined,
        (error: unknown) => error,
      );

      expect(database.classify(failure)).toBe(expected);
      expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    });
  });

  test('a server that is gone without a word is infrastructure, and another connection serves', async () => {
    const { hostname: host, port } = new URL(server.url);
    const proxy = await startFaultProxy({ host, port: Number(port) });
    const url = new URL(server.url);
    url.host = proxy.address;

    await using({ url: url.href, schema: 'five', silence: 2000 }, async (database) => {
      const failing = database.transaction(async (sql) => {
        await sql.query('select 1');
        await proxy.trouble({ kind: 'half-open' });
        await together(sql.query('select 2'), sql.query('select 3'));
      });
      const failure: unknown = await failing.catch((error: unknown) => error);

      expect(database.classify(failure)).toBe('infrastructure');
      expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    });
    await proxy.close();
  });

  test('a statement whose table became another is prepared anew', async () => {
    await asOwner('create table public.growing (id integer)');
    await using({ schema: 'public' }, async (database) => {
      const read = (): Promise<unknown[]> => database.transaction((sql) => sql.query('select * from growing'));
      expect(await read()).toEqual([]);
      await asOwner('alter table public.growing alter id type text; insert into public.growing values (1)');

      const failure: unknown = await read().catch((error: unknown) => error);

      expect(database.classify(failure)).toBe('infrastructure');
      expect(await read()).toEqual([{ id: '1' }]);
    });
  });

  test('nobody listening is infrastructure', async () => {
    const url = new URL(server.url);
    url.port = '1';

    await using({ url: url.href, schema: 'five' }, async (database) => {
      const failure: unknown = await database.query('select 1').catch((error: unknown) => error);
      expect(database.classify(failure)).toBe('infrastructure');
    });
  });
});

describe('a transaction', () => {
  test('that fails leaves nothing, and its connection is used again', async () => {
    await using({ schema: 'five' }, async (database) => {
      const failing = database.transaction(async (sql) => {
        await sql.query(`insert into queue values ('q', 1, '{}', now())`);
        throw new Error('decided otherwise');
      });

      await expect(failing).rejects.toThrow('decided otherwise');
      expect(await database.query('select * from queue')).toEqual([]);
    });
  });

  test('that goes on behind a failed statement is not taken for committed', async () => {
    await using({ schema: 'five' }, async (database) => {
      const failing = database.transaction(async (sql) => {
        await sql.query(`insert into queue values ('q', 1, '{}', now())`);
        await sql.query('selec').catch(() => undefined);
        return 'done';
      });

      await expect(failing).rejects.toThrow('nothing was committed');
      expect(await database.query('select * from queue')).toEqual([]);
    });
  });
});

test('statements that are sent together are one transaction still, and its connection is good afterwards', async () => {
  await using({ schema: 'public' }, async (database) => {
    await database.script((sql) => sql.run('create table pair (id integer primary key)'));
    const add = (id: number) => (sql: Sql) => sql.query('insert into pair values ($1) returning id', [id]);

    const failing = database.transaction((sql) => together(add(1)(sql), add(1)(sql), sql.query('select * from pair')));

    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await database.query('select * from pair')).toEqual([]);
    const rounds = Array.from({ length: 6 }, (_, round) =>
      database.transaction((sql) => together(add(2 * round)(sql), add(2 * round + 1)(sql))),
    );
    expect((await Promise.all(rounds)).flat(2)).toEqual(Array.from({ length: 12 }, (_, id) => ({ id })));
  });
});
