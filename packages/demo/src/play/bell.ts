/** Waiting that somebody else can cut short. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Bell {
  ring(): void;
  /** Until the bell rings (or has rung since the last wait), at most so long. Rejects when the play is over. */
  wait(ms: number): Promise<void>;
}

export function createBell(over: AbortSignal): Bell {
  let rung = new AbortController();
  return {
    ring: () => {
      rung.abort();
    },
    wait: async (ms) => {
      try {
        await sleep(ms, undefined, { signal: AbortSignal.any([over, rung.signal]) });
      } catch {
        over.throwIfAborted();
      }
      rung = new AbortController();
    },
  };
}
