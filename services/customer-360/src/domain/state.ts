/** The aggregates of customer-360, as plain rows. Instants are ISO strings in UTC with milliseconds. */
import type { Versioned } from '@switchboard/hallway';

/** Free-form JSON of strangers. */
export type FreeJson = Readonly<Record<string, unknown>>;

/** A contact point and the customer it was first seen with; who that is today, `resolve` tells. */
interface IdentityState extends Versioned {
  readonly customerId: string;
}

export interface OwnedProduct {
  readonly id: string;
  readonly attributes: FreeJson;
  readonly at: string;
}

export interface Preference {
  readonly name: string;
  readonly value: string;
  readonly at: string;
}

export interface Consent {
  readonly purpose: string;
  /** granted, denied, revoked; others are kept. */
  readonly status: string;
  readonly until?: string | undefined;
  readonly at: string;
}

export interface OpenCase {
  readonly id: string;
  readonly complaint: boolean;
}

/** What was used in one week, which begins on a Monday in UTC. */
export interface UsageWeek {
  /** The Monday, as in `2026-11-16`. */
  readonly week: string;
  readonly count: number;
  readonly sum: number;
  readonly max: number;
}

export interface UsageMetric {
  readonly metric: string;
  readonly unit?: string | undefined;
  readonly last: number;
  readonly at: string;
  /** Only weeks of the window, oldest first. */
  readonly weeks: readonly UsageWeek[];
}

export interface Purchases {
  readonly count: number;
  /** ISO 4217 code -> minor units. */
  readonly spend: Readonly<Record<string, number>>;
  readonly lastProduct?: string | undefined;
  readonly lastAt?: string | undefined;
}

export interface CustomerState extends Versioned {
  readonly contactPoints: readonly string[];
  readonly name?: string | undefined;
  readonly languages: readonly string[];
  readonly tier?: string | undefined;
  readonly products: readonly OwnedProduct[];
  readonly preferences: readonly Preference[];
  readonly consents: readonly Consent[];
  readonly segments: readonly string[];
  readonly openCases: readonly OpenCase[];
  readonly usage: readonly UsageMetric[];
  readonly purchases: Purchases;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The customer this one turned out to be. Its row stays: what points to it is followed from here. */
  readonly mergedInto?: string | undefined;
  /** Every customer that turned out to be this one, directly or through another. */
  readonly mergedIds: readonly string[];
}

/** Whose case it is, and what is known of it. */
export interface CaseLinkState extends Versioned {
  readonly customerId: string;
  /** The version of the snapshot that was last taken in. */
  readonly caseVersion: number;
  readonly channel: string;
}

/** An activity under its natural key, for ever. */
export interface ActivityState extends Versioned {
  readonly activityId: string;
  readonly customerId: string;
  /** As it was accepted; a repeat is compared with it. */
  readonly body: FreeJson;
  readonly acceptedAt: string;
  /** Records that came later under the same key but said something else: the latest few. */
  readonly differences: readonly { readonly at: string; readonly body: FreeJson }[];
}

/** One moment of a customer's story. */
export interface TimelineEntryState extends Versioned {
  /** As attributed then: a merged customer's entries keep the old id. */
  readonly customerId: string;
  readonly at: string;
  readonly kind: string;
  readonly channel?: string | undefined;
  readonly summary: string;
  readonly caseId?: string | undefined;
  readonly data: FreeJson;
}

export type Customer360Kinds = {
  caseLink: CaseLinkState;
  activity: ActivityState;
  identity: IdentityState;
  customer: CustomerState;
  timelineEntry: TimelineEntryState;
};
