/** The service's own published events, read once a process and fanned out in memory to streams and jobs. */
import type { ReceivedEvent } from '@switchboard/contracts';
import { decodeStored } from './decode.ts';
import type { FeedEvent } from './definition.ts';
import { startLoop, type Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { createPauses } from './pauses.ts';
import { history, historyWindow, type HistoryRow } from './tables/outbox.ts';

export interface Feed extends Loop {
  /** Calls with every event after `after` (default: from now on), in order. Answers how to leave. */
  listen(listener: Listener, after?: bigint): Promise<() => void>;
  /** Will be published, and has been decoded: once is enough. */
  foresee(events: readonly ReceivedEvent[]): void;
  /** There are numbers up to this one: looks for them if somebody listens. */
  hasUpTo(newest: bigint): void;
  /** The same at the follower's own pace, however far behind it is. Ends with the signal, or past the window. */
  follow(after: bigint | undefined, signal: AbortSignal): Promise<AsyncIterable<FeedEvent> | 'gone'>;
}

export type Listener = (events: readonly FeedEvent[]) => void;

const BATCH = 500;
const IDLE = 100;
/** Nobody listens; whoever comes wakes it. */
const ASLEEP = 60_000;
/** Events kept in memory for a follower that does not take them; one that falls behind further reads the history. */
const MOST_KEPT = 1000;

/** Events on their way that are kept decoded. */
const MOST_FORESEEN = 5000;

export function createFeed(database: Database, logger: Logger): Feed {
  const listeners = new Set<Listener>();
  let position: bigint | undefined;
  const pauses = createPauses(IDLE);
  const foreseen = createForeseen();

  async function turn(): Promise<number> {
    if (listeners.size === 0) {
      position = undefined;
      return ASLEEP;
    }
    position ??= (await historyWindow(database)).newest;
    const rows = await history(database, position, BATCH);
    const last = rows.at(-1);
    if (last === undefined) return pauses.inVain();
    pauses.found();
    position = last.number;
    const events = rows.flatMap((row) => foreseen.decode(row) ?? []);
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
    await readPast(database, start, pass).catch((error: unknown) => {
      listeners.delete(own);
      throw error;
    });
    pass(queue.splice(0));
    live = true;
    return () => void listeners.delete(own);
  }

  return {
    ...loop,
    listen,
    foresee: foreseen.add,
    hasUpTo(newest) {
      if (position !== undefined && newest > position) loop.poke();
    },
    follow: (after, signal) => begin({ database, listen }, after, signal),
  };
}

/** Events that were decoded before they were published, each until it is. */
function createForeseen() {
  const events = new Map<string, ReceivedEvent>();
  return {
    add: (some: readonly ReceivedEvent[]): void => {
      if (events.size + some.length > MOST_FORESEEN) events.clear();
      for (const event of some) events.set(event.id, event);
    },
    decode: (row: HistoryRow): FeedEvent | undefined => {
      const id = row.headers['ce_id'] ?? '';
      const known = events.get(id);
      if (known === undefined) return decodeStored(row);
      events.delete(id);
      return { number: row.number, ...known };
    },
  };
}

async function readPast(database: Database, after: bigint, pass: Listener): Promise<void> {
  for (let cursor = after; ;) {
    const rows = await history(database, cursor, BATCH);
    pass(rows.flatMap((row) => decodeStored(row) ?? []));
    cursor = rows.at(-1)?.number ?? cursor;
    if (rows.length < BATCH) return;
  }
}

async function begin(
  house: { readonly database: Database; readonly listen: Feed['listen'] },
  after: bigint | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<FeedEvent> | 'gone'> {
  const window = await historyWindow(house.database);
  if (after !== undefined && (isPast(after, window) || after > window.newest)) return 'gone';
  return pursue(house, after ?? window.newest, signal);
}

/** What comes after it is no longer kept. */
const isPast = (after: bigint, { oldest }: { readonly oldest: bigint }): boolean => after + 1n < oldest;

/** Out of the history, a page at a time, while the follower is behind; out of the memory while it keeps up. */
async function* pursue(
  { database, listen }: { readonly database: Database; readonly listen: Feed['listen'] },
  after: bigint,
  signal: AbortSignal,
): AsyncGenerator<FeedEvent> {
  let seen = after;
  do {
    const rows = await history(database, seen, BATCH);
    for (const row of rows) {
      seen = row.number;
      const event = decodeStored(row);
      if (event !== undefined) yield event;
    }
    if (rows.length === BATCH) continue;
    const kept = keep(signal);
    const leave = await listen(kept.add, seen);
    try {
      for await (const event of kept.events()) {
        seen = event.number;
        yield event;
      }
    } finally {
      leave();
    }
  } while (!signal.aborted && !isPast(seen, await historyWindow(database)));
}

interface Kept {
  readonly add: Listener;
  /** Ends with the signal, and when there were more than are kept: what is missing then is in the history. */
  events(): AsyncGenerator<FeedEvent>;
}

function keep(signal: AbortSignal): Kept {
  const kept: FeedEvent[] = [];
  let isFull = false;
  let wake: (() => void) | undefined;
  return {
    add(events) {
      isFull ||= kept.length + events.length > MOST_KEPT;
      if (isFull) kept.length = 0;
      else kept.push(...events);
      wake?.();
    },
    async *events() {
      const end = (): void => wake?.();
      signal.addEventListener('abort', end);
      const isOver = (): boolean => signal.aborted || isFull;
      try {
        while (!isOver()) {
          for (const event of kept.splice(0)) yield event;
          if (kept.length > 0 || isOver()) continue;
          await new Promise<void>((resolve) => (wake = resolve));
          wake = undefined;
        }
      } finally {
        signal.removeEventListener('abort', end);
      }
    },
  };
}
