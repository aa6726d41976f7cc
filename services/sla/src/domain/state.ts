/** What sla keeps: plain JSON rows; instants are ISO 8601 strings in UTC with milliseconds. */
import type {
  CalendarFeed,
  CalendarPlans,
  CalendarState,
  CalendarUse,
  CalendarVersion,
  FeedOutage,
} from './calendar-state.ts';
import type { CustomerState } from './customer-state.ts';
import type { EscalationKinds } from './escalation/state.ts';
import type { RiskModel } from './risk/model.ts';
import type { StaffingState } from './risk/staffing.ts';
import type { StoredRisk } from './risk/stored.ts';
import type { ClockResult } from './result.ts';

/** What a policy can promise by the case's own course, in the order clocks are looked at. */
export const targets = [
  'firstResponse',
  'nextResponse',
  'resolution',
  'periodicUpdate',
  'requesterWait',
  'agentWork',
  'ownership',
  'vendor',
] as const;
export type PlainTarget = (typeof targets)[number];
/** `promise`: a step promise of its own name and conditions. */
export type Target = PlainTarget | 'promise';

/** The targets that were there from the first: their clocks stand where older replicas look for them. */
export const firstTargets = ['firstResponse', 'nextResponse', 'resolution'] as const;
export type FirstTarget = (typeof firstTargets)[number];

/**
 * A time on the so-manieth business day after the start: its closing (`end`), its opening (`start`), or an hour by the
 * clock on the calendar's wall (`17:00`). 0 is the day of the start, or the next one that is open.
 */
export interface RelativeTime {
  readonly businessDays: number;
  readonly at: string;
}

/** A time to keep: ISO 8601 of open time, the same for all or by case priority ("1" … "5"); or a relative one. */
export type TargetTime = string | Readonly<Record<string, string>> | RelativeTime;

