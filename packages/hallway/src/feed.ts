/** The service's own published events, read once a process and fanned out in memory to streams and jobs. */
import { decodeStored } from './decode.ts';
import type { FeedEvent } from './definition.ts';
import { startLoop, type Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { history, historyWindow } from './tables/outbox.ts';

export interface Feed extends Loop {
  /** Calls with every event after `after` (default: from now on), in order. Answers how to leave. */
  listen(listener: Listener, after?: bigint): Promise<() => void>;
  follow(after: bigint | undefined, signal: AbortSignal): Promise<AsyncIterable<FeedEvent> | 'gone'>;
}

export type Listener = (events: readonly FeedEvent[]) => void;

const BATCH = 500;
const IDLE = 100;
/** The same where nothing was said for a while. */
const QUIET = 250;
/** Looks in vain until then: five seconds. */
const LOOKS_IN_VAIN = 50;
/** Nobody listens; whoever comes wakes it. */
const ASLEEP = 60_000;
/** A follower that lags behind by more events than this is ended; it comes back with Last-Event-ID. */
const MOST_BUFFERED = 10_000;

export function createFeed(database: Database, logger: Logger): Feed {
  const listeners = new Set<Listener>();
  let position: bigint | undefined;
  let inVain = 0;

  async function turn(): Promise<number> {
    if (listeners.size === 0) {
      position = undefined;
      return ASLEEP;
    }
    position ??= (await historyWindow(database)).newest;
    const rows = await history(database, position, BATCH);
    const last = rows.at(-1);
    if (last === undefined) return (inVain += 1) > LOOKS_IN_VAIN ? QUIET : IDLE;
    inVain = 0;
    position = last.number;
    const events = rows.flatMap((row) => decodeStored(row) ?? []);
    for (const listener of listeners) listener(events);
    return rows.length === BATCH ? 0 : IDLE;
  }
  const loop = startLoop({ name: 'feed', logger, turn });

  /** The past up to where the live part stands, then the live part. Events are handed over once each. */
  async function listen(listener: Listener, after?: bigint): Promise<() => void> {
    const start = after ?? (await historyWindow(database)).newest;
    let seen = start;
    const queue: FeedEvent[] = [];
    let live = false;
    const pass = (events: readonly FeedEvent[]): void => {
      const fresh = events.filter((event) => event.number > seen);
      const last = fresh.at(-1);
      if (last === undefined) return;
      seen = last.number;
      listener(fresh);
    };
    const own: Listener = (events) => {
      if (live) pass(events);
      else queue.push(...events);
    };
    position ??= start;
    listeners.add(own);
    loop.poke();
    for (let cursor = start; ;) {
      const rows = await history(database, cursor, BATCH);
      pass(rows.flatMap((row) => decodeStored(row) ?? []));
      cursor = rows.at(-1)?.number ?? cursor;
      if (rows.length < BATCH) break;
    }
    pass(queue);
    live = true;
    return () => void listeners.delete(own);
  }

  return {
    ...loop,
    listen,
    async follow(after, signal) {
      const window = await historyWindow(database);
      if (after !== undefined && (after + 1n < window.oldest || after > window.newest)) return 'gone';
      return iterate((listener) => listen(listener, after), signal);
    },
  };
}

async function* iterate(
  listen: (listener: Listener) => Promise<() => void>,
  signal: AbortSignal,
): AsyncGenerator<FeedEvent> {
  const buffer: FeedEvent[] = [];
  let wake: (() => void) | undefined;
  const end = (): void => wake?.();
  signal.addEventListener('abort', end);
  const leave = await listen((events) => {
    buffer.push(...events);
    wake?.();
  });
  try {
    while (!signal.aborted) {
      if (buffer.length > MOST_BUFFERED) return;
      for (const event of buffer.splice(0)) yield event;
      if (buffer.length > 0 || isAborted(signal)) continue;
      await new Promise<void>((resolve) => (wake = resolve));
      wake = undefined;
    }
  } finally {
    signal.removeEventListener('abort', end);
    leave();
  }
}

/** A call, so that the compiler does not take the loop's earlier look for still true. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
