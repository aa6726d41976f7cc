/** What sla keeps of ladders, of people and of escalations: plain JSON rows; instants are ISO 8601 strings in UTC. */
import type { Versioned } from '@switchboard/hallway';

/** Whom a level tells. Of managers the first who can be told; of agents everyone named. */
export type Notify =
  | { readonly teamManagers: true }
  | { readonly managersOf: string }
  | { readonly agents: readonly string[] }
  | { readonly assignee: true };

export interface LadderLevel {
  readonly notify: Notify;
  /** ISO 8601. */
  readonly acknowledgeWithin: string;
  /** Whether that is counted on the clock's calendar rather than round the clock. */
  readonly workingTime: boolean;
  /** How often the same people are told once more before the next level. */
  readonly repeat: number;
}

/** The hours of a calendar are loud, all others quiet; or quiet from an hour of each day to another. */
export type QuietHours =
  { readonly calendarId: string } | { readonly from: string; readonly to: string; readonly timeZone: string };

/** When a clock is in danger. A share of its time (or what is left of it, ISO 8601) that was warned of; a probability. */
export interface When {
  readonly warned?: number | string | undefined;
  readonly breached?: true | undefined;
  readonly atRisk?: number | undefined;
}

export interface LadderDefinition {
  readonly order: number;
  /** CEL over case, contact, customer and clock. */
  readonly match: string;
  /** Whether the ladders after this one are looked at as well. */
  readonly continue: boolean;
  readonly when: When;
  readonly levels: readonly LadderLevel[];
  readonly quietHours?: QuietHours | undefined;
  readonly digest?: { readonly every: string } | undefined;
  /** CEL over the same: what is told at once, in quiet hours too and never in a digest. */
  readonly critical: string;
  readonly stopWhen: { readonly pausedFor: string };
}

export interface LadderState extends Versioned {
  readonly definition: LadderDefinition;
  readonly updatedAt: string;
}

/** A team as routing tells it. Kept when it is removed, so that older news does not bring it back. */
export interface TeamState extends Versioned {
  /** When routing said so. */
  readonly toldAt?: string;
  /** Absent: removed. */
  readonly team?:
    | {
        readonly name: string;
        readonly managers: readonly Manager[];
        readonly calendarId?: string | undefined;
      }
    | undefined;
}

export interface Manager {
  readonly agentId: string;
  /** Only for work about one of these; empty: about any. */
  readonly products: readonly string[];
  readonly regions: readonly string[];
}

export interface AbsenceNews {
  /** Unique among the agent's. */
  readonly id: string;
  readonly toldAt: string;
  /** Absent: removed. */
  readonly span?: {
    readonly kind: string;
    readonly startsAt: string;
    /** Exclusive. */
    readonly endsAt: string;
    readonly substitute?: string | undefined;
  };
}

/** An agent as routing tells them, with when they are not there. Absences may be told of before the agent is. */
export interface StaffState extends Versioned {
  readonly toldAt?: string;
  /** Absent: not known yet, or removed. */
  readonly agent?:
    { readonly name: string; readonly team: string; readonly calendarId?: string | undefined } | undefined;
  readonly absences: readonly AbsenceNews[];
}

/** From the least to the worst. */
export const dangers = ['at-risk', 'warned', 'breached'] as const;
export type Danger = (typeof dangers)[number];

export const escalationStatuses = ['held', 'raised', 'acknowledged', 'unanswered', 'ended'] as const;
export type EscalationStatus = (typeof escalationStatuses)[number];

/** Why it waits before somebody is told. */
export type HeldFor = 'quiet-hours' | 'digest' | 'nobody-there';

/** Why nobody has to do anything any more. */
export type Outcome = 'met' | 'canceled' | 'paused' | 'risk-fell' | 'rescheduled' | 'ladder-removed' | 'undecided';

/** Who was told, and why they. */
export interface Recipient {
  readonly agentId: string;
  readonly name: string;
  readonly level: number;
  readonly role: 'manager' | 'named' | 'assignee';
  /** Those whose substitute this is, the first asked first. */
  readonly inPlaceOf: readonly string[];
  /** A sentence. */
  readonly why: string;
  readonly at: string;
}

export type SkipReason =
  | 'absent'
  | 'unknown'
  | 'outside-working-hours'
  | 'already-told'
  | 'substitutes-in-a-circle'
  | 'too-many-substitutes'
  | 'other-product'
  | 'other-region'
  | 'no-team'
  | 'no-managers'
  | 'no-assignee';

