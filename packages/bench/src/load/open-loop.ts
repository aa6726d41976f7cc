/**
 * Load as strangers bring it: at its own times, whether or not earlier calls were answered. Latency counts from the
 * intended moment, so that a system that stalls is charged for everybody who had to wait (no coordinated omission).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LatencyHistogram } from '../report/histogram.ts';

/** Milliseconds since 1970, finer than `Date.now`. */
export const wallClock = (): number => performance.timeOrigin + performance.now();

export interface Schedule {
  readonly startAt: number;
  readonly ratePerS: number;
  readonly count: number;
  /** When number `index` (from 0) ought to be sent, ms since 1970. */
  intendedAt(index: number): number;
  /** How many ought to have been sent at this moment. */
  dueAt(now: number): number;
}

/** Evenly spaced: one every `1 / ratePerS` seconds, the first at `startAt`. */
export function scheduleOf(plan: { startAt: number; ratePerS: number; count: number }): Schedule {
  const { startAt, ratePerS, count } = plan;
  const gap = 1000 / ratePerS;
  return {
    ...plan,
    intendedAt: (index) => startAt + index * gap,
    dueAt: (now) => (now < startAt ? 0 : Math.min(count, Math.floor((now - startAt) / gap + 1e-9) + 1)),
  };
}

export interface OpenLoop {
  readonly schedule: Schedule;
  /** Sends those from `from` up to, not including, `to`. It must not wait for answers; what it throws ends the load. */
  onDue(from: number, to: number): void;
  readonly signal?: AbortSignal;
  /** Pause between two looks at the clock, ms (default 1). */
  readonly tickMs?: number;
  readonly now?: () => number;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Hands over everything in time; resolves when the last one was. @returns how late the latest was handed over, ms */
export async function runOpenLoop(load: OpenLoop): Promise<{ latestMs: number; sent: number }> {
  const { schedule, tickMs = 1, now = wallClock, pause = sleep } = load;
  let sent = 0;
  let latestMs = 0;
  while (sent < schedule.count && load.signal?.aborted !== true) {
    const time = now();
    const due = schedule.dueAt(time);
    if (due > sent) {
      latestMs = Math.max(latestMs, time - schedule.intendedAt(sent));
      load.onDue(sent, due);
      sent = due;
      continue;
    }
    await pause(Math.max(tickMs, schedule.intendedAt(sent) - time));
  }
  return { latestMs, sent };
}

export interface OpenLoopCalls {
  readonly schedule: Schedule;
  readonly latency: LatencyHistogram;
  /** One call; it rejects when the answer is not the one hoped for. */
  call(index: number): Promise<void>;
  readonly signal?: AbortSignal;
}

export interface CallsReport {
  readonly answered: number;
  readonly failed: number;
  /** Of the first that failed. */
  readonly firstFailure: string | undefined;
  /** Intended moment of the first to the last answer, ms. */
  readonly tookMs: number;
  /** How late the generator itself was at worst, ms. */
  readonly latestMs: number;
}

/** Calls that are answered, each at its time. Only answers count as latencies; failures are counted beside. */
export async function callOpenLoop(load: OpenLoopCalls): Promise<CallsReport> {
  const { schedule, latency } = load;
  const underWay = new Set<Promise<void>>();
  let answered = 0;
  let failed = 0;
  let firstFailure: string | undefined;
  const one = async (index: number): Promise<void> => {
    try {
      await load.call(index);
      answered += 1;
      latency.record(wallClock() - schedule.intendedAt(index));
    } catch (error) {
      failed += 1;
      firstFailure ??= error instanceof Error ? error.message : String(error);
    }
  };
  const { latestMs } = await runOpenLoop({
    schedule,
    ...(load.signal === undefined ? {} : { signal: load.signal }),
    onDue: (from, to) => {
      for (let index = from; index < to; index += 1) {
        const call = one(index).then(() => {
          underWay.delete(call);
        });
        underWay.add(call);
      }
    },
  });
  await Promise.all(underWay);
  return { answered, failed, firstFailure, tookMs: wallClock() - schedule.startAt, latestMs };
}
