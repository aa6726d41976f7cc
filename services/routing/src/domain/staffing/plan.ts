/** From what came in to what is expected, interval by interval, and how sure that is. */
import { learn } from './arrivals.ts';
import type { History } from './arrivals.ts';
import type { Expected } from './need.ts';
import { slotOfWeek, slotsBetween, weeksAhead } from './timetable.ts';
import type { Grid } from './timetable.ts';

/** Closed time before the first interval in which something may have been held, ms. */
const BEFORE_MS = 5 * 24 * 3_600_000;

export interface Planned {
  readonly grid: Grid;
  readonly history: History;
  /** Where the history ends, ms. */
  readonly end: number;
  /** ms; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
}

/** Those before `from` that were closed belong to it: what is held from there is worked on later. */
export function expectedIn({ grid, history, end, from, to }: Planned): Expected[] {
  const { expected } = learn(history);
  return slotsBetween(grid, from - (grid.calendar === undefined ? 0 : BEFORE_MS), to).map(({ at, wall, isOpen }) => ({
    from: at,
    to: at + grid.intervalMs,
    isOpen,
    arrivals: expected(slotOfWeek(wall, grid.intervalMs), isOpen, weeksAhead(at, end)),
  }));
}

export const arrivalsOf = ({ weeks }: History): number =>
  weeks.reduce((sum, { counts }) => sum + counts.reduce((all, came) => all + came, 0), 0);

/** So far from the mean lies the tenth part of a normal distribution. */
const TENTH = 1.281552;

/** Within it lie eight of ten, where the variance is so many times the mean. */
export function rangeOf(arrivals: number, dispersion: number): { readonly low: number; readonly high: number } {
  const margin = TENTH * Math.sqrt(dispersion * arrivals);
  return { low: Math.max(0, arrivals - margin), high: arrivals + margin };
}

/** With fewer weeks the weekdays are hardly known. */
const FEW_WEEKS = 4;

/** What is to be known of a forecast beside its figures. */
export function warningsOf({ weeks: { length } }: History, handlingMs: number | null): string[] {
  return [
    ...(length === 0 ? ['nothing came in until today: nothing can be expected'] : []),
    ...(length > 0 && length < FEW_WEEKS ? [`learned from ${String(length)} weeks only`] : []),
    ...(handlingMs === null ? ['nothing was finished: state handling to be told how many agents it takes'] : []),
  ];
}
