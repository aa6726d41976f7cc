/** What every adapter of the bus must do; `kafka.int.test.ts` and `embedded.int.test.ts` run it. */
import { randomUUID } from 'node:crypto';
import { eventually } from '@switchboard/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { holdBatchInProcess } from './conformance-process.ts';
import { RecordTooLargeError } from './port.ts';
import { recordBytes } from './records.ts';
import type { ProcessBus } from './conformance-process.ts';
import type { Bus, IncomingRecord, OutgoingRecord, SubscribeOptions, Subscription } from './port.ts';

export interface Adapter {
  readonly name: string;
  /** A client with connections of its own; its members are given up after `silenceMs`. */
  createBus(): Bus;
  /** A client whose server is not there. */
  createLostBus(): Bus;
  /** For another process to build the same client. */
  processBus(): ProcessBus;
  /** Silence after which a member's partitions go to others. */
  readonly silenceMs: number;
  /** Sees to it that a running consumer of the topic can never read on. */
  ruin(topic: string): Promise<void>;
  /** Makes a topic that `ruin` can act on, where not every topic will do. */
  ruinableTopic?(topic: string): Promise<void>;
}

/** Longer than any rebalance takes. */
const patience = { timeoutMs: 25_000 };

export function busConformance(adapter: Adapter): void {
  const opened: Bus[] = [];

  function open(): Bus {
    const bus = adapter.createBus();
    opened.push(bus);
    return bus;
  }

  async function openWithTopic(partitions = 3): Promise<{ bus: Bus; topic: string; group: string }> {
    const bus = open();
    const topic = `conformance.${randomUUID()}`;
    await bus.ensureTopics([topic], partitions);
    return { bus, topic, group: `group.${randomUUID()}` };
  }

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((bus) => bus.close()));
  });

  describe(`${adapter.name}: publishing`, () => {
    test('given nothing there, when topics are ensured twice, then the first partition count stays', async () => {
      const { bus, topic, group } = await openWithTopic(2);
      await bus.ensureTopics([topic, topic], 7);
      await bus.publish(range(100).map((n) => record(topic, String(n), n)));
      const seen = await collect(bus, { group, topics: [topic] });
      await eventually(() => {
        expect(seen.records).toHaveLength(100);
      }, patience);
      expect(new Set(seen.records.map(({ partition }) => partition))).toEqual(new Set([0, 1]));
    });

    test('given records of many keys, when read, then each key has one partition and its order', async () => {
      const { bus, topic, group } = await openWithTopic();
      const numbers = range(1000);
      for (const start of [0, 250, 500, 750]) {
        await bus.publish(numbers.slice(start, start + 250).map((n) => record(topic, `key ${String(n % 20)}`, n)));
      }
      const seen = await collect(bus, { group, topics: [topic] });
      await eventually(() => {
        expect(seen.records).toHaveLength(1000);
      }, patience);
      for (const [, records] of Map.groupBy(seen.records, ({ key }) => String(key))) {
        expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
        expect(numbersOf(records)).toEqual(numbersOf(records).toSorted((a, b) => a - b));
      }
    });

    test('given any bytes and any words, when read, then they are the same', async () => {
      const { bus, topic, group } = await openWithTopic(1);
      const headers = { 'ce_type': 'a.b.C', 'Grüße': 'žluťoučký 🐎', empty: '', 'with nul': 'a\u0000b', quote: `"'\\{},` };
      const bytes = Buffer.from(range(256));
      await bus.publish([
        { topic, key: 'ключ', value: bytes, headers },
        { topic, key: bytes, value: Buffer.alloc(0), headers: {} },
        { topic, key: 'gone', value: null, headers: {} },
        { topic, key: null, value: Buffer.from('nobody'), headers: {} },
      ]);
      const seen = await collect(bus, { group, topics: [topic] });
      await eventually(() => {
        expect(seen.records).toHaveLength(4);
      }, patience);
      expect(seen.records.map(({ key }) => key)).toEqual([Buffer.from('ключ'), bytes, Buffer.from('gone'), null]);
      expect(seen.records.map(({ value }) => value)).toEqual([bytes, Buffer.alloc(0), null, Buffer.from('nobody')]);
      expect(seen.records.map((one) => one.headers)).toEqual([headers, {}, {}, {}]);
      expect(seen.records.map(({ offset }) => offset)).toEqual(['0', '1', '2', '3']);
      const age = Date.now() - (seen.records[0]?.timestamp.getTime() ?? 0);
      expect(Math.abs(age)).toBeLessThan(60_000);
    });

    test('given a record over the limit, when published with others, then none of them is', async () => {
      const { bus, topic, group } = await openWithTopic(1);
      const refused = bus.publish([record(topic, 'a', 1), sized(topic, 1_000_001), record(topic, 'a', 2)]);
      await expect(refused).rejects.toThrow(RecordTooLargeError);
      await expect(refused).rejects.toMatchObject({ index: 1 });
      const seen = await collect(bus, { group, topics: [topic] });
      await bus.publish([record(topic, 'a', 3)]);
      await eventually(() => {
        expect(numbersOf(seen.records)).toEqual([3]);
      }, patience);
    });

    test('given records at the limit, when many are published at once, then all arrive', async () => {
      const { bus, topic, group } = await openWithTopic(1);
      await bus.publish(range(5).map(() => sized(topic, 1_000_000)));
      const seen = await collect(bus, { group, topics: [topic] });
      await eventually(() => {
        expect(seen.records).toHaveLength(5);
      }, patience);
    });

    test('given 5,000 records in one call, when read, then all arrive in batches of the size asked for', async () => {
      const { bus, topic, group } = await openWithTopic();
      await bus.publish(range(5000).map((n) => record(topic, String(n % 100), n)));
      const seen = await collect(bus, { group, topics: [topic], maxBatch: 200 });
      await eventually(() => {
        expect(seen.records).toHaveLength(5000);
      }, patience);
      expect(Math.max(...seen.batches.map(({ length }) => length))).toBe(200);
      expect(seen.batches.every((batch) => new Set(batch.map(({ partition }) => partition)).size === 1)).toBe(true);
    });

    test('given a topic nobody made, when used, then publishing and subscribing are refused', async () => {
      const bus = open();
      const topic = `conformance.${randomUUID()}`;
      await expect(bus.publish([record(topic, 'a', 1)])).rejects.toThrow();
      await expect(collect(bus, { group: randomUUID(), topics: [topic] })).rejects.toThrow();
    });

    test('given a server or none, when pinged, then the answer says so', async () => {
      await expect(open().ping()).resolves.toBeUndefined();
      const lost = adapter.createLostBus();
      await expect(lost.ping()).rejects.toThrow();
      await lost.close();
    });
  });

  describe(`${adapter.name}: groups`, () => {
    test('given two groups, when records come, then each sees all of them', async () => {
      const { bus, topic } = await openWithTopic();
      const seen = await Promise.all(['one', 'two'].map((name) => collect(bus, { group: topic + name, topics: [topic] })));
      await bus.publish(range(300).map((n) => record(topic, String(n), n)));
      await eventually(() => {
        for (const { records } of seen) expect(sorted(records)).toEqual(range(300));
      }, patience);
    });

    test('given records read long ago by others, when a new group comes, then it starts at the beginning', async () => {
      const { bus, topic, group } = await openWithTopic();
      await bus.publish(range(50).map((n) => record(topic, String(n), n)));
      const first = await collect(bus, { group, topics: [topic] });
      await eventually(async () => {
        expect(await first.subscription.lag()).toBe(0);
      }, patience);
      const replay = await collect(open(), { group: `${group}.replay`, topics: [topic] });
      await eventually(() => {
        expect(sorted(replay.records)).toEqual(range(50));
      }, patience);
    });

    test('given several topics in one subscription, when records come, then all are seen', async () => {
      const { bus, topic, group } = await openWithTopic();
      const other = `${topic}.other`;
      await bus.ensureTopics([other], 2);
      const seen = await collect(bus, { group, topics: [topic, other] });
      await bus.publish([...range(20).map((n) => record(topic, 'a', n)), ...range(20).map((n) => record(other, 'a', 20 + n))]);
      await eventually(() => {
        expect(sorted(seen.records)).toEqual(range(40));
      }, patience);
    });

    test('given a batch in hand, when lag is asked for, then it counts what is not committed', async () => {
      const { bus, topic, group } = await openWithTopic();
      await bus.publish(range(10).map((n) => record(topic, String(n), n)));
      const gate = Promise.withResolvers<undefined>();
      const seen = await collect(bus, { group, topics: [topic], onRecords: () => gate.promise });
      expect(await seen.subscription.lag()).toBe(10);
      gate.resolve(undefined);
      await eventually(async () => {
        expect(await seen.subscription.lag()).toBe(0);
      }, patience);
    });

    test('given two members, when one joins and one leaves, then nothing is lost or out of order', async () => {
      const { bus, topic, group } = await openWithTopic(6);
      const arrived: IncomingRecord[] = [];
      const count = { sent: 0 };
      const send = async (): Promise<void> => {
        for (let round = 0; round < 10; round += 1) {
          await bus.publish(range(30).map((n) => record(topic, `key ${String(n)}`, count.sent + n)));
          count.sent += 30;
        }
      };
      const onRecords = (records: readonly IncomingRecord[]): Promise<void> => {
        arrived.push(...records);
        return Promise.resolve();
      };
      const first = await collect(open(), { group, topics: [topic], onRecords });
      await send();
      const second = await collect(open(), { group, topics: [topic], onRecords });
      await eventually(async () => {
        await send();
        expect(second.records.length).toBeGreaterThan(0);
      }, patience);
      await Promise.all([send(), first.subscription.close()]);
      await send();
      await eventually(() => {
        expect(new Set(numbersOf(arrived)).size).toBe(count.sent);
      }, patience);
      for (const [, records] of Map.groupBy(arrived, ({ key }) => String(key))) {
        const firstSeen = [...new Set(numbersOf(records))];
        expect(firstSeen).toEqual(firstSeen.toSorted((a, b) => a - b));
      }
      expect(first.records.length).toBeGreaterThan(0);
    });
  });

  describe(`${adapter.name}: delivering again`, () => {
    test('given a batch that is refused, when time passes, then it comes again and others do not wait', async () => {
      const { bus, topic, group } = await openWithTopic();
      let refusals = 0;
      const seen = await collect(bus, {
        group,
        topics: [topic],
        onRecords: (records) => {
          if (!records.some(({ key }) => String(key) === 'bad') || refusals >= 3) return Promise.resolve();
          refusals += 1;
          return Promise.reject(new Error('not now'));
        },
      });
      await bus.publish([record(topic, 'bad', 0), record(topic, 'bad', 1)]);
      await bus.publish(range(60).map((n) => record(topic, String(n), 2 + n)));
      await eventually(async () => {
        expect(await seen.subscription.lag()).toBe(0);
      }, patience);
      expect(refusals).toBe(3);
      expect(sorted(seen.records)).toEqual(range(62));
      expect(numbersOf(seen.records.filter(({ key }) => String(key) === 'bad'))).toEqual([0, 1]);
      expect(seen.deaths).toEqual([]);
    });

    test('given a process killed with a batch in hand, when its time is over, then another gets the batch', async () => {
      const { bus, topic, group } = await openWithTopic(1);
      await bus.publish(range(5).map((n) => record(topic, 'a', n)));
      const victim = await holdBatchInProcess({ bus: adapter.processBus(), group, topic });
      await victim.kill();
      const seen = await collect(bus, { group, topics: [topic] });
      await eventually(() => {
        expect(numbersOf(seen.records)).toEqual(range(5));
      }, patience);
    });

    test('given a batch that takes longer than a silence may, when another member joins, then it is not given away', async () => {
      const { bus, topic, group } = await openWithTopic(1);
      await bus.publish([record(topic, 'a', 0)]);
      const held = Promise.withResolvers<undefined>();
      const slow = await collect(bus, { group, topics: [topic], onRecords: () => held.promise });
      await eventually(() => {
        expect(slow.batches).toHaveLength(1);
      }, patience);
      const joining = collect(open(), { group, topics: [topic] });
      setTimeout(held.resolve, adapter.silenceMs * 1.4, undefined);
      const second = await joining;
      await held.promise;
      await bus.publish([record(topic, 'a', 1)]);
      await eventually(() => {
        expect(sorted([...slow.records, ...second.records])).toEqual([0, 1]);
      }, patience);
    });

    test('given a batch in hand, when the subscription closes, then the batch is finished and committed first', async () => {
      const { bus, topic, group } = await openWithTopic(1);
      await bus.publish(range(3).map((n) => record(topic, 'a', n)));
      const gate = Promise.withResolvers<undefined>();
      const seen = await collect(bus, { group, topics: [topic], onRecords: () => gate.promise });
      await eventually(() => {
        expect(seen.batches).toHaveLength(1);
      }, patience);
      const closed = seen.subscription.close().then(() => seen.records.length);
      await bus.publish([record(topic, 'a', 3)]);
      gate.resolve(undefined);
      expect(await closed).toBe(3);
      const next = await collect(open(), { group, topics: [topic] });
      await eventually(() => {
        expect(numbersOf(next.records)).toEqual([3]);
      }, patience);
    });

    test('given a consumer that can never read on, when it finds out, then its death is told once', async () => {
      const { bus, topic, group } = await openWithTopic(1);
      const doomed = `${topic}.doomed`;
      await (adapter.ruinableTopic?.(doomed) ?? bus.ensureTopics([doomed], 1));
      const seen = await collect(bus, { group, topics: [doomed] });
      await adapter.ruin(doomed);
      await eventually(() => {
        expect(seen.deaths).toHaveLength(1);
      }, patience);
      await seen.subscription.close();
      expect(seen.deaths).toHaveLength(1);
    });
  });
}

