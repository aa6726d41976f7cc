/**
 * The order in which waiting work is served, as one number that stands as long as an item waits:
 *
 *     rank  = arrival - credit                                       lower is served first; ms
 *     credit = what is due of 0 … bound of: minutes of the priority + promise + age adjustment
 *     promise = max(0, horizon - (due - expected handling - arrival))
 *
 * All age at the same speed, so the order of two items never turns while they wait, and no credit exceeds the bound:
 * nobody is overtaken by who came more than that later. What is reported as waiting time is counted from the arrival.
 */

import { parseDuration } from '@switchboard/calendar';
import type { RankingDefinition } from './definition.ts';

/** A ranking, compiled. */
export interface RankingRules {
  /** By priority - 1 -> ms of wait; not rising. */
  readonly priorityMs: readonly number[];
  /** The most that all credits together are worth, ms. */
  readonly boundMs: number;
  /** Priority before everything else: a less urgent item may wait for ever. */
  readonly strict: boolean;
  readonly promise?: { readonly horizonMs: number; readonly handlingMs: number } | undefined;
}

/** What is known of an item that waits. Instants and spans in ms. */
export interface Ranked {
  readonly enqueuedAt: number;
  /** 1 (most urgent) to 5. */
  readonly priority: number;
  /** When the promise about it is due. */
  readonly dueAt?: number | undefined;
  /** Somebody said that it counts as so much older, or younger. */
  readonly ageAdjustmentMs?: number | undefined;
}

const MINUTE_MS = 60_000;
const BOUND = 'PT8H';
/** More than anything ever waits; ten of them and today are still whole numbers. */
const CENTURY_MS = 100 * 365 * 24 * 60 * MINUTE_MS;
/** Where a queue does not say what a priority is worth: so much of the bound. */
const SHARES = [1 / 2, 1 / 4, 1 / 8, 1 / 16, 0];

/** What its definition says; where it is silent, the standard: a bound of eight hours. */
export function compileRanking({ strict = false, minutes, bound, promise }: RankingDefinition): RankingRules {
  const boundMs = strict ? CENTURY_MS : msOf(bound ?? BOUND);
  return {
    priorityMs: SHARES.map((share, n) => {
      const stated = minutes?.[String(n + 1)];
      return stated === undefined ? share * boundMs : stated * MINUTE_MS;
    }),
    boundMs,
    strict,
    promise: promise && { horizonMs: msOf(promise.horizon), handlingMs: msOf(promise.handling ?? 'PT0S') },
  };
}

const msOf = (duration: string): number => parseDuration(duration) ?? 0;

export const standardRanking: RankingRules = compileRanking({});

/** Lower is served first; ms. */
export function rankOf(work: Ranked, { priorityMs, boundMs, strict, promise }: RankingRules): number {
  const { enqueuedAt, priority, dueAt, ageAdjustmentMs = 0 } = work;
  const promised =
    promise === undefined || dueAt === undefined
      ? 0
      : Math.max(0, promise.horizonMs - (dueAt - promise.handlingMs - enqueuedAt));
  const urgency = strict ? 0 : (priorityMs[priority - 1] ?? 0);
  const credit = Math.min(boundMs, Math.max(0, urgency + promised + ageAdjustmentMs));
  // A later century each: no credit reaches from one priority into the next.
  return enqueuedAt - credit + (strict ? 2 * (priority - 5) * CENTURY_MS : 0);
}
