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
  readonly counts: Readonly<Record<Fault, number>>;
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
  const counts = { 'crash-before': 0, 'crash-after': 0, 'lost-before': 0, 'lost-after': 0, stall: 0, partial: 0 };
  let isCalm = false;
  return {
    choose(kind) {
      if (isCalm || !chance.happens(shares[kind])) return undefined;
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
