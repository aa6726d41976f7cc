/** The promises about the cases of this day: what is running, kept and broken. */
import type { PromiseCounts } from '../report/tally.ts';

interface Clock {
  readonly status: string;
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly remainingMs: number;
}

export interface PromiseBook {
  /** The case is new, or was seen again: look at it. */
  watch(caseId: string): void;
  /** The cases that were not looked at for longest. */
  due(count: number): readonly string[];
  read(caseId: string, clocks: readonly Clock[], isOpen: boolean): void;
  sums(): PromiseCounts;
}

const none: PromiseCounts = { running: 0, atRisk: 0, kept: 0, broken: 0 };
/** So many finished cases are remembered one by one, in case they are opened again. */
const REMEMBERED = 5000;

/** Promises that began before this instant (ms) are of another day and count for nothing. */
export function createPromiseBook(since: number): PromiseBook {
  // A map keeps the order of insertion: what was read goes to the end.
  const watched = new Map<string, PromiseCounts>();
  const finished = new Map<string, PromiseCounts>();
  let forgotten = none;
  return {
    watch: (caseId) => {
      if (watched.has(caseId)) return;
      watched.set(caseId, finished.get(caseId) ?? none);
      finished.delete(caseId);
    },
    due: (count) => first(watched.keys(), count),
    read: (caseId, all, isOpen) => {
      const clocks = all.filter(({ startedAt }) => Date.parse(startedAt) >= since);
      const counts = countClocks(clocks);
      watched.delete(caseId);
      if (isOpen || counts.running > 0 || clocks.length === 0) {
        watched.set(caseId, counts);
        return;
      }
      finished.set(caseId, counts);
      const [oldest] = finished;
      if (finished.size <= REMEMBERED || oldest === undefined) return;
      finished.delete(oldest[0]);
      forgotten = add(forgotten, oldest[1]);
    },
    sums: () => [...watched.values(), ...finished.values()].reduce(add, forgotten),
  };
}

/** How the clocks of a case stand. What was called off counts for nothing. */
export function countClocks(clocks: readonly Omit<Clock, 'startedAt'>[]): PromiseCounts {
  return clocks.map(countClock).reduce(add, none);
}

function countClock({ status, elapsedMs, remainingMs }: Omit<Clock, 'startedAt'>): PromiseCounts {
  switch (status) {
    case 'running':
    case 'paused':
      return { ...none, running: 1, atRisk: status === 'running' && elapsedMs >= remainingMs ? 1 : 0 };
    case 'met':
      return { ...none, kept: 1 };
    case 'breached':
      return { ...none, broken: 1 };
    default:
      return none;
  }
}

function add(a: PromiseCounts, b: PromiseCounts): PromiseCounts {
  return {
    running: a.running + b.running,
    atRisk: a.atRisk + b.atRisk,
    kept: a.kept + b.kept,
    broken: a.broken + b.broken,
  };
}

function first(all: Iterable<string>, count: number): readonly string[] {
  const taken: string[] = [];
  for (const one of all) {
    if (taken.length === count) break;
    taken.push(one);
  }
  return taken;
}
