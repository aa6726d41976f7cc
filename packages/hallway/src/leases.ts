/**
 * Who may do what only one replica may do. All leases that one process holds are renewed together, in one statement: a
 * quiet service pays for one renewal, not for one of each of its loops.
 */
import { randomUUID } from 'node:crypto';
import type { Sql } from './ports.ts';
import { releaseLease, takeLeases, type LeaseKey } from './tables/leases.ts';

/** `taken`: it may have been somebody else's since it was asked for last, so what is remembered of its work is stale. */
export type Owned = 'kept' | 'taken' | 'elsewhere';

export interface Leases {
  /** Takes the lease, or renews it where that is due. */
  own(name: string): Promise<Owned>;
  /** Leaves it to others at once. */
  release(name: string): Promise<void>;
  /** As its row says it. */
  key(name: string): LeaseKey;
}

/** A replica that died is replaced after this long, ms. */
const LEASE = 5000;
/** Renewed when less than this is left of it, ms. */
const RENEW = 3500;
/**
 * One that was not asked for this long, ms, is not renewed with the others: whoever holds it may be stuck, and others can do
 * its work. Longer than any loop rests.
 */
const FORSAKEN = 60_000;

export function createLeases(sql: Sql, holder: string = randomUUID()): Leases {
  /** Until when, by this process's clock, which is read before the database is asked: never later than in its row. */
  const until = new Map<string, number>();
  /** When each was asked for last, by the same clock. */
  const asked = new Map<string, number>();
  /** Asked for by those who wait for the next renewal. */
  const wanted = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<ReadonlyMap<string, Owned>> | undefined;

  /** One statement at a time: a renewal under way must not bring back what is being released. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  const left = (name: string): number => (until.get(name) ?? 0) - performance.now();

  const isForsaken = (name: string): boolean => performance.now() - (asked.get(name) ?? 0) > FORSAKEN;

  /** All that are wanted, and with them all that are held. */
  async function renew(): Promise<ReadonlyMap<string, Owned>> {
    next = undefined;
    const now = [...wanted];
    wanted.clear();
    const held = [...until.keys()].filter((name) => left(name) > 0 && !isForsaken(name));
    const began = performance.now();
    const granted = new Set(await takeLeases(sql, holder, [...new Set([...now, ...held])], LEASE));
    // One that ran out before the answer came may have been taken and given back by somebody else in between.
    const kept = new Set(held.filter((name) => granted.has(name) && left(name) > 0));
    for (const name of held) until.delete(name);
    for (const name of [...kept, ...now]) if (granted.has(name)) until.set(name, began + LEASE);
    return new Map(now.map((name) => [name, kept.has(name) ? 'kept' : granted.has(name) ? 'taken' : 'elsewhere']));
  }

  return {
    async own(name) {
      asked.set(name, performance.now());
      if (left(name) > RENEW) return 'kept';
      wanted.add(name);
      // Whoever asks meanwhile shares the next renewal, and its failure: behind a database that is away there is no queue.
      const outcomes = await (next ??= inTurn(renew));
      return outcomes.get(name) ?? 'elsewhere';
    },
    release: (name) =>
      inTurn(async () => {
        until.delete(name);
        await releaseLease(sql, { name, holder }).catch(() => undefined);
      }),
    key: (name) => ({ name, holder }),
  };
}
