/** Which step meets which fault: drawn from the seed, so many of each kind at most, none once it is calm. */
import type { Chance } from '../chance.ts';

/** What a process waits for. Every one of its awaits on a port is one of these. */
export type Kind = 'query' | 'begin' | 'statement' | 'commit' | 'rollback' | 'publish' | 'fetch' | 'offset' | 'other';

/**
 * `crash-before`, `crash-after`: the process stops for good before the step took place, or when it has but nobody was
 * told. `lost-before`, `lost-after`: likewise, but it lives and sees its connection break. `stall`: it sleeps through
 * all its leases. `partial`: the bus takes some of the records, then breaks.
 */
export type Fault = 'crash-before' | 'crash-after' | 'lost-before' | 'lost-after' | 'stall' | 'partial';

export interface Faults {
  choose(kind: Kind): Fault | undefined;
  calm(): void;
  /** `outage`: nobody reaches the database for a while. */
  readonly counts: Readonly<Record<Fault | 'outage', number>>;
}

/** How often a step of this kind meets a fault, while there are some left. */
const shares: Readonly<Record<Kind, number>> = {
  query: 0.004,
  begin: 0.01,
  statement: 0.012,
  commit: 0.08,
  rollback: 0.02,
  publish: 0.08,
  fetch: 0.01,
  offset: 0.05,
  other: 0,
};

/** What an outage of the database breaks. A transaction whose connection broke is rolled back by the server. */
const needsDatabase: ReadonlySet<Kind> = new Set(['query', 'begin', 'statement', 'commit']);
/** How often a seed has one; a step that begins it; how long it lasts, ms. */
const OUTAGE = { share: 0.3, begins: 0.005, from: 300, to: 3000 };

const weights: readonly Fault[] = [
  ...Array.from({ length: 4 }, () => 'crash-before' as const),
  ...Array.from({ length: 4 }, () => 'crash-after' as const),
  ...Array.from({ length: 4 }, () => 'lost-before' as const),
  ...Array.from({ length: 4 }, () => 'lost-after' as const),
  'stall',
  'partial',
  'partial',
];

export function createFaults(chance: Chance): Faults {
  const left: Record<Fault, number> = {
    'crash-before': chance.whole(0, 2),
    'crash-after': chance.whole(0, 2),
    'lost-before': chance.whole(0, 4),
    'lost-after': chance.whole(0, 4),
    stall: chance.whole(0, 1),
    partial: chance.whole(0, 2),
  };
  const counts = {
    ...{ 'crash-before': 0, 'crash-after': 0, 'lost-before': 0, 'lost-after': 0, stall: 0, partial: 0 },
    outage: 0,
  };
  let isCalm = false;
  let outages = chance.happens(OUTAGE.share) ? 1 : 0;
  let awayUntil = 0;
  return {
    choose(kind) {
      if (isCalm) return undefined;
      if (needsDatabase.has(kind)) {
        if (outages > 0 && chance.happens(OUTAGE.begins)) {
          outages -= 1;
          counts.outage += 1;
          awayUntil = Date.now() + chance.whole(OUTAGE.from, OUTAGE.to);
        }
        if (Date.now() < awayUntil) return 'lost-before';
      }
      if (!chance.happens(shares[kind])) return undefined;
      const fault = chance.pick(weights);
      // Beginning and rolling back leave nothing behind that could be told or not.
      if ((kind === 'begin' || kind === 'rollback') && fault.endsWith('-after')) return undefined;
      if (fault === 'partial' && kind !== 'publish') return undefined;
      if (left[fault] === 0) return undefined;
      left[fault] -= 1;
      counts[fault] += 1;
      return fault;
    },
    calm: () => void (isCalm = true),
    counts,
  };
}

/** What a driver says of a connection that broke. */
export function connectionLost(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}
