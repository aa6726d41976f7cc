/** What becomes of records on their way through the bus. */
import { randomUUID } from 'node:crypto';
import { eventually } from '@switchboard/testing';
import { expect } from 'vitest';
import { RecordTooLargeError } from '../port.ts';
import { collect, numbersOf, patience, range, record, sized } from './bench.ts';
import type { TestTable } from './bench.ts';

export const publishing: TestTable = {
  'given nothing there, when topics are ensured twice, then the first partition count stays': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic(2);
    await bus.ensureTopics([topic, topic], 7);
    await bus.publish(range(100).map((n) => record(topic, String(n), n)));
    const seen = await collect(bus, { group, topics: [topic] });
    await eventually(() => {
      expect(seen.records).toHaveLength(100);
    }, patience);
    expect(new Set(seen.records.map(({ partition }) => partition))).toEqual(new Set([0, 1]));
  },

  'given records of many keys, when read, then each key has one partition and its order': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic();
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
  },

  'given any bytes and any words, when read, then they are the same': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic(1);
    const headers = { ce_type: 'a.b.C', Grüße: 'žluťoučký 🐎', empty: '', 'with nul': 'a\u0000b', quote: `"'\\{},` };
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
  },

  'given a record over the limit, when published with others, then none of them is': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic(1);
    const refused = bus.publish([record(topic, 'a', 1), sized(topic, 1_000_001), record(topic, 'a', 2)]);
    await expect(refused).rejects.toThrow(RecordTooLargeError);
    await expect(refused).rejects.toMatchObject({ index: 1 });
    const seen = await collect(bus, { group, topics: [topic] });
    await bus.publish([record(topic, 'a', 3)]);
    await eventually(() => {
      expect(numbersOf(seen.records)).toEqual([3]);
    }, patience);
  },

  'given records at the limit, when many are published at once, then all arrive': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic(1);
    await bus.publish(range(5).map(() => sized(topic, 1_000_000)));
    const seen = await collect(bus, { group, topics: [topic] });
    await eventually(() => {
      expect(seen.records).toHaveLength(5);
    }, patience);
  },

  'given 5,000 records in one call, when read, then all arrive in batches of the size asked for': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic();
    await bus.publish(range(5000).map((n) => record(topic, String(n % 100), n)));
    const seen = await collect(bus, { group, topics: [topic], maxBatch: 200 });
    await eventually(() => {
      expect(seen.records).toHaveLength(5000);
    }, patience);
    expect(Math.max(...seen.batches.map(({ length }) => length))).toBe(200);
    expect(seen.batches.every((batch) => new Set(batch.map(({ partition }) => partition)).size === 1)).toBe(true);
  },

  'given a topic nobody made, when used, then publishing and subscribing are refused': async (bench) => {
    const bus = bench.open();
    const topic = `conformance.${randomUUID()}`;
    await expect(bus.publish([record(topic, 'a', 1)])).rejects.toThrow();
    await expect(collect(bus, { group: randomUUID(), topics: [topic] })).rejects.toThrow();
  },

  'given a server or none, when pinged, then the answer says so': async (bench) => {
    await expect(bench.open().ping()).resolves.toBeUndefined();
    const lost = bench.adapter.createLostBus();
    await expect(lost.ping()).rejects.toThrow();
    await lost.close();
  },
};
