/**
 * Publishes records of 600 bytes in calls of 500, then reads them with a new group.
 *
 *     node packages/bus/bench/throughput.ts 127.0.0.1:9092
 *     node packages/bus/bench/throughput.ts postgresql://user:password@host/database [records]
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { createEmbeddedBus, createKafkaBus } from '../src/index.ts';
import type { Bus, OutgoingRecord } from '../src/index.ts';

const [where = '127.0.0.1:9092', count = '100000'] = process.argv.slice(2);
const total = Number(count);
const value = Buffer.from(randomBytes(225).toString('hex'));
const headers = { ce_id: randomUUID(), ce_type: 'switchboard.intake.v1.CaseOpened', traceparent: '0'.repeat(55) };

function open(): Bus {
  if (where.startsWith('postgres')) return createEmbeddedBus({ connectionString: where });
  return createKafkaBus({ brokers: where.split(','), clientId: 'bench' });
}

function say(what: string, records: number, began: number): void {
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage();
  const rate = Math.round(records / seconds).toLocaleString('en');
  process.stdout.write(`${what}: ${rate} records/s; CPU so far ${String(Math.round((user + system) / 1000))} ms\n`);
}

async function publishAll(bus: Bus, topic: string): Promise<void> {
  const began = performance.now();
  for (let sent = 0; sent < total; sent += 500) {
    const call: OutgoingRecord[] = [];
    for (let n = sent; n < sent + 500; n += 1) call.push({ topic, key: String(n % 5000), value, headers });
    await bus.publish(call);
  }
  say('published', total, began);
}

async function readAll(bus: Bus, topic: string): Promise<void> {
  const began = performance.now();
  const all = Promise.withResolvers<undefined>();
  let seen = 0;
  const subscription = await bus.subscribe({
    group: randomUUID(),
    topics: [topic],
    onBatch: (records) => {
      seen += records.length;
      if (seen >= total) all.resolve(undefined);
      return Promise.resolve();
    },
    onDeath: all.reject,
  });
  await all.promise;
  say('read', total, began);
  await subscription.close();
}

async function measureLatency(bus: Bus, topic: string): Promise<void> {
  let arrived = Promise.withResolvers<undefined>();
  const subscription = await bus.subscribe({
    group: randomUUID(),
    topics: [topic],
    onBatch: () => {
      arrived.resolve(undefined);
      return Promise.resolve();
    },
    onDeath: () => undefined,
  });
  const waits: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    arrived = Promise.withResolvers<undefined>();
    const began = performance.now();
    await bus.publish([{ topic, key: String(n), value, headers }]);
    await arrived.promise;
    waits.push(performance.now() - began);
  }
  waits.sort((a, b) => a - b);
  process.stdout.write(
    `one record, publish to hand-over: p50 ${(waits[100] ?? 0).toFixed(1)} ms, p99 ${(waits[197] ?? 0).toFixed(1)} ms\n`,
  );
  await subscription.close();
}

const bus = open();
const topics = [`bench.${randomUUID()}`, `bench.${randomUUID()}`] as const;
await bus.ensureTopics(topics, 6);
await publishAll(bus, topics[0]);
await readAll(bus, topics[0]);
await measureLatency(bus, topics[1]);
await bus.close();
