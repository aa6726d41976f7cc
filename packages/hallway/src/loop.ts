/** A loop that runs when poked and at the latest after a pause it chooses itself; it survives faults. */
import type { Logger } from './ports.ts';

export interface Loop {
  /** There is work now. Cheap; may be called any number of times. */
  poke(): void;
  /** No further turn begins; resolves when the one in hand has ended. */
  stop(): Promise<void>;
  /** What the last turn failed with, until one succeeds. */
  fault(): string | undefined;
}

export interface LoopOptions {
  readonly name: string;
  readonly logger: Logger;
  /** Does what there is to do; answers the longest pause until the next turn, ms. */
  turn(): Promise<number>;
}

export function startLoop({ name, logger, turn }: LoopOptions): Loop {
  let stopped = false;
  let poked = false;
  let failures = 0;
  let lastFault: string | undefined;
  let wake: (() => void) | undefined;

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      wake = done;
      function done(): void {
        clearTimeout(timer);
        wake = undefined;
        resolve();
      }
    });

  async function once(): Promise<number> {
    try {
      const pause = await turn();
      failures = 0;
      lastFault = undefined;
      return pause;
    } catch (error) {
      failures += 1;
      const message = error instanceof Error ? error.message : String(error);
      if (failures === 3) logger.warn({ err: error, loop: name }, 'a background loop keeps failing');
      if (failures >= 3) lastFault = `${name}: ${message}`;
      // Pokes do not shorten this pause: a storm of them must not become a storm of retries.
      await sleep(Math.min(2000, 20 * 2 ** failures));
      return 0;
    }
  }

  async function run(): Promise<void> {
    while (!isStopped()) {
      poked = false;
      const pause = await once();
      if (!wasPoked() && pause > 0 && !isStopped()) await sleep(pause);
    }
  }
  // Calls, so that the compiler does not take what was true before a turn for still true.
  const isStopped = (): boolean => stopped;
  const wasPoked = (): boolean => poked;
  const running = run();

  return {
    poke() {
      poked = true;
      if (failures === 0) wake?.();
    },
    async stop() {
      stopped = true;
      wake?.();
      await running;
    },
    fault: () => lastFault,
  };
}