interface Collected {
  /** Of the batches whose `onRecords` resolved. */
  readonly records: IncomingRecord[];
  /** As they were handed over. */
  readonly batches: (readonly IncomingRecord[])[];
  readonly deaths: Error[];
  readonly subscription: Subscription;
}

type CollectOptions = Pick<SubscribeOptions, 'group' | 'topics' | 'maxBatch'> & {
  onRecords?(records: readonly IncomingRecord[]): Promise<unknown>;
};

async function collect(bus: Bus, { onRecords, ...options }: CollectOptions): Promise<Collected> {
  const seen = { records: [] as IncomingRecord[], batches: [] as (readonly IncomingRecord[])[], deaths: [] as Error[] };
  const subscription = await bus.subscribe({
    ...options,
    onBatch: async (batch) => {
      seen.batches.push(batch);
      await onRecords?.(batch);
      seen.records.push(...batch);
    },
    onDeath: (error) => {
      seen.deaths.push(error);
    },
  });
  return { ...seen, subscription };
}

function record(topic: string, key: string, n: number): OutgoingRecord {
  return { topic, key, value: Buffer.from(String(n)), headers: {} };
}

function sized(topic: string, bytes: number): OutgoingRecord {
  const empty = record(topic, 'a', 0);
  return { ...empty, value: Buffer.alloc(bytes - recordBytes(empty) + 1, 'x') };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, n) => n);
}

function numbersOf(records: readonly IncomingRecord[]): number[] {
  return records.map(({ value }) => Number(value));
}

function sorted(records: readonly IncomingRecord[]): number[] {
  return numbersOf(records).toSorted((a, b) => a - b);
}
