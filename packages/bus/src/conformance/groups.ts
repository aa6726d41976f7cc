/** Who sees what. */
import { randomUUID } from 'node:crypto';
import { eventually } from '@switchboard/testing';
import { expect } from 'vitest';
import type { IncomingRecord } from '../port.ts';
import { collect, numbersOf, patience, range, record, sorted } from './bench.ts';
import type { TestTable } from './bench.ts';

export const groups: TestTable = {
  'given two groups, when records come, then each sees all of them': async (bench) => {
    const { bus, topic } = await bench.openWithTopic();
    const seen = await Promise.all(
      ['one', 'two'].map((name) => collect(bus, { group: topic + name, topics: [topic] })),
    );
    await bus.publish(range(300).map((n) => record(topic, String(n), n)));
    await eventually(() => {
      for (const { records } of seen) expect(sorted(records)).toEqual(range(300));
    }, patience);
  },

  'given records read long ago by others, when a new group comes, then it starts at the beginning': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic();
    await bus.publish(range(50).map((n) => record(topic, String(n), n)));
    const first = await collect(bus, { group, topics: [topic] });
    await eventually(async () => {
      expect(await first.subscription.lag()).toBe(0);
    }, patience);
    const replay = await collect(bench.open(), { group: `${group}.replay`, topics: [topic] });
    await eventually(() => {
      expect(sorted(replay.records)).toEqual(range(50));
    }, patience);
  },

  'given several topics in one subscription, when records come, then all are seen': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic();
    const other = `${topic}.other`;
    await bus.ensureTopics([other], 2);
    const seen = await collect(bus, { group, topics: [topic, other] });
    await bus.publish([
      ...range(20).map((n) => record(topic, 'a', n)),
      ...range(20).map((n) => record(other, 'a', 20 + n)),
    ]);
    await eventually(() => {
      expect(sorted(seen.records)).toEqual(range(40));
    }, patience);
  },

  'given services that start at once, when all ensure the same topics, then each can use them at once': async (
    bench,
  ) => {
    const start = randomUUID();
    const topics = range(8).map((n) => `conformance.${start}.${String(n)}`);
    const seen = await Promise.all(
      range(5).map(async (n) => {
        const bus = bench.open();
        await bus.ensureTopics(topics, 6);
        const collected = await collect(bus, { group: `${start}.${String(n)}`, topics });
        await bus.publish(topics.map((topic) => record(topic, String(n), n)));
        return collected;
      }),
    );
    await eventually(() => {
      for (const { records } of seen) {
        expect(new Set(records.map(({ topic, value }) => `${topic} ${String(value)}`)).size).toBe(40);
      }
    }, patience);
  },

  'given a batch in hand, when lag is asked for, then it counts what is not committed': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic();
    await bus.publish(range(10).map((n) => record(topic, String(n), n)));
    const gate = Promise.withResolvers<undefined>();
    const seen = await collect(bus, { group, topics: [topic], onRecords: () => gate.promise });
    expect(await seen.subscription.lag()).toBe(10);
    gate.resolve(undefined);
    await eventually(async () => {
      expect(await seen.subscription.lag()).toBe(0);
    }, patience);
  },

  'given two members, when one joins and one leaves, then nothing is lost or out of order': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic(6);
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
    const first = await collect(bench.open(), { group, topics: [topic], onRecords });
    await send();
    const second = await collect(bench.open(), { group, topics: [topic], onRecords });
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
  },
};
