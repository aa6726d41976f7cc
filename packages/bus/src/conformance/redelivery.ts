/** What comes again, to whom, and when not. */
import { eventually } from '@switchboard/testing';
import { expect } from 'vitest';
import { collect, numbersOf, patience, range, record, sorted } from './bench.ts';
import type { TestTable } from './bench.ts';
import { holdBatchInProcess } from './process.ts';

export const redelivery: TestTable = {
  'given a batch that is refused, when time passes, then it comes again and others do not wait': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic();
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
  },

  'given a process killed with a batch in hand, when its time is over, then another gets the batch': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic(1);
    await bus.publish(range(5).map((n) => record(topic, 'a', n)));
    const victim = await holdBatchInProcess({ bus: bench.adapter.processBus(), group, topic });
    await victim.kill();
    const seen = await collect(bus, { group, topics: [topic] });
    await eventually(() => {
      expect(numbersOf(seen.records)).toEqual(range(5));
    }, patience);
  },

  'given a batch that takes longer than a silence may, when another member joins, then it is not given away': async (
    bench,
  ) => {
    const { bus, topic, group } = await bench.openWithTopic(1);
    await bus.publish([record(topic, 'a', 0)]);
    const held = Promise.withResolvers<undefined>();
    const slow = await collect(bus, { group, topics: [topic], onRecords: () => held.promise });
    await eventually(() => {
      expect(slow.batches).toHaveLength(1);
    }, patience);
    const joining = collect(bench.open(), { group, topics: [topic] });
    setTimeout(held.resolve, bench.adapter.silenceMs * 1.4, undefined);
    const second = await joining;
    await held.promise;
    await bus.publish([record(topic, 'a', 1)]);
    await eventually(() => {
      expect(sorted([...slow.records, ...second.records])).toEqual([0, 1]);
    }, patience);
  },

  'given a batch in hand, when the subscription closes, then the batch is finished and committed first': async (
    bench,
  ) => {
    const { bus, topic, group } = await bench.openWithTopic(1);
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
    const next = await collect(bench.open(), { group, topics: [topic] });
    await eventually(() => {
      expect(numbersOf(next.records)).toEqual([3]);
    }, patience);
  },

  'given a consumer that can never read on, when it finds out, then its death is told once': async (bench) => {
    const { bus, topic, group } = await bench.openWithTopic(1);
    const doomed = `${topic}.doomed`;
    await (bench.adapter.ruinableTopic?.(doomed) ?? bus.ensureTopics([doomed], 1));
    const seen = await collect(bus, { group, topics: [doomed] });
    await bench.adapter.ruin(doomed);
    await eventually(() => {
      expect(seen.deaths).toHaveLength(1);
    }, patience);
    await seen.subscription.close();
    expect(seen.deaths).toHaveLength(1);
  },
};
