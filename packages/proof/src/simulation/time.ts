/** Virtual time: it stands still while anything happens, and jumps to the next timer when nothing does. */
import { syncBuiltinESMExports } from 'node:module';
import { install } from '@sinonjs/fake-timers';

/** The machine's own timers, for waiting on the database. Taken before anything is replaced. */
const realSetTimeout = globalThis.setTimeout;
const realClearTimeout = globalThis.clearTimeout;
const realSetImmediate = globalThis.setImmediate;

export const realPause = (ms: number): Promise<void> => new Promise((resolve) => void realSetTimeout(resolve, ms));
/** Until the promise settles, or for this long. */
export const soon = (promise: Promise<unknown>, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = realSetTimeout(resolve, ms);
    void promise.then(() => {
      realClearTimeout(timer);
      resolve();
    });
  });
/** Lets everything run on that waits for nothing outside. */
export const quiet = (): Promise<void> => new Promise((resolve) => void realSetImmediate(resolve));

export interface VirtualTime {
  /** ms since the epoch. */
  now(): number;
  /** Goes to the next timer and runs it, with all others of that instant: whoever begins together can meet. */
  next(): void;
  /** How many timers wait. */
  pending(): number;
  end(): void;
}

/** Replaces this process's clocks and timers, those of modules that are already loaded included. */
export function startVirtualTime(): VirtualTime {
  const clock = install({
    now: Math.floor(Date.now()),
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  syncBuiltinESMExports();
  return {
    now: () => clock.now,
    next() {
      clock.next();
      clock.tick(0);
    },
    pending: () => clock.countTimers(),
    end() {
      clock.uninstall();
      syncBuiltinESMExports();
    },
  };
}
