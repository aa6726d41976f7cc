/** What is kept of a clock's risk, and when it is looked at again. */
import type { Foresight, Unknown } from './foresee.ts';
import type { Help } from './help.ts';
import type { Reason } from './reasons.ts';

export interface StoredRisk {
  /** Absent where it is not known. */
  readonly probability?: number;
  readonly unknown?: Unknown;
  /** How many of the levels are reached. */
  readonly level: number;
  readonly reasons: readonly Reason[];
  readonly help: readonly Help[];
  /** Version of the model. */
  readonly model: number;
  /** ISO 8601. */
  readonly at: string;
  /** The team that had it then: its other promises wait in the same queue. */
  readonly team?: string;
  /** Looks that were told to nobody: each made a version of the clock's row. */
  readonly untold?: number;
}

/** A level is left only this far below it, so that nobody is told of every wobble. */
export const HYSTERESIS = 0.05;

/** How many levels are reached now. What is not known leaves it as it was. */
export function levelOf(levels: readonly number[], before: number, said: Foresight): number {
  if (!said.known) return before;
  const { probability } = said;
  return levels.filter((level, n) => probability >= (n < before ? level - HYSTERESIS : level)).length;
}

/** Shares of the target between two looks: 5 % until half of it is used, then 2.5 %. */
export function nextShare(share: number): number {
  const step = share < 0.5 ? 0.05 : 0.025;
  return (Math.floor(share / step + 1e-9) + 1) * step;
}
