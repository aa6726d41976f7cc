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

export function createLeases(sql: Sql, holder: string = randomUUID()): Leases {
  /** Until when, by this process's clock, which is read before the database is asked: never later than in its row. */
  const until = new Map<string, number>();
  let last: Promise<unknown> = Promise.resolve();

  /** One statement at a time: a renewal under way must not bring back what is being released. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  const left = (name: string): number => (until.get(name) ?? 0) - performance.now();

  async function take(name: string): Promise<Owned> {
    if (left(name) > RENEW) return 'kept';
    const held = [...until.keys()].filter((other) => left(other) > 0);
    const asked = performance.now();
    const granted = new Set(await takeLeases(sql, holder, [...new Set([name, ...held])], LEASE));
    // One that ran out before the answer came may have been taken and given back by somebody else in between.
    const unbroken = new Set(held.filter((other) => granted.has(other) && left(other) > 0));
    for (const other of held) until.delete(other);
    for (const other of unbroken) until.set(other, asked + LEASE);
    if (!granted.has(name)) return 'elsewhere';
    until.set(name, asked + LEASE);
    return unbroken.has(name) ? 'kept' : 'taken';
  }

  return {
    own: (name) => (left(name) > RENEW ? Promise.resolve('kept') : inTurn(() => take(name))),
    release: (name) =>
      inTurn(async () => {
        until.delete(name);
        await releaseLease(sql, { name, holder }).catch(() => undefined);
      }),
    key: (name) => ({ name, holder }),
  };
}