/** Times by the team that holds the case; `default` for all others. */
export interface TeamTimes {
  readonly byTeam: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** A share of the target, or how much open time is left (ISO 8601). */
export type Warning = number | string;

/** A step promise: when it begins, stands still and ends is said by conditions (CEL over case, contact, customer). */
export interface StepPromise {
  readonly name: string;
  readonly target: TargetTime;
  readonly start: string;
  readonly stop: string;
  readonly pause?: string | undefined;
  /** Where given, a paused clock goes on when this holds; else when `pause` no longer does. */
  readonly resume?: string | undefined;
  readonly cancel?: string | undefined;
  /** When this comes to hold, the clock is over and a new one begins. */
  readonly reset?: string | undefined;
  /** Yields the instant to count from, in the past. */
  readonly startFrom?: string | undefined;
  /** Whether what paused between that instant and the start is taken off. */
  readonly retroactivePauses?: boolean | undefined;
  readonly pauseIn?: readonly string[] | undefined;
  readonly warnAt?: readonly Warning[] | undefined;
  /** Instead of the policy's. */
  readonly riskLevels?: readonly number[] | undefined;
}

/** Said again and again of a broken promise. */
export interface Reminders {
  /** ISO 8601 of open time. */
  readonly every: string;
  readonly atMost: number;
}

type PlainTimes = Readonly<
  Partial<Record<Exclude<PlainTarget, 'ownership'>, TargetTime> & Record<'ownership', TargetTime | TeamTimes>>
>;

export interface PolicyDefinition {
  readonly order: number;
  /** CEL. */
  readonly match: string;
  readonly calendarId: string;
  /** CEL over case, contact, customer and team, each yielding a calendar's id: the first that there is wins. */
  readonly calendarFrom?: readonly string[] | undefined;
  /** Whether the policies after this one are looked at as well. */
  readonly continue?: boolean | undefined;
  readonly targets: PlainTimes;
  /** Ascending. */
  readonly warnAt: readonly Warning[];
  /** Case statuses in which the resolution clock stands still. */
  readonly pauseIn: readonly string[];
  /** The same for other targets. */
  readonly pausesByTarget?: Readonly<Partial<Record<PlainTarget, readonly string[]>>> | undefined;
  /** Case statuses in which the vendor clock runs. */
  readonly vendorIn?: readonly string[] | undefined;
  readonly promises?: readonly StepPromise[] | undefined;
  /** Whether what a bot writes answers the customer. */
  readonly botAnswers?: 'ignore' | 'count' | undefined;
  readonly remind?: Reminders | undefined;
  /** Probabilities of a breach whose crossing is told, ascending; absent: those of the setting. */
  readonly riskLevels?: readonly number[] | undefined;
  /** The same for single targets. */
  readonly riskLevelsByTarget?: Readonly<Partial<Record<PlainTarget, readonly number[]>>> | undefined;
}

interface Resource<D> {
  readonly id: string;
  readonly version: number;
  readonly definition: D;
  readonly updatedAt: string;
}

export type PolicyState = Resource<PolicyDefinition>;

/** What was promised: the policy as it was when it was chosen. Later edits promise nothing to old cases. */
export interface Terms extends Omit<PolicyDefinition, 'order' | 'match' | 'continue'> {
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

/** How the conversation stands: who waits for whom. */
export interface Conversation {
  /** Whether the customer ever got an answer. */
  readonly responded: boolean;
  /** Case version up to which every customer message is answered. */
  readonly answeredVersion: number;
  readonly unanswered?: Unanswered;
}

/** A promise of an answer that resolving the case withdrew. */
export interface Withdrawn {
  readonly clockId: string;
  /** Those of other policies. */
  readonly others?: readonly string[];
  readonly since: string;
  readonly until: string;
}

/** The newest answer: one that was earlier may be told of later. */
interface Answered {
  readonly clockIds: readonly string[];
  readonly since: string;
  readonly at: string;
}

/** From an instant on, the case was as this says; what is absent stayed. An empty `team`: nobody's. */
export interface CaseLabel {
  readonly at: string;
  readonly status?: string;
  readonly priority?: number;
  readonly team?: string;
  readonly tier?: string;
}

/** The variables of conditions, as the newest snapshots have them. */
export interface KeptFacts {
  readonly case: object;
  readonly contact: object;
  readonly customer?: object;
}

/** The agent who has the work, and since when. */
export interface Assignee {
  readonly agentId: string;
  readonly at: string;
}

/** What few cases have. */
export interface CaseExtras {
  /** Of the policies after the first one. */
  readonly moreTerms?: readonly Terms[];
  /** The clocks that older replicas do not know: by policy and slot (see `slots.ts`). */
  readonly clocks?: Readonly<Record<string, string>>;
  /** Only where conditions are looked at again and again. */
  readonly facts?: KeptFacts;
  readonly answered?: Answered;
  /** Who has taken the work; only where ladders may tell them, or trouble is foreseen. */
  readonly assignee?: Assignee;
  /** Since when the work waits in a queue, and nobody has taken it; only where somebody may be helped by that. */
  readonly waitsSince?: string;
  /** When work was taken that is a conversation, the latest last. */
  readonly taken?: readonly string[];
  /** Where a policy lets bots answer: the conversation as it stands then. */
  readonly withBots?: Conversation;
  /** The newest public message of an agent since the case was opened, and of an agent or a bot. */
  readonly updatedAt?: { readonly agent?: string; readonly any?: string };
  /** Promises whose `reset` holds already: it resets when it comes to hold. */
  readonly reset?: readonly string[];
}

/** A case as far as its clocks are concerned. `id` is the case's. */
export interface CaseClocks extends Conversation {
  readonly id: string;
  readonly version: number;
  /** The newest version of the case seen. */
  readonly caseVersion: number;
  readonly status: string;
  readonly priority: number;
  readonly customerId?: string;
  /** The customer's. */
  readonly tier?: string;
  /** The team that holds the work now. */
  readonly team?: string;
  /** Of the first policy that matched. */
  readonly terms: Terms;
  /** Policies whose condition could not be decided for this case; they count as no match. */
  readonly undecided?: readonly { readonly policyId: string; readonly error: string }[];
  /** The last one: work that was accepted before the case was resolved may be told of after it. */
  readonly withdrawn?: Withdrawn;
  /** Since when the case is to be resolved; absent while it is. */
  readonly openSince?: string;
  readonly openOccurredAt?: string;
  /** The first policy's clock that counts for each target now: neither met nor canceled. */
  readonly clocks: Readonly<Partial<Record<FirstTarget, string>>>;
  /** What the case was when, in order, as far as clocks need it (see `labels.ts`); absent in rows of before. */
  readonly labels?: readonly CaseLabel[];
  /** What of the case is compared with other cases: reason, product, channel, language. */
  readonly traits?: Readonly<Record<string, string>>;
  readonly extras?: CaseExtras;
}

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
  /** How many reminders were said, and when the last one was due. */
  readonly reminded?: { readonly count: number; readonly at: string };
  /** What the case was during its life: of clocks that ended when the case had many labels already. */
  readonly labels?: readonly CaseLabel[];
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

/**
 * The next cases of a customer, or with clocks of a policy or on a calendar; found when asked for, never stored. Its id
 * is made by `casePageId`.
 */
export interface CasePage {
  readonly id: string;
  readonly version: number;
  readonly caseIds: readonly string[];
}

/** What cases have in common. */
export interface CasesOf {
  /** `customer`: their open cases; `merged`: those that are over as well. */
  readonly by: 'customer' | 'merged' | 'policy' | 'calendar';
  readonly id: string;
}

/** Names the page after a case; cases are sorted by id. */
export function casePageId({ by, id }: CasesOf, after: string): string {
  return JSON.stringify([by, id, after]);
}

/** Every clock of a case (its id), those that are over as well; found when asked for, never stored. */
export interface ClocksOfCase {
  readonly id: string;
  readonly version: number;
  readonly clockIds: readonly string[];
}

/** Kinds of aggregates. */
export type SlaKinds = {
  calendarPage: CalendarPage;
  casePage: CasePage;
  clocksOfCase: ClocksOfCase;
  calendar: CalendarState;
  calendarVersion: CalendarVersion;
  calendarPlans: CalendarPlans;
  calendarFeed: CalendarFeed;
  feedOutage: FeedOutage;
  policy: PolicyState;
  calendarUse: CalendarUse;
  customer: CustomerState;
  caseClocks: CaseClocks;
  clock: ClockState;
  riskModel: Resource<RiskModel>;
  riskPage: RiskPage;
  agentSeat: AgentSeat;
  staffNow: StaffNow;
  staffing: StaffingState;
} & EscalationKinds;
