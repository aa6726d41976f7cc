/** What the conformance tests work with. */
import { randomUUID } from 'node:crypto';
import { recordBytes } from '../records.ts';
import type { Bus, IncomingRecord, OutgoingRecord, SubscribeOptions, Subscription } from '../port.ts';
import type { ProcessBus } from './process.ts';

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
export const patience = { timeoutMs: 25_000 };

/** Given, when, then -> the test. */
export type TestTable = Readonly<Record<string, (bench: Bench) => Promise<void>>>;

export interface Bench {
  readonly adapter: Adapter;
  open(): Bus;
  openWithTopic(partitions?: number): Promise<{ bus: Bus; topic: string; group: string }>;
  close(): Promise<void>;
}

export function createBench(adapter: Adapter): Bench {
  const opened: Bus[] = [];
  const open = (): Bus => {
    const bus = adapter.createBus();
    opened.push(bus);
    return bus;
  };
  return {
    adapter,
    open,
    openWithTopic: async (partitions = 3) => {
      const bus = open();
      const topic = `conformance.${randomUUID()}`;
      await bus.ensureTopics([topic], partitions);
      return { bus, topic, group: `group.${randomUUID()}` };
    },
    close: async () => {
      await Promise.all(opened.splice(0).map((bus) => bus.close()));
    },
  };
}

export interface Collected {
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

/** Subscribes and keeps what comes. */
export async function collect(bus: Bus, { onRecords, ...options }: CollectOptions): Promise<Collected> {
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

/** A record whose value is a number. */
export function record(topic: string, key: string, n: number): OutgoingRecord {
  return { topic, key, value: Buffer.from(String(n)), headers: {} };
}

/** A record that counts as so many bytes. */
export function sized(topic: string, bytes: number): OutgoingRecord {
  const empty = record(topic, 'a', 0);
  return { ...empty, value: Buffer.alloc(bytes - recordBytes(empty) + 1, 'x') };
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, n) => n);
}

export function numbersOf(records: readonly IncomingRecord[]): number[] {
  return records.map(({ value }) => Number(value));
}

export function sorted(records: readonly IncomingRecord[]): number[] {
  return numbersOf(records).toSorted((a, b) => a - b);
}
