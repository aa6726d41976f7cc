/** One member of a group on the embedded bus: fetch, hand over, commit, again. */
import { asError, backOffMs, rested } from './records.ts';
import { createSignal } from './signal.ts';
import type { BusLogger, IncomingRecord, SubscribeOptions, Subscription } from './port.ts';
import type { Signal } from './signal.ts';

export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: string;
}

/** What the database does for one member. */
export interface GroupStore {
  /** Joins or stays, lets go and takes partitions; only while no batch is in hand. */
  join(): Promise<void>;
  /** Keeps the membership; false when it is lost. */
  heartbeat(): Promise<boolean>;
  leave(): Promise<void>;
  /** What comes next in the member's partitions, those left out that are named. */
  fetch(except: readonly Pick<Position, 'topic' | 'partition'>[]): Promise<IncomingRecord[]>;
  /** False when some of the partitions are another's by now. */
  commit(positions: readonly Position[]): Promise<boolean>;
  lag(): Promise<number>;
  /** Removes some of what is older than the window; answers how many records that were. */
  clean(): Promise<number>;
  isFatal(error: Error): boolean;
  /** Calls back when there may be new records (`false`) or a change in the group (`true`). */
  listen(onNews: (groupChanged: boolean) => void): () => void;
}

export interface ConsumeOptions {
  readonly store: GroupStore;
  readonly subscribing: SubscribeOptions;
  readonly leaseMs: number;
  readonly cleanEveryMs: number | undefined;
  readonly logger: BusLogger | undefined;
}

/** Longest wait for news: a notification may be lost with its connection. */
const idleMs = 1000;
const CLEAN_EVERY = 600_000;
/** While there is more to remove: as fast as that, which is faster than anybody publishes, and no faster. */
const cleanOnMs = 50;

interface Member extends ConsumeOptions {
  readonly news: Signal;
  readonly paused: Map<string, Pause>;
  joinAt: number;
  cleanAt: number;
}

interface Pause {
  readonly topic: string;
  readonly partition: number;
  readonly failures: number;
  readonly until: number;
}

/** Joins the group and reads on until closed. @throws what keeps it from joining */
export async function consume(options: ConsumeOptions): Promise<Subscription> {
  const { store } = options;
  await store.join();
  const closing = new AbortController();
  const cleanAt = performance.now() + (options.cleanEveryMs ?? CLEAN_EVERY) * Math.random();
  const member: Member = { ...options, news: createSignal(), paused: new Map(), joinAt: 0, cleanAt };
  const stopListening = store.listen((groupChanged) => {
    if (groupChanged) member.joinAt = 0;
    member.news.raise();
  });
  const over = readOn(member, closing.signal).finally(stopListening);
  return {
    close: () => {
      closing.abort();
      return over;
    },
    lag: () => store.lag(),
  };
}

async function readOn(member: Member, closing: AbortSignal): Promise<void> {
  const { store, subscribing, logger } = member;
  let failures = 0;
  while (!closing.aborted) {
    try {
      await takeTurn(member, closing);
      failures = 0;
    } catch (thrown) {
      const error = asError(thrown);
      if (store.isFatal(error)) {
        subscribing.onDeath(error);
        return;
      }
      failures += 1;
      member.joinAt = 0;
      logger?.warn({ err: error, failures }, 'the database of the bus does not answer and is asked again');
      await rested(backOffMs(failures), closing);
    }
  }
  await store.leave().catch((error: unknown) => logger?.warn({ err: error }, 'left the group without saying so'));
}

async function takeTurn(member: Member, closing: AbortSignal): Promise<void> {
  const { store, leaseMs, news, paused } = member;
  const now = performance.now();
  if (now >= member.joinAt) {
    member.joinAt = now + leaseMs / 3;
    await store.join();
  }
  if (now >= member.cleanAt) {
    const removed = await store.clean();
    member.cleanAt = now + (removed > 0 ? cleanOnMs : (member.cleanEveryMs ?? CLEAN_EVERY));
  }
  const pauses = [...paused.values()].filter(({ until }) => until > now);
  const records = await store.fetch(pauses);
  if (records.length > 0) {
    await handOver(member, records);
    return;
  }
  const next = Math.min(now + idleMs, member.joinAt, member.cleanAt, ...pauses.map(({ until }) => until));
  await news.wait(Math.max(next - performance.now(), 0), closing);
}

/** Every partition's records at the same time: the subscriber may put them into one transaction. */
async function handOver(member: Member, records: readonly IncomingRecord[]): Promise<void> {
  const { store, leaseMs } = member;
  const heartbeats = setInterval(() => {
    store.heartbeat().then(
      (kept) => {
        if (!kept) member.joinAt = 0;
      },
      () => undefined,
    );
  }, leaseMs / 3);
  let done: (Position | undefined)[];
  try {
    done = await Promise.all([...Map.groupBy(records, placeOf).values()].map((batch) => handBatch(member, batch)));
  } finally {
    clearInterval(heartbeats);
  }
  const positions = done.filter((position) => position !== undefined);
  if (positions.length > 0 && !(await store.commit(positions))) member.joinAt = 0;
}

/** The position after the batch, or nothing when it was not taken. */
async function handBatch(member: Member, batch: readonly IncomingRecord[]): Promise<Position | undefined> {
  const { subscribing, paused, logger } = member;
  const last = batch.at(-1);
  if (last === undefined) return undefined;
  const { topic, partition } = last;
  try {
    await subscribing.onBatch(batch);
    paused.delete(placeOf(last));
    return { topic, partition, nextOffset: String(BigInt(last.offset) + 1n) };
  } catch (error) {
    const failures = (paused.get(placeOf(last))?.failures ?? 0) + 1;
    paused.set(placeOf(last), { topic, partition, failures, until: performance.now() + backOffMs(failures) });
    logger?.warn({ err: error, topic, partition, failures }, 'a batch was not taken and is delivered again');
    return undefined;
  }
}

function placeOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${String(partition)}`;
}
