/**
 * The order in which waiting work is served, as one number that stands as long as an item waits:
 *
 *     rank  = arrival - credit                                       lower is served first; ms
 *     credit = what is due of 0 … bound of: minutes of the priority + promise + customer's tier + age adjustment
 *     promise = max(0, horizon - (due - expected handling - arrival))
 *
 * All age at the same speed, so the order of two items never turns while they wait, and no credit exceeds the bound:
 * nobody is overtaken by who came more than that later. What is reported as waiting time is counted from the arrival.
 */

import { parseDuration } from '@switchboard/calendar';
import type { RankingDefinition } from './definition.ts';
import type { Credits } from '../matching/record.ts';

/** A ranking, compiled. */
export interface RankingRules {
  /** By priority - 1 -> ms of wait; not rising. */
  readonly priorityMs: readonly number[];
  /** The most that all credits together are worth, ms. */
  readonly boundMs: number;
  /** Priority before everything else: a less urgent item may wait for ever. */
  readonly strict: boolean;
  readonly promise?: { readonly horizonMs: number; readonly handlingMs: number } | undefined;
  /** Customer's tier -> ms of wait. */
  readonly tiersMs?: ReadonlyMap<string, number> | undefined;
  /** Of the tier that counts most. */
  readonly mostTierMs?: number | undefined;
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
  /** The customer's. */
  readonly tier?: string | undefined;
}

const MINUTE_MS = 60_000;
const BOUND = 'PT8H';
/** More than anything ever waits; ten of them and today are still whole numbers. */
const CENTURY_MS = 100 * 365 * 24 * 60 * MINUTE_MS;
/** Where a queue does not say what a priority is worth: so much of the bound. */
const SHARES = [1 / 2, 1 / 4, 1 / 8, 1 / 16, 0];

/** What its definition says; where it is silent, the standard: a bound of eight hours. */
export function compileRanking({ strict = false, minutes, bound, promise, tiers }: RankingDefinition): RankingRules {
  const boundMs = strict ? CENTURY_MS : msOf(bound ?? BOUND);
  return {
    priorityMs: SHARES.map((share, n) => {
      const stated = minutes?.[String(n + 1)];
      return stated === undefined ? share * boundMs : stated * MINUTE_MS;
    }),
    boundMs,
    strict,
    promise: promise && { horizonMs: msOf(promise.horizon), handlingMs: msOf(promise.handling ?? 'PT0S') },
    tiersMs: tiers && new Map(Object.entries(tiers).map(([tier, worth]) => [tier, msOf(worth)])),
    mostTierMs: tiers && Math.max(0, ...Object.values(tiers).map(msOf)),
  };
}

const msOf = (duration: string): number => parseDuration(duration) ?? 0;

export const standardRanking: RankingRules = compileRanking({});

export function creditsOf(work: Ranked, { priorityMs, strict, promise, tiersMs }: RankingRules): Credits {
  const { enqueuedAt, priority, dueAt, ageAdjustmentMs = 0, tier } = work;
  const promised =
    promise === undefined || dueAt === undefined
      ? 0
      : Math.max(0, promise.horizonMs - (dueAt - promise.handlingMs - enqueuedAt));
  return {
    priority: strict ? 0 : (priorityMs[priority - 1] ?? 0),
    promise: promised,
    tier: (tier === undefined ? undefined : tiersMs?.get(tier)) ?? 0,
    adjustment: ageAdjustmentMs,
  };
}

/** How much a customer's tier counts beside the one that counts most, from 0 to 1. */
export function tierShareOf({ tiersMs, mostTierMs = 0 }: RankingRules, tier: string | undefined): number {
  const worth = (tier === undefined ? undefined : tiersMs?.get(tier)) ?? 0;
  return mostTierMs === 0 ? 0 : worth / mostTierMs;
}

/** Lower is served first; ms. */
export function rankOf(work: Ranked, rules: RankingRules): number {
  const { priority, promise, tier, adjustment } = creditsOf(work, rules);
  const credit = Math.min(rules.boundMs, Math.max(0, priority + promise + tier + adjustment));
  // A later century each: no credit reaches from one priority into the next.
  return work.enqueuedAt - credit + (rules.strict ? 2 * (work.priority - 5) * CENTURY_MS : 0);
}
