import { setTimeout as sleep } from 'node:timers/promises';

export interface EventuallyOptions {
  /** How long to keep trying (default 15 s: a busy machine is slow, and success costs nothing). */
  readonly timeoutMs?: number;
  /** Pause between tries (default 20 ms). */
  readonly intervalMs?: number;
}

/**
 * Tries until the function neither throws nor rejects, and returns what it returned.
 * @throws the last failure, once the time is over
 */
export async function eventually<T>(attempt: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const { timeoutMs = 15_000, intervalMs = 20 } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await sleep(intervalMs);
  }
}
