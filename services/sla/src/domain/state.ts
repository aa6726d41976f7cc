/** What sla keeps: plain JSON rows; instants are ISO 8601 strings in UTC with milliseconds. */
import type { CalendarFeed, CalendarPlans, CalendarState, CalendarUse, CalendarVersion } from './calendar-state.ts';
import type { RiskModel } from './risk/model.ts';
import type { StaffingState } from './risk/staffing.ts';
import type { StoredRisk } from './risk/stored.ts';

/** What can be promised, in the order clocks are looked at. */
export const targets = ['firstResponse', 'nextResponse', 'resolution'] as const;
export type Target = (typeof targets)[number];

/** A time to keep: the same for all, or by case priority ("1" … "5"). ISO 8601. */
export type TargetTime = string | Readonly<Record<string, string>>;

export interface PolicyDefinition {
  readonly order: number;
  /** CEL. */
  readonly match: string;
  readonly calendarId: string;
  readonly targets: Readonly<Partial<Record<Target, TargetTime>>>;
  /** Shares of the target, ascending. */
  readonly warnAt: readonly number[];
  /** Case statuses in which the resolution clock stands still. */
  readonly pauseIn: readonly string[];
}

interface Resource<D> {
  readonly id: string;
  readonly version: number;
  readonly definition: D;
  readonly updatedAt: string;
}

export type PolicyState = Resource<PolicyDefinition>;

/** What was promised: the policy as it was when it was chosen. Later edits promise nothing to old cases. */
export interface Terms extends Pick<PolicyDefinition, 'calendarId' | 'targets' | 'warnAt' | 'pauseIn'> {
  readonly policyId: string;
}

/** The oldest customer message nobody has answered. */
export interface Unanswered {
  /** When intake accepted it. */
  readonly since: string;
  /** The sender's claim. */
  readonly occurredAt?: string;
  /** Version of the case that brought it. */
  readonly caseVersion: number;
}

/** A promise of an answer that resolving the case withdrew. */
export interface Withdrawn {
  readonly clockId: string;
  readonly since: string;
  readonly until: string;
}

/** A case as far as its clocks are concerned. `id` is the case's. */
export interface CaseClocks {
  readonly id: string;
  readonly version: number;
  /** The newest version of the case seen. */
  readonly caseVersion: number;
  readonly status: string;
  readonly priority: number;
  readonly customerId?: string;
  readonly terms: Terms;
  /** Policies whose condition could not be decided for this case; they count as no match. */
  readonly undecided?: readonly { readonly policyId: string; readonly error: string }[];
  /** Whether the customer ever got an answer. */
  readonly responded: boolean;
  /** Case version up to which every customer message is answered. */
  readonly answeredVersion: number;
  readonly unanswered?: Unanswered;
  /** The last one: work that was accepted before the case was resolved may be told of after it. */
  readonly withdrawn?: Withdrawn;
  /** Since when the case is to be resolved; absent while it is. */
  readonly openSince?: string;
  readonly openOccurredAt?: string;
  /** The clock that counts for each target now: neither met nor canceled. */
  readonly clocks: Readonly<Partial<Record<Target, string>>>;
  /** What of the case is compared with other cases: reason, product, channel, language. */
  readonly traits?: Readonly<Record<string, string>>;
}

/**
 * A stretch of a clock's life under one set of labels, until now when it has no end. Rows of before have only stretches
 * that count, without labels, with gaps between them where the clock stood still.
 */
export interface Segment {
  readonly from: string;
  readonly to?: string;
  readonly state?: 'counting' | 'paused';
  /** Why it stands still. */
  readonly reason?: string;
  readonly calendarId?: string;
  readonly calendarVersion?: number;
  /** Who held the work. */
  readonly team?: string;
  readonly priority?: number;
  readonly tier?: string;
  /** What was promised then: with these the due time of any instant can be told again. */
  readonly policyId?: string;
  readonly targetMs?: number;
}

export type ClockStatus = 'running' | 'paused' | 'met' | 'breached' | 'canceled';

export interface ClockState {
  readonly id: string;
  readonly version: number;
  readonly caseId: string;
  readonly customerId?: string;
  readonly policyId: string;
  readonly calendarId: string;
  readonly target: Target;
  /** `breached` stays, whatever comes later. */
  readonly status: ClockStatus;
  /** Open time promised. */
  readonly targetMs: number;
  readonly startedAt: string;
  readonly occurredAt?: string;
  readonly segments: readonly Segment[];
  /** Absent while paused, and when the calendar never opens long enough. */
  readonly dueAt?: string;
  /** Since when this due time holds. */
  readonly scheduledAt: string;
  readonly warnAt: readonly number[];
  /** Shares that were warned of. */
  readonly warned: readonly number[];
  readonly metAt?: string;
  readonly breachedAt?: string;
  readonly canceledAt?: string;
  /** What was foreseen last. */
  readonly risk?: StoredRisk;
  /** The same probability; absent where it is not known, and once nothing is at risk any more. */
  readonly riskProbability?: number;
  /** When to look again; absent where no model looks. */
  readonly riskNext?: string;
}

/**
 * The next cases with unfinished clocks on a calendar; found when asked for, never stored. Its id is made by
 * `calendarPageId`.
 */
export interface CalendarPage {
  readonly id: string;
  readonly version: number;
  readonly caseIds: readonly string[];
}

/** Cases of one page. */
export const PAGE_SIZE = 100;

/** Names the page after a case; cases are sorted by id. */
export function calendarPageId(calendarId: string, after: string): string {
  return JSON.stringify([calendarId, after]);
}

/** A clock that is due to be looked at. */
export interface RiskItem {
  readonly clockId: string;
  readonly caseId: string;
  /** The team that holds the work. */
  readonly team: string | null;
  /** Promises of the same target and team that began earlier; null without a team. */
  readonly ahead: number | null;
  readonly backlog: number | null;
  /** Finished by the team in the last days. */
  readonly finished: number | null;
}

/** The clocks whose look is due, longest overdue first; found when asked for, never stored. */
export interface RiskPage {
  readonly id: string;
  readonly version: number;
  readonly items: readonly RiskItem[];
}

/** An agent, as far as it matters who is there. */
export interface AgentSeat {
  readonly id: string;
  readonly version: number;
  /** The newest version of the agent. */
  readonly seen: number;
  readonly team: string;
  readonly available: boolean;
}

/** How many agents are there now; counted when asked for, never stored. */
export interface StaffNow {
  readonly id: string;
  readonly version: number;
  readonly teams: readonly { readonly team: string; readonly available: number }[];
}

/** Kinds of aggregates. */
export type SlaKinds = {
  calendarPage: CalendarPage;
  calendar: CalendarState;
  calendarVersion: CalendarVersion;
  calendarPlans: CalendarPlans;
  calendarFeed: CalendarFeed;
  policy: PolicyState;
  calendarUse: CalendarUse;
  caseClocks: CaseClocks;
  clock: ClockState;
  riskModel: Resource<RiskModel>;
  riskPage: RiskPage;
  agentSeat: AgentSeat;
  staffNow: StaffNow;
  staffing: StaffingState;
};
