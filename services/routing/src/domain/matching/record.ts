/** The record of a choice, with its words: what was decided between, by whom and at what cost. It knows nobody who writes it. */

export const strategies = ['longest-idle', 'least-loaded', 'round-robin', 'least-cost'] as const;
export type Strategy = (typeof strategies)[number];

/** What a full unit of each part is worth, ms. */
export interface Weights {
  /** The case asks for what the agent does not know: its reason and product as skills, its product, its language. */
  readonly skills: number;
  /** The agent's room is used up. */
  readonly load: number;
  /** The agent has only just finished something. */
  readonly idle: number;
  /** Another agent served the customer last. */
  readonly affinity: number;
  /** The agent is for other places than the case's. */
  readonly territory: number;
  /** The agent has been at work all the last hours. */
  readonly worked: number;
  /** The agent can do much: kept free for what only few can do. */
  readonly breadth: number;
  /** What `skills` counts, once more for customers whose tier the queue weighs: the better fit is for the higher tier. */
  readonly tier: number;
}

export const WEIGHTS: Weights = {
  skills: 180_000,
  load: 60_000,
  idle: 60_000,
  affinity: 120_000,
  territory: 60_000,
  worked: 120_000,
  breadth: 30_000,
  tier: 60_000,
};

export const parts = [
  'skills',
  'load',
  'idle',
  'affinity',
  'territory',
  'worked',
  'breadth',
  'tier',
] as const satisfies (keyof Weights)[];

/** ms each, in the order of `Weights`. */
export type Parts = { readonly [P in keyof Weights]: number };

export const engineFailures = ['timeout', 'unreachable', 'refused', 'unreadable'] as const;
export type EngineFailure = (typeof engineFailures)[number];

/**
 * Why the queue's own strategy decided. `away`: it failed so often that it is not asked for a while. `not-named`: it named
 * nobody. `not-eligible`: it named somebody who may not have it, or has no room left.
 */
export const fallbackReasons = [...engineFailures, 'away', 'not-named', 'not-eligible'] as const;
export type FallbackReason = (typeof fallbackReasons)[number];

/** Who decided. */
export interface Decider {
  readonly by: 'engine' | 'fallback';
  readonly reason?: FallbackReason | undefined;
}

/** What lets an item rank as if it were older, before all of it is bounded; ms. */
export interface Credits {
  readonly priority: number;
  readonly promise: number;
  readonly tier: number;
  readonly adjustment: number;
}

export const removals = [
  'not-available',
  'no-room',
  'requirements',
  'asked-before',
  'not-preferred',
  'had-share',
  'not-asked',
] as const;
/**
 * `not-available`: away or offline. `asked-before`: rejected or missed it, and others come first. `not-preferred`: another
 * one is asked first for a while. `had-share`: of the queue's fairness. `not-asked`: somebody
 * before them served, and what the requirements look at cannot be told beforehand.
 */
export type Removal = (typeof removals)[number];

export interface RankedAgent {
  readonly agentId: string;
  /** ms of waiting: the sum of the parts. Decides only where the strategy is `least-cost`. */
  readonly cost: number;
  readonly parts: Parts;
  /** Items held. */
  readonly held: number;
  readonly idleSince?: string | undefined;
}

/** What is kept of a choice. */
export interface DecisionRecord {
  readonly strategy: Strategy;
  /** `holdout`: drawn at random, to measure what the strategy is worth. */
  readonly arm: 'strategy' | 'holdout';
  readonly queueId: string;
  /** The queue's target that had been reached. */
  readonly target: string;
  /** Of the queue's definition. */
  readonly policyVersion: number;
  /** Agents in all. */
  readonly agents: number;
  /** Who may have had it. */
  readonly eligible: number;
  /** What removed the others; of each reason the first few by name, where they were looked at one by one. */
  readonly removed: readonly { readonly reason: Removal; readonly count: number; readonly agents: readonly string[] }[];
  /** The best, in the order of the strategy; the chosen one is among them. */
  readonly candidates: readonly RankedAgent[];
  /** Items that were matched together, and how long each had waited, ms. */
  readonly together: number;
  readonly waitedMs: number;
  /** What let it rank as if it were older, before all of it is bounded; ms. Absent in records of earlier versions. */
  readonly credits?: Credits | undefined;
  /** The customer's. */
  readonly tier?: string | undefined;
  /** Where the queue has an engine: whether it decided. */
  readonly engine?: Decider | undefined;
  /** Who was asked at the same time before this one, where the queue asks several. */
  readonly beside?: string | undefined;
}
