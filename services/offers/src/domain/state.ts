/** The aggregates of offers, as plain rows. Instants are ISO strings in UTC with milliseconds. */
import type { Versioned } from '@switchboard/hallway';

/** Free-form JSON, and facts for rules. */
export type FreeJson = Readonly<Record<string, unknown>>;

interface Money {
  readonly minorUnits: number;
  readonly currency: string;
}

export interface Incentive {
  readonly text: string;
  readonly value?: Money | undefined;
  readonly until?: string | undefined;
}

export interface OfferDefinition {
  readonly name: string;
  readonly trigger: string;
  readonly eligibility?: string | undefined;
  readonly incentive?: Incentive | undefined;
  /** What it is worth to us: offers are ranked by it. */
  readonly value: Money;
  /** All, where absent. */
  readonly channels?: readonly string[] | undefined;
  readonly validFrom?: string | undefined;
  readonly validTo?: string | undefined;
}

/** `OfferDefinition` under its id, as the bootstrap keeps every configuration resource. */
interface OfferState extends Versioned {
  readonly definition: OfferDefinition;
  readonly updatedAt: string;
}

/** What the customer said to an offer, or was shown. */
export type Outcome = 'presented' | 'accepted' | 'declined' | 'abandoned';

/** Where an offer stands with one customer, over every channel. */
export interface Standing {
  readonly offerId: string;
  /** The latest decision that offered it. */
  readonly decisionId: string;
  /** The case it first came up in: its facts go on to decide whether the customer is eligible. */
  readonly caseId?: string | undefined;
  /** As first promised, and kept. */
  readonly incentive?: Incentive | undefined;
  readonly status: 'offered' | Outcome;
  /** Of the status. */
  readonly at: string;
  /** While neither accepted nor declined it is carried over until then. */
  readonly until: string;
}

/** What is known of a customer, from the events of customer-360, and how offers stand with them. */
export interface CustomerState extends Versioned {
  /** The version of the profile that was last taken in. */
  readonly profileVersion: number;
  readonly contactPoints: readonly string[];
  readonly openComplaints: number;
  /** The customer as REST shows it. */
  readonly profile: FreeJson;
  /** Cases that may be open. */
  readonly caseIds: readonly string[];
  readonly standings: readonly Standing[];
  /** The customer this one turned out to be. */
  readonly mergedInto?: string | undefined;
  readonly mergedIds: readonly string[];
}

export interface Promised {
  readonly clockId: string;
  readonly version: number;
  readonly breached: boolean;
  readonly atRisk: boolean;
}

/** What rules and gates ask about a case. */
export interface CaseFactsState extends Versioned {
  /** 0: nothing but promises is known yet. */
  readonly caseVersion: number;
  readonly customerId?: string | undefined;
  readonly open: boolean;
  /** The expression variable `case`. */
  readonly facts: FreeJson;
  /** The expression variable `contact` of its latest contact. */
  readonly contact: FreeJson;
  readonly promises: readonly Promised[];
}

export interface DecidedOffer {
  readonly offerId: string;
  /** From 1. */
  readonly rank: number;
  readonly incentive?: Incentive | undefined;
  readonly reason: string;
}

export type Stage =
  | 'gate-complaint'
  | 'gate-promise'
  | 'validity'
  | 'channel'
  | 'response-history'
  | 'trigger'
  | 'eligibility'
  | 'limit'
  | 'ranking';

export interface Candidate {
  readonly offerId: string;
  readonly outcome: 'offered' | 'dropped';
  readonly stage: Stage;
  readonly reason: string;
}

export interface Actor {
  readonly kind: string;
  readonly id: string;
}

export interface OfferResponse {
  readonly offerId: string;
  readonly outcome: Outcome;
  readonly by?: Actor | undefined;
  readonly at: string;
}

/** Its id is that of the contact or activity it was made for: there is one for each. */
export interface DecisionState extends Versioned {
  readonly customerId: string;
  readonly caseId?: string | undefined;
  /** contact, activity, request. */
  readonly occasion: string;
  readonly channel: string;
  readonly at: string;
  readonly offers: readonly DecidedOffer[];
  readonly candidates: readonly Candidate[];
  readonly responses: readonly OfferResponse[];
}

export type OffersKinds = {
  customer: CustomerState;
  caseFacts: CaseFactsState;
  decision: DecisionState;
  offer: OfferState;
};
