/** What the Kafka adapter does when its broker goes away: it needs a broker of its own, to kill. */
import { randomUUID } from 'node:crypto';
import { eventually, startKafka } from '@switchboard/testing';
import type { RunningKafka } from '@switchboard/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect, numbersOf, record, sorted } from './conformance/bench.ts';
import { createKafkaBus } from './kafka.ts';
import type { BusLogger } from './port.ts';

const timeoutMs = 60_000;
let kafka: RunningKafka;

beforeAll(async () => {
  kafka = await startKafka();
}, timeoutMs);

afterAll(async () => {
  await kafka.stop();
});

function createLogger(): { logger: BusLogger; said: string[] } {
  const said: string[] = [];
  const note = (_details: object, message: string): void => {
    said.push(message);
  };
  return { logger: { debug: note, info: note, warn: note, error: note }, said };
}

test(
  'given a reader and a publisher, when the broker is killed for longer than kafkajs is patient, then both go on afterwards',
  async () => {
    const { logger, said } = createLogger();
    const bus = createKafkaBus({ brokers: [kafka.brokers], clientId: 'outage', sessionTimeoutMs: 6000, logger });
    const topic = randomUUID();
    await bus.ensureTopics([topic], 3);
    const seen = await collect(bus, { group: topic, topics: [topic] });
    await bus.publish([record(topic, 'a', 0)]);
    await eventually(() => {
      expect(numbersOf(seen.records)).toEqual([0]);
    });

    await kafka.kill();
    await expect(bus.publish([record(topic, 'a', 1)])).rejects.toThrow();
    await expect(bus.ping()).rejects.toThrow();
    await eventually(
      () => {
        expect(said).toContain('the consumer broke and is started anew');
      },
      { timeoutMs },
    );

    await kafka.restart();
    await eventually(() => bus.publish([record(topic, 'a', 2), record(topic, 'b', 3)]), { timeoutMs });
    await bus.ping();
    await eventually(
      () => {
        expect([...new Set(sorted(seen.records))].filter((n) => n !== 1)).toEqual([0, 2, 3]);
      },
      { timeoutMs },
    );
    await eventually(
      async () => {
        expect(await seen.subscription.lag()).toBe(0);
      },
      { timeoutMs },
    );
    expect(seen.deaths).toEqual([]);
    await bus.close();
  },
  timeoutMs * 2,
);

test(
  'given a reader whose broker is away, when it is closed, then it ends all the same',
  async () => {
    const bus = createKafkaBus({ brokers: [kafka.brokers], clientId: 'outage', sessionTimeoutMs: 6000 });
    const topic = randomUUID();
    await bus.ensureTopics([topic], 1);
    const seen = await collect(bus, { group: topic, topics: [topic] });
    await kafka.kill();
    await bus.close();
    expect(seen.deaths).toEqual([]);
    await kafka.restart();
  },
  timeoutMs * 2,
);
