import { expect, test } from 'vitest';
import { RecordTooLargeError } from './port.ts';
import { backOffMs, createQueue, recordBytes, sends } from './records.ts';
import type { OutgoingRecord } from './port.ts';

function ofBytes(bytes: number): OutgoingRecord {
  const empty = { topic: 't', key: 'k', value: Buffer.alloc(0), headers: {} };
  return { ...empty, value: Buffer.alloc(bytes - recordBytes(empty)) };
}

test('given a record, when measured, then key, value and headers count by their bytes', () => {
  const bare = recordBytes({ topic: 't', key: null, value: null, headers: {} });
  expect(recordBytes({ topic: 't', key: 'é', value: Buffer.alloc(10), headers: {} }) - bare).toBe(12);
  expect(recordBytes({ topic: 't', key: null, value: null, headers: { é: '€' } }) - bare).toBe(13);
});

test('given records, when cut into sends, then each is as large as it may be and the order stays', () => {
  const records = [400, 600, 100, 1000, 1000, 300].map(ofBytes);
  const cut = sends(records, 1000);
  expect(cut.map((part) => part.map(recordBytes))).toEqual([[400, 600], [100], [1000], [1000], [300]]);
  expect(cut.flat()).toEqual(records);
  expect(sends([], 1000)).toEqual([]);
});

test('given a record over the limit, when cut into sends, then it is named by its place', () => {
  expect(() => sends([ofBytes(500), ofBytes(1001)], 1000)).toThrow(RecordTooLargeError);
  expect(() => sends([ofBytes(500), ofBytes(1001)], 1000, 5000)).toThrow('record 1 has 1001 bytes');
});

test('given failures, when waiting, then longer each time up to five seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map(backOffMs)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
});

test('given tasks in a queue, when one fails, then the others still run one after the other', async () => {
  const inOrder = createQueue();
  const log: string[] = [];
  const first = Promise.withResolvers<undefined>();
  const tasks = [
    inOrder(() => first.promise.then(() => log.push('first'))),
    inOrder(() => Promise.reject(new Error('second'))),
    inOrder(() => Promise.resolve(log.push('third'))),
  ];
  expect(log).toEqual([]);
  first.resolve(undefined);
  const outcomes = await Promise.allSettled(tasks);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['first', 'third']);
});
