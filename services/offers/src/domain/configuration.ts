/** What a decision looks up: offers whose expressions are compiled, and the windows. */
import type { FreeJson, OfferDefinition } from './state.ts';

/** `error`: the expression could not be decided over these facts, which counts as no match. */
export type Verdict = boolean | { readonly error: string };

export interface TriggerFacts {
  readonly contact?: FreeJson | undefined;
  readonly activity?: FreeJson | undefined;
  readonly profile: FreeJson;
}

export interface EligibilityFacts {
  readonly profile: FreeJson;
  readonly case?: FreeJson | undefined;
  readonly sla: { readonly breachedOpen: number; readonly atRiskOpen: number };
}

export interface CompiledOffer {
  readonly id: string;
  readonly definition: OfferDefinition;
  triggers(facts: TriggerFacts): Verdict;
  isEligible(facts: EligibilityFacts): Verdict;
}

export interface OffersConfiguration {
  /** By id. */
  readonly offers: readonly CompiledOffer[];
  readonly windows: {
    /** How long an unanswered offer is carried over at most, ms. */
    readonly carryOver: number;
    /** How long a declined offer is not made again, ms. */
    readonly declined: number;
  };
}
