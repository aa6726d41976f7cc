/** The played hours against real time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CLOSES, OPENS, shareOfDay } from '../day/day-curve.ts';

export interface DayClock {
  /** The hour of the played day, with decimals; stays at closing time. */
  hour(): number;
  /** Waits for an hour; rejects when the play is over before. */
  until(hour: number): Promise<void>;
}

/** A day that takes so many real milliseconds, from now on. */
export function createDayClock(durationMs: number, signal: AbortSignal): DayClock {
  const began = performance.now();
  return {
    hour: () => Math.min(CLOSES, OPENS + ((performance.now() - began) / durationMs) * (CLOSES - OPENS)),
    until: async (hour) => {
      const left = began + shareOfDay(hour) * durationMs - performance.now();
      if (left > 0) await sleep(left, undefined, { signal });
    },
  };
}
