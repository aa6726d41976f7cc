/**
 * What the clients were promised: one entry for everything that was acknowledged. `number` is unique within a run and
 * travels inside whatever is sent, so that it is found again in every service.
 */

export type Door = 'rest' | 'bus';

export interface SentContact {
  readonly number: string;
  readonly door: Door;
  readonly contactPoint: string;
  /** Sent to be refused, and let in by a replay only: it counts once that was acknowledged. */
  readonly replayed?: boolean;
  /** What a REST caller was told. */
  readonly contactId?: string;
  readonly caseId?: string;
}

export interface SentActivity {
  readonly number: string;
  readonly door: Door;
  readonly contactPoint: string;
  /** Adds to the profile: what counts twice shows there. */
  readonly minorUnits: number;
  readonly activityId?: string;
}

/** In the order in which the one client of the agent sent them. */
export interface SentPresence {
  readonly agentId: string;
  readonly status: string;
}

export type Answer =
  | { readonly kind: 'accept' | 'reject' | 'complete'; readonly reservationId: string }
  | { readonly kind: 'message'; readonly caseId: string; readonly messageId: string }
  | { readonly kind: 'status'; readonly caseId: string; readonly status: string; readonly reason: string }
  | {
      readonly kind: 'response';
      readonly decisionId: string;
      readonly offerId: string;
      readonly outcome: string;
    };

export interface SentPlan {
  readonly id: string;
  readonly caseId: string;
}

/** What a plan waited for, or will. */
export interface SentHappening {
  readonly planId: string;
  readonly externalId: string;
}

export interface SentCallback {
  readonly id: string;
  readonly caseId: string;
}

/** Everything that was acknowledged. */
export interface Acknowledged {
  readonly contacts: readonly SentContact[];
  readonly activities: readonly SentActivity[];
  readonly presences: readonly SentPresence[];
  readonly answers: readonly Answer[];
  readonly plans: readonly SentPlan[];
  readonly happenings: readonly SentHappening[];
  readonly callbacks: readonly SentCallback[];
}

/** Acknowledgements as they come in. */
export interface OpenLedger extends Acknowledged {
  readonly contacts: SentContact[];
  readonly activities: SentActivity[];
  readonly presences: SentPresence[];
  readonly answers: Answer[];
  readonly plans: SentPlan[];
  readonly happenings: SentHappening[];
  readonly callbacks: SentCallback[];
}

export function openLedger(): OpenLedger {
  return { contacts: [], activities: [], presences: [], answers: [], plans: [], happenings: [], callbacks: [] };
}

/** How many acknowledgements there are, in words. */
export function summary({ contacts, activities, presences, answers, plans, callbacks }: Acknowledged): string {
  const counts = { contacts, activities, 'presence changes': presences, answers, plans, callbacks };
  return Object.entries(counts)
    .map(([name, { length }]) => `${String(length)} ${name}`)
    .join(', ');
}
