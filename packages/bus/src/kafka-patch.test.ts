import { createRequire } from 'node:module';
import { afterEach, expect, test, vi } from 'vitest';
import { patchRequestQueue, requestQueueClass } from './kafka-patch.ts';

const original = requestQueueClass().prototype.scheduleCheckPendingRequests;

type Queue = ReturnType<typeof requestQueueClass>['prototype'];

function queueOf(pending: number, throttledUntil: number): Queue & { checks(): number } {
  const queue = Object.create(requestQueueClass().prototype) as Queue;
  let checks = 0;
  return Object.assign(queue, {
    throttledUntil,
    throttleCheckTimeoutId: null,
    pending: Array(pending),
    checkPendingRequests: () => {
      checks += 1;
    },
    checks: () => checks,
  });
}

afterEach(() => {
  vi.useRealTimers();
});

test('given the kafkajs the patch was written for, then its method still is the one with the fault', () => {
  const { version } = createRequire(import.meta.url)('kafkajs/package.json') as { version: string };
  expect(version).toBe('2.2.4');
  const source = original.toString();
  expect(source).toContain('let scheduleAt = this.throttledUntil - Date.now()');
  expect(source).toContain('if (!this.throttleCheckTimeoutId) {');
});

test('given an idle queue, when it is looked at, then no timer is armed', () => {
  vi.useFakeTimers();
  patchRequestQueue();
  queueOf(0, -1).scheduleCheckPendingRequests();
  expect(vi.getTimerCount()).toBe(0);
});

test('given requests that wait, when the queue is looked at twice, then it is checked once a little later', () => {
  vi.useFakeTimers();
  patchRequestQueue();
  const queue = queueOf(2, -1);
  queue.scheduleCheckPendingRequests();
  queue.scheduleCheckPendingRequests();
  vi.advanceTimersByTime(9);
  expect(queue.checks()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(queue.checks()).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('given requests that wait and a throttle, when the queue is looked at, then it is checked at its end', () => {
  vi.useFakeTimers();
  patchRequestQueue();
  const queue = queueOf(1, Date.now() + 500);
  queue.scheduleCheckPendingRequests();
  vi.advanceTimersByTime(499);
  expect(queue.checks()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(queue.checks()).toBe(1);
});