/** Who was not told, and why not. */
export interface Skipped {
  readonly level: number;
  /** Absent where the level named nobody. */
  readonly agentId?: string | undefined;
  readonly reason: SkipReason;
  /** A sentence. */
  readonly detail: string;
}

/** One ladder's escalations of one clock; a new round begins when the danger returns or gets worse. */
export interface Escalation extends Versioned {
  readonly clockId: string;
  readonly caseId: string;
  readonly customerId?: string | undefined;
  readonly ladderId: string;
  readonly policyId: string;
  readonly target: string;
  /** The team that held the case when somebody was last looked for. */
  readonly team?: string | undefined;
  readonly status: EscalationStatus;
  /** From 1. */
  readonly round: number;
  readonly danger: Danger;
  /** The share that was warned of, or the probability. */
  readonly dangerValue?: number | undefined;
  /** The highest that was told, from 1; 0: nobody yet. */
  readonly level: number;
  /** How often it was told once more. */
  readonly reminders: number;
  /** Told in this round. */
  readonly recipients: readonly Recipient[];
  readonly heldFor?: HeldFor | undefined;
  /** What is to be told when it is no longer held: from which level on, or that of `level` once more. */
  readonly pending?: { readonly level: number; readonly again: boolean } | undefined;
  /** When it is looked at again: nobody acknowledged by then, or it is no longer held. */
  readonly nextAt?: string | undefined;
  /** When the round began. */
  readonly startedAt: string;
  readonly acknowledgedAt?: string | undefined;
  readonly acknowledgedBy?: string | undefined;
  readonly endedAt?: string | undefined;
  readonly outcome?: Outcome | undefined;
}

export const stepNames = ['raised', 'reminded', 'held', 'acknowledged', 'unanswered', 'ended'] as const;
export type StepName = (typeof stepNames)[number];

/** One change of an escalation: kept for ever, never changed. */
export interface EscalationStep extends Versioned {
  readonly escalationId: string;
  /** The escalation's version that it made. */
  readonly step: number;
  readonly at: string;
  readonly round: number;
  readonly what: StepName;
  readonly level: number;
  /** Of holding, or the outcome. */
  readonly reason?: string | undefined;
  readonly agentId?: string | undefined;
  readonly note?: string | undefined;
  readonly until?: string | undefined;
  readonly recipients: readonly Recipient[];
  readonly skipped: readonly Skipped[];
}

/** What one person was told at once: kept for ever, never changed. */
export interface EscalationDigest extends Versioned {
  readonly ladderId: string;
  readonly agentId: string;
  readonly at: string;
  readonly escalationIds: readonly string[];
}

/** A clock that is broken and not over: its id, and when that was (an instant as the database writes it). */
export interface Lost {
  readonly clockId: string;
  readonly breachedAt: string;
}

/** Which escalations, or clocks, a message is about, found by a query and never stored. Its id is one of `pageOf`. */
export interface EscalationPage extends Versioned {
  readonly found: readonly {
    /** The escalation's, or the clock's. */
    readonly id: string;
    readonly clockId: string;
    readonly caseId: string;
    /** Of clocks. */
    readonly breachedAt?: string;
  }[];
}

/** Escalations of one page. */
export const ESCALATION_PAGE = 100;

export const pageOf = {
  /** Those of a ladder that wait for its digest of that instant, after one of them. */
  digest: (ladderId: string, due: string, after = ''): string => JSON.stringify(['digest', ladderId, due, null, after]),
  /** Those of a ladder that have not ended. */
  ladder: (ladderId: string): string => JSON.stringify(['ladder', ladderId]),
  /** Clocks that are broken and not over, the first broken first, after one of them. */
  lost: (after: Lost | undefined): string =>
    // Where the others have names and instants, it has none: one query finds all of them.
    JSON.stringify(['lost', null, null, after?.breachedAt ?? '-infinity', after?.clockId ?? '']),
};

/** One of each clock and ladder: the key that keeps a second one out. */
export const escalationId = (clockId: string, ladderId: string): string => `${clockId}:${ladderId}`;

/** The ladder in an escalation's id. */
export const ladderIn = (id: string, clockId: string): string => id.slice(clockId.length + 1);

/** Kinds of aggregates of this room. */
export type EscalationKinds = {
  ladder: LadderState;
  team: TeamState;
  staff: StaffState;
  escalationPage: EscalationPage;
  escalation: Escalation;
  escalationStep: EscalationStep;
  escalationDigest: EscalationDigest;
};
