/** Records of a client that nobody here wrote. */
import { randomUUID } from 'node:crypto';
import { eventually, produceWithConsole, testKafka } from '@switchboard/testing';
import { expect, test } from 'vitest';
import { collect, patience } from './conformance/bench.ts';
import { createKafkaBus } from './kafka.ts';

test.each(['snappy', 'lz4', 'zstd'] as const)(
  'given the console producer with compression %s, when it publishes, then its records are read',
  async (compression) => {
    const bus = createKafkaBus({ brokers: testKafka(), clientId: 'foreign' });
    const topic = randomUUID();
    await bus.ensureTopics([topic], 3);
    const seen = await collect(bus, { group: topic, topics: [topic] });
    const records = ['one', 'two', 'three'].map((word) => ({
      key: 'same',
      value: JSON.stringify({ text: `${word} ${'žluťoučký '.repeat(100)}` }),
      headers: { ce_type: 'a.b.C', word },
    }));
    await produceWithConsole({ brokers: testKafka().join(','), topic, records, compression });
    await eventually(() => {
      expect(seen.records).toHaveLength(3);
    }, patience);
    expect(
      seen.records.map(({ key, value, headers }) => ({ key: String(key), value: String(value), headers })),
    ).toEqual(records);
    expect(seen.deaths).toEqual([]);
    await bus.close();
  },
);
