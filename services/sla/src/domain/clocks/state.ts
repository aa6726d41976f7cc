/** What sla keeps of a clock, and the segments that are made of it: plain JSON; instants are ISO 8601 strings in UTC. */
import type { CaseLabel } from '../cases/state.ts';
import type { DimensionLabel } from '../dimensions/state.ts';
import type { RelativeTime, Reminders, Target, Warning } from '../policies/state.ts';
import type { ClockResult } from './result.ts';
import type { StoredRisk } from '../risk/stored.ts';

/** Time that counts, until now when it has no end. What lies between two of them is a pause. */
export interface Stretch {
  readonly from: string;
  readonly to?: string;
  /** Absent: the clock's. */
  readonly calendarId?: string;
  /** Absent: the versions that were in force. Given by a repair alone. */
  readonly calendarVersion?: number;
}

/**
 * A stretch of a clock's life under one set of labels, until now when it has no end: what `labelled` makes of a row.
 * They are consecutive, without gaps.
 */
export interface Segment {
  readonly from: string;
  readonly to?: string;
  readonly state: 'counting' | 'paused';
  /** Why it stands still: the case's status, or `condition`. */
  readonly reason?: string;
  readonly calendarId: string;
  readonly calendarVersion: number;
  /** Who held the work. */
  readonly team?: string;
  readonly priority?: number;
  readonly tier?: string;
  /** What was promised then: with these the due time of any instant can be told again. */
  readonly policyId: string;
  readonly targetMs: number;
}

export type ClockStatus = 'running' | 'paused' | 'met' | 'breached' | 'canceled';

/** What few clocks have. */
export interface ClockExtras {
  /** Due on a day rather than after open time: `targetMs` follows from that. */
  readonly relative?: RelativeTime;
  readonly remind?: Reminders;
  /** What a condition made stand still, from when to when: the reason of those pauses. */
  readonly held?: readonly Stretch[];
  /** Since when it is owed, where it counts from before that. */
  readonly owedSince?: string;
  /** Broken when it began, and nobody is told. */
  readonly quiet?: true;
  /** How many reminders were said, and when the last one was due. */
  readonly reminded?: { readonly count: number; readonly at: string };
  /** What the case was during its life: of clocks that ended when the case had many labels already. */
  readonly labels?: readonly CaseLabel[];
  /** What it was in the dimensions that an operator defines, by their ids; once it is over or broken. */
  readonly dimensions?: Readonly<Record<string, DimensionLabel>>;
  /** What it promised before, until when. */
  readonly before?: readonly { readonly until: string; readonly policyId: string; readonly targetMs: number }[];
}

export interface ClockState {
  readonly id: string;
  readonly version: number;
  readonly caseId: string;
  readonly customerId?: string;
  readonly policyId: string;
  readonly calendarId: string;
  readonly target: Target;
  /** A step promise's. */
  readonly name?: string;
  /** The team whose holding of the case is measured. */
  readonly team?: string;
  /** `breached` stays, whatever comes later. */
  readonly status: ClockStatus;
  /** Open time promised. */
  readonly targetMs: number;
  readonly startedAt: string;
  readonly occurredAt?: string;
  /** Counting stretches; with the case's labels they make the segments: read `labelled`. */
  readonly segments: readonly Stretch[];
  /** Absent while paused, and when the calendar never opens long enough. */
  readonly dueAt?: string;
  /** Since when this due time holds. */
  readonly scheduledAt: string;
  readonly warnAt: readonly Warning[];
  /** Those that were told. */
  readonly warned: readonly Warning[];
  readonly extras?: ClockExtras;
  readonly metAt?: string;
  readonly breachedAt?: string;
  readonly canceledAt?: string;
  /** Once it is over; absent in rows of before. */
  readonly result?: ClockResult;
  /** What was foreseen last. */
  readonly risk?: StoredRisk;
  /** The same probability; absent where it is not known, and once nothing is at risk any more. */
  readonly riskProbability?: number;
  /** When to look again; absent where no model looks. */
  readonly riskNext?: string;
}
