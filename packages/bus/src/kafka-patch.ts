/**
 * kafkajs 2.2.4 arms a timer whenever a connection's request queue is looked at, also when nothing waits and nothing is
 * throttled; the wait is then negative, Node makes it 1 ms (with a TimeoutNegativeWarning) and it arms itself again:
 * 2.6 to 3.9 % of a core for each idle connection, 0.2 % with this. Upstream has no release with a cure.
 */
import { createRequire } from 'node:module';

interface RequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  readonly pending: readonly unknown[];
  checkPendingRequests(): void;
}

interface RequestQueueClass {
  readonly prototype: RequestQueue & { scheduleCheckPendingRequests(this: RequestQueue): void };
}

/** Pause in ms before a queue that is full rather than throttled is looked at again; kafkajs's own figure. */
const recheckMs = 10;

/** The class inside kafkajs that carries the fault. */
export function requestQueueClass(): RequestQueueClass {
  return createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as RequestQueueClass;
}

/** Replaces the faulty method for the whole process; a second call changes nothing. */
export function patchRequestQueue(): void {
  requestQueueClass().prototype.scheduleCheckPendingRequests = scheduleOnlyWhenSomethingWaits;
}

function scheduleOnlyWhenSomethingWaits(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const wait = Math.max(this.throttledUntil - Date.now(), recheckMs);
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, wait);
}
