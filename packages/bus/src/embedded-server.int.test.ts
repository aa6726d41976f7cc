/** What the embedded bus asks of its database, and what it does when the database goes away. */
import { randomUUID } from 'node:crypto';
import { eventually, startPostgres, testDatabase } from '@switchboard/testing';
import type { TestDatabase } from '@switchboard/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect, numbersOf, patience, range, record, sorted } from './conformance/bench.ts';
import { provisionEmbeddedBus } from './embedded-provision.ts';
import { createEmbeddedBus } from './embedded.ts';
import type { Bus } from './port.ts';

let database: TestDatabase;
let admin: Client;

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.url });
  await admin.connect();
  await provisionEmbeddedBus(admin, []);
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

describe('its schema', () => {
  test('given a database, when it is provisioned several times at once, then nothing goes wrong', async () => {
    const fresh = await testDatabase();
    const clients = range(3).map(() => new Client({ connectionString: fresh.url }));
    await Promise.all(clients.map((client) => client.connect()));
    await Promise.all(clients.map((client) => provisionEmbeddedBus(client, ['postgres'])));
    await Promise.all(clients.map((client) => provisionEmbeddedBus(client, ['postgres'])));
    await Promise.all(clients.map((client) => client.end()));
    await fresh.drop();
  });

  test('given a role that was let in, when it uses the bus, then only the functions let it', async () => {
    const role = `Role "${randomUUID().slice(0, 8)}"`;
    const quoted = admin.escapeIdentifier(role);
    await admin.query(`create role ${quoted} login password 'secret'`);
    await provisionEmbeddedBus(admin, [role]);
    const url = new URL(database.url);
    url.username = encodeURIComponent(role);
    url.password = 'secret';
    const bus = createEmbeddedBus({ connectionString: url.href });
    const topic = randomUUID();
    await bus.ensureTopics([topic], 2);
    const seen = await collect(bus, { group: topic, topics: [topic] });
    await bus.publish([record(topic, 'a', 1)]);
    await eventually(async () => {
      expect(numbersOf(seen.records)).toEqual([1]);
      expect(await seen.subscription.lag()).toBe(0);
    });
    await bus.close();
    const direct = new Client({ connectionString: url.href });
    await direct.connect();
    for (const table of ['topics', 'partitions', 'records', 'groups', 'members', 'positions']) {
      await expect(direct.query(`select from bus.${table}`)).rejects.toThrow('permission denied');
      await expect(direct.query(`delete from bus.${table}`)).rejects.toThrow('permission denied');
    }
    await direct.end();
  });

  test('given a role that was not let in, when it uses the bus, then it is refused', async () => {
    const role = `stranger_${randomUUID().replaceAll('-', '')}`;
    await admin.query(`create role ${role} login password 'secret'`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'secret';
    const bus = createEmbeddedBus({ connectionString: url.href });
    await expect(bus.ping()).rejects.toThrow('permission denied');
    await bus.close();
  });
});

describe('its offsets', () => {
  test('given many publishers at once, when they are done, then each partition is without gaps and each key in order', async () => {
    const buses = range(4).map(() => createEmbeddedBus({ connectionString: database.url }));
    const topic = randomUUID();
    await buses[0]?.ensureTopics([topic], 12);
    // Each call touches many partitions, each publisher in another order: they must not block each other in a circle.
    const publishAll = async (bus: Bus, publisher: string, turned: boolean): Promise<void> => {
      const keys = range(20).map((n) => `key ${publisher} ${String(n)}`);
      if (turned) keys.reverse();
      for (const n of range(20))
        await bus.publish(keys.flatMap((key) => [record(topic, key, n * 2), record(topic, key, n * 2 + 1)]));
    };
    await Promise.all(
      buses.flatMap((bus, at) => [publishAll(bus, `${String(at)} a`, false), publishAll(bus, `${String(at)} b`, true)]),
    );
    const { rows } = await admin.query<{ partition: number; offsets: string[] }>(
      `select partition, array_agg(r."offset" order by r."offset") as offsets from bus.records r
       join bus.topics t on t.id = r.topic_id where t.name = $1 group by partition`,
      [topic],
    );
    expect(rows.reduce((sum, { offsets }) => sum + offsets.length, 0)).toBe(6400);
    for (const { offsets } of rows) expect(offsets.map(Number)).toEqual(range(offsets.length));
    const [bus] = buses;
    if (bus === undefined) throw new Error('no bus');
    const seen = await collect(bus, { group: topic, topics: [topic] });
    await eventually(() => {
      expect(seen.records).toHaveLength(6400);
    }, patience);
    for (const [, records] of Map.groupBy(seen.records, ({ key }) => String(key))) {
      expect(numbersOf(records)).toEqual(range(40));
    }
    await Promise.all(buses.map((one) => one.close()));
  });

  test('given an idle reader, when a record comes, then it is told at once rather than at its next look', async () => {
    const bus = createEmbeddedBus({ connectionString: database.url });
    const topic = randomUUID();
    await bus.ensureTopics([topic], 1);
    const seen = await collect(bus, { group: topic, topics: [topic] });
    const waits: number[] = [];
    for (const n of range(5)) {
      const began = performance.now();
      await bus.publish([record(topic, 'a', n)]);
      await eventually(
        () => {
          expect(seen.records).toHaveLength(n + 1);
        },
        { intervalMs: 1 },
      );
      waits.push(performance.now() - began);
    }
    // The fallback poll alone would take half a second on average.
    expect(waits.toSorted((a, b) => a - b)[2]).toBeLessThan(200);
    await bus.close();
  });
});

describe('its cleaning', () => {
  test('given old records, when cleaned, then those that every group has read go and new groups start behind them', async () => {
    const bus = createEmbeddedBus({ connectionString: database.url });
    const topic = randomUUID();
    await bus.ensureTopics([topic], 1);
    await bus.publish(range(10).map((n) => record(topic, 'a', n)));
    const seen = await collect(bus, { group: `${topic}.read`, topics: [topic] });
    await eventually(async () => {
      expect(await seen.subscription.lag()).toBe(0);
    });
    const remaining = async (): Promise<number> => {
      const { rows } = await admin.query<{ count: string }>(
        'select count(*) from bus.records r join bus.topics t on t.id = r.topic_id where t.name = $1',
        [topic],
      );
      return Number(rows[0]?.count);
    };
    await bus.publish([record(topic, 'a', 10)]);
    const slow = await collect(bus, {
      group: `${topic}.slow`,
      topics: [topic],
      maxBatch: 4,
      onRecords: (records) => (numbersOf(records).includes(4) ? Promise.reject(new Error('stuck')) : Promise.resolve()),
    });
    await eventually(() => {
      expect(numbersOf(slow.records)).toEqual([0, 1, 2, 3]);
    });
    await eventually(async () => {
      expect(await slow.subscription.lag()).toBe(7);
    });
    await admin.query('select bus.clean(3600000, 1000)');
    expect(await remaining()).toBe(11);
    await admin.query('select bus.clean(0, 3)');
    expect(await remaining()).toBe(8);
    await admin.query('select bus.clean(0, 1000)');
    expect(await remaining()).toBe(7);
    const late = await collect(bus, { group: `${topic}.late`, topics: [topic] });
    await eventually(() => {
      expect(numbersOf(late.records)).toEqual([4, 5, 6, 7, 8, 9, 10]);
    });
    await eventually(async () => {
      expect(await late.subscription.lag()).toBe(0);
    });
    await bus.close();
  });
});

describe('its window', () => {
  test('given more old records than one cleaning removes, when a member cleans, then it goes on until none is left', async () => {
    const topic = randomUUID();
    const publisher = createEmbeddedBus({ connectionString: database.url });
    await publisher.ensureTopics([topic], 1);
    for (let at = 0; at < 3; at += 1) await publisher.publish(range(900).map((n) => record(topic, 'a', n)));
    const bus = createEmbeddedBus({ connectionString: database.url, retentionMs: 1, cleanEveryMs: 100 });
    const seen = await collect(bus, { group: topic, topics: [topic] });

    await eventually(async () => {
      expect(seen.records).toHaveLength(2700);
      const { rows } = await admin.query<{ count: string }>(
        'select count(*) from bus.records r join bus.topics t on t.id = r.topic_id where t.name = $1',
        [topic],
      );
      expect(Number(rows[0]?.count)).toBe(0);
    });
    await bus.close();
    await publisher.close();
  });
});

describe('its connections', () => {
  test('given readers at work, when every connection is cut again and again, then all records arrive', async () => {
    const bus = createEmbeddedBus({ connectionString: database.url });
    const topic = randomUUID();
    await bus.ensureTopics([topic], 3);
    const seen = await collect(bus, { group: topic, topics: [topic] });
    for (const round of range(5)) {
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name like 'switchboard-bus%'`,
      );
      await eventually(() => bus.publish(range(20).map((n) => record(topic, String(n), round * 20 + n))));
    }
    await eventually(() => {
      expect(new Set(sorted(seen.records)).size).toBe(100);
    }, patience);
    expect(seen.deaths).toEqual([]);
    await bus.close();
  });

  test('given a reader, when the server is away for a while, then it reads on afterwards', async () => {
    const server = await startPostgres();
    const own = new Client({ connectionString: server.url });
    await own.connect();
    await provisionEmbeddedBus(own, []);
    await own.end();
    const bus = createEmbeddedBus({ connectionString: server.url });
    const topic = randomUUID();
    await bus.ensureTopics([topic], 3);
    const seen = await collect(bus, { group: topic, topics: [topic] });
    await bus.publish([record(topic, 'a', 0)]);
    await eventually(() => {
      expect(numbersOf(seen.records)).toEqual([0]);
    });
    await server.kill();
    // A backend may outlive its killed server by a moment: this one gets through or is refused, but does not hang.
    await bus.publish([record(topic, 'a', 1)]).catch(() => undefined);
    await server.restart();
    await eventually(() => bus.publish([record(topic, 'a', 2)]), patience);
    await eventually(() => {
      expect(numbersOf(seen.records)).toContain(2);
    }, patience);
    expect(seen.deaths).toEqual([]);
    await bus.close();
    await server.stop();
  });
});
