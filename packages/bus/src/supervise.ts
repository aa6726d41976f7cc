/** Keeps a consumer going: a new one after each that broke, until it is closed or cannot be helped. */
import { asError, rested } from './records.ts';
import type { BusLogger } from './port.ts';

/** One consumer from its joining the group to its end. */
export interface Life {
  /** Resolves with the reason when it breaks; never after `stop`. */
  readonly broken: Promise<Error>;
  /** Lets the batch in hand finish and leaves the group. */
  stop(): Promise<void>;
}

export interface SuperviseOptions {
  /** Begins a life; rejects when it cannot. */
  start(): Promise<Life>;
  /** Whether a new life would end the same way. */
  isFatal(error: Error): boolean;
  /** Whether the first life, which never ran, is hopeless although a later one would not be. */
  isHopeless?(error: Error): boolean;
  onDeath(error: Error): void;
  /** Before a new life. */
  readonly pauseMs: number;
  readonly logger?: BusLogger | undefined;
}

/** Tries of the first life: a broker that was just made needs some seconds to name its coordinators. */
const FIRST_TRIES = 30;

/**
 * Starts the first life and returns when it runs.
 * @throws what the first start throws, at once where trying again cannot help
 */
export async function supervise(options: SuperviseOptions): Promise<{ close(): Promise<void> }> {
  const first = await begin(options);
  const closing = new AbortController();
  const over = liveOn(first, closing.signal, options);
  return {
    close: () => {
      closing.abort();
      return over;
    },
  };
}

async function begin(options: SuperviseOptions): Promise<Life> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await options.start();
    } catch (thrown) {
      const failure = asError(thrown);
      const hopeless = options.isFatal(failure) || options.isHopeless?.(failure) === true;
      if (hopeless || tries === FIRST_TRIES) throw failure;
      options.logger?.info({ reason: failure.message }, 'the consumer cannot begin yet and tries again');
      await rested(options.pauseMs, new AbortController().signal);
    }
  }
}

async function liveOn(first: Life, closing: AbortSignal, options: SuperviseOptions): Promise<void> {
  let life = first;
  for (;;) {
    const failure = await Promise.race([life.broken, aborted(closing)]);
    if (failure === undefined || closing.aborted) return life.stop();
    if (options.isFatal(failure)) {
      options.onDeath(failure);
      return;
    }
    options.logger?.warn({ err: failure }, 'the consumer broke and is started anew');
    if (!(await rested(options.pauseMs, closing))) return;
    life = await options.start().catch(stillborn);
  }
}

function stillborn(thrown: unknown): Life {
  return { broken: Promise.resolve(asError(thrown)), stop: () => Promise.resolve() };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(undefined);
    });
    if (signal.aborted) resolve(undefined);
  });
}
