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

/** Everything that was acknowledged. */
export interface Acknowledged {
  readonly contacts: readonly SentContact[];
  readonly activities: readonly SentActivity[];
  readonly presences: readonly SentPresence[];
  readonly answers: readonly Answer[];
}

/** Acknowledgements as they come in. */
export interface OpenLedger extends Acknowledged {
  readonly contacts: SentContact[];
  readonly activities: SentActivity[];
  readonly presences: SentPresence[];
  readonly answers: Answer[];
}

export function openLedger(): OpenLedger {
  return { contacts: [], activities: [], presences: [], answers: [] };
}

/** How many acknowledgements there are, in words. */
export function summary({ contacts, activities, presences, answers }: Acknowledged): string {
  const counts = { contacts, activities, 'presence changes': presences, answers };
  return Object.entries(counts)
    .map(([name, { length }]) => `${String(length)} ${name}`)
    .join(', ');
}
