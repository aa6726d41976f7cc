/** What both adapters do with records before they send them and after they read them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RecordTooLargeError } from './port.ts';
import type { OutgoingRecord } from './port.ts';

/**
 * Kafka's own limit (`message.max.bytes`, 1,048,588 by default) is on a batch with its framing; this leaves room for
 * the framing of one record. Brokers with a smaller limit need a smaller one here.
 */
export const defaultMaxRecordBytes = 1_000_000;

/** Records handed to one `onBatch` call unless the subscriber says otherwise. */
export const defaultMaxBatch = 500;

/** Framing of a record and of each header in Kafka's format, rounded up. */
const recordOverhead = 70;
const headerOverhead = 8;

/** Size of a record as Kafka counts it, never less than on the wire. */
export function recordBytes(record: OutgoingRecord): number {
  let bytes = recordOverhead + (record.value?.length ?? 0);
  if (record.key !== null) bytes += Buffer.byteLength(record.key);
  for (const [name, value] of Object.entries(record.headers)) {
    bytes += headerOverhead + Buffer.byteLength(name) + Buffer.byteLength(value);
  }
  return bytes;
}

/**
 * Cuts records, in order, into sends of at most `sendLimit` bytes.
 * @throws RecordTooLargeError when one record is larger than `limit`
 */
export function sends(records: readonly OutgoingRecord[], limit: number, sendLimit = limit): OutgoingRecord[][] {
  const all: OutgoingRecord[][] = [];
  let current: OutgoingRecord[] = [];
  let total = 0;
  records.forEach((record, index) => {
    const bytes = recordBytes(record);
    if (bytes > limit) throw new RecordTooLargeError(index, bytes, limit);
    if (total + bytes > sendLimit && current.length > 0) {
      all.push(current);
      current = [];
      total = 0;
    }
    current.push(record);
    total += bytes;
  });
  if (current.length > 0) all.push(current);
  return all;
}

/** Cuts a list into pieces of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const pieces: T[][] = [];
  for (let start = 0; start < items.length; start += size) pieces.push(items.slice(start, start + size));
  return pieces;
}

/** Pause in ms before the n-th try after a failure (n from 1): 100, 200, 400 … 5000. */
export function backOffMs(failures: number): number {
  return Math.min(100 * 2 ** (failures - 1), 5000);
}

/** Waits; false when the signal cut the wait short. */
export function rested(ms: number, aborted: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal: aborted }).catch(() => false);
}

/** Runs one task after the other, in the order they were given; a failed one does not stop the next. */
export function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}

/** The error itself, or one that says what was thrown instead. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
