/** How many are needed, interval by interval: what is expected to come, how long it takes, what is promised. */
import { agentsFor, MOST_LOAD, serviceOf } from './erlang.ts';
import type { Service } from './erlang.ts';

/** An interval, as far as it is known beforehand. Instants and spans in ms. */
export interface Expected {
  readonly from: number;
  readonly to: number;
  /** Nobody needs to be there while it is closed; what comes then is held until it opens. */
  readonly isOpen: boolean;
  readonly arrivals: number;
}

export interface Terms {
  readonly handlingMs: number;
  /** Share to be answered within `withinMs`. */
  readonly target: number;
  readonly withinMs: number;
  /** Most share of their time that anybody is to be busy. */
  readonly occupancy: number;
  /** Share of paid time in which who is planned is not there: breaks, training, sickness. */
  readonly shrinkage: number;
  /** Items one agent works on at once. */
  readonly concurrency: number;
  readonly patienceMs?: number | undefined;
  /** What comes while it is closed goes elsewhere, and is not held. */
  readonly closedElsewhere: boolean;
}

export interface Need extends Expected {
  /** What came while it was closed and is worked on now. */
  readonly held: number;
  /** Work that is there at once, in erlangs. */
  readonly load: number;
  readonly agents: number;
  /** With those who are planned and not there. */
  readonly scheduled: number;
  /** With so many agents; absent while nobody is needed. */
  readonly service?: Omit<Service, 'meanWait'> & { readonly meanWaitMs: number };
}

/**
 * One after the other, so that whoever asks can do other things in between: each takes up to a millisecond.
 * @throws RangeError when an interval has more work than is reckoned with (`MOST_LOAD`)
 */
export function* needs(intervals: readonly Expected[], terms: Terms): Generator<Need> {
  const held = heldOver(intervals, terms);
  for (const [n, interval] of intervals.entries()) yield needOf(interval, held[n] ?? 0, terms);
}

/** Work of the busiest interval, what was held for it included, in erlangs. */
export function peakOf(intervals: readonly Expected[], terms: Pick<Terms, 'handlingMs' | 'closedElsewhere'>): number {
  const held = heldOver(intervals, terms);
  return intervals.reduce((most, interval, n) => Math.max(most, loadOf(interval, held[n] ?? 0, terms.handlingMs)), 0);
}

/** What came while it was closed is worked off evenly over the time it is open next. */
function heldOver(intervals: readonly Expected[], { closedElsewhere }: Pick<Terms, 'closedElsewhere'>): number[] {
  const held = intervals.map(() => 0);
  if (closedElsewhere) return held;
  let waiting = 0;
  for (let n = 0; n < intervals.length; n += 1) {
    const { isOpen, arrivals } = intervals[n] ?? { isOpen: false, arrivals: 0 };
    if (!isOpen) {
      waiting += arrivals;
      continue;
    }
    const closes = intervals.findIndex((one, at) => at > n && !one.isOpen);
    const end = closes === -1 ? intervals.length : closes;
    held.fill(waiting / (end - n), n, end);
    waiting = 0;
    n = end - 1;
  }
  return held;
}

const loadOf = ({ from, to, isOpen, arrivals }: Expected, held: number, handlingMs: number): number =>
  isOpen ? ((arrivals + held) * handlingMs) / (to - from) : 0;

function needOf(interval: Expected, held: number, terms: Terms): Need {
  const { handlingMs, target, withinMs, occupancy, shrinkage, concurrency, patienceMs } = terms;
  const load = loadOf(interval, held, handlingMs);
  if (load === 0) return { ...interval, held, load, agents: 0, scheduled: 0 };
  const patience = patienceMs === undefined ? undefined : patienceMs / handlingMs;
  const demand = { load, within: withinMs / handlingMs, patience };
  // Who works on several items at once is as many agents as they are items, as far as waiting goes.
  const agents = Math.ceil(agentsFor({ ...demand, target, occupancy }) / concurrency);
  const { meanWait, ...service } = serviceOf(agents * concurrency, demand);
  return {
    ...{ ...interval, held, load, agents },
    // 14 / (1 - 0.3) is 20 and not a little more.
    scheduled: Math.ceil(agents / (1 - shrinkage) - 1e-9),
    service: { ...service, meanWaitMs: meanWait * handlingMs },
  };
}

export { MOST_LOAD };
