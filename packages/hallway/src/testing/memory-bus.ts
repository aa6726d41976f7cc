/** A bus in memory for the hallway's own tests: one partition a topic, one consumer a group. */
import type { Bus, IncomingRecord, OutgoingRecord, SubscribeOptions, Subscription } from '@switchboard/bus';

export interface MemoryBus extends Bus {
  readonly records: IncomingRecord[];
  /** While set, `publish` rejects with it. */
  down: Error | undefined;
  /** Hands every record to every consumer once more, as after a lost commit. */
  redeliver(): Promise<void>;
}

/** As the real ones. */
const MOST_BYTES = 1_000_000;

function recordBytes({ key, headers, value }: OutgoingRecord): number {
  return JSON.stringify(headers).length + (key?.length ?? 0) + (value?.length ?? 0);
}

export function createMemoryBus(): MemoryBus {
  const records: IncomingRecord[] = [];
  const consumers = new Set<{ options: SubscribeOptions; tail: Promise<void> }>();

  function hand(consumer: { options: SubscribeOptions; tail: Promise<void> }, batch: IncomingRecord[]): void {
    const wanted = batch.filter((record) => consumer.options.topics.includes(record.topic));
    if (wanted.length === 0) return;
    consumer.tail = consumer.tail.then(() => consumer.options.onBatch(wanted));
  }
  const bus: MemoryBus = {
    records,
    down: undefined,
    ensureTopics: () => Promise.resolve(),
    publish(outgoing: readonly OutgoingRecord[]) {
      if (bus.down !== undefined) return Promise.reject(bus.down);
      if (outgoing.some((record) => recordBytes(record) > MOST_BYTES)) return Promise.reject(new Error('too large'));
      const batch: IncomingRecord[] = outgoing.map((record, index) => ({
        ...record,
        key: record.key === null ? null : Buffer.from(record.key),
        partition: 0,
        offset: String(records.length + index),
        timestamp: new Date(),
      }));
      records.push(...batch);
      for (const consumer of consumers) hand(consumer, batch);
      return Promise.resolve();
    },
    subscribe(options): Promise<Subscription> {
      const consumer = { options, tail: Promise.resolve() };
      consumers.add(consumer);
      hand(consumer, records);
      return Promise.resolve({
        lag: () => Promise.resolve(0),
        close: async () => {
          consumers.delete(consumer);
          await consumer.tail;
        },
      });
    },
    async redeliver() {
      for (const consumer of consumers) hand(consumer, records);
      await Promise.all([...consumers].map((consumer) => consumer.tail));
    },
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return bus;
}
