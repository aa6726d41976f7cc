/** Policies as they are put, and what a case keeps of them: plain JSON; durations are ISO 8601. */

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

/** When a clock begins, stands still and ends: CEL over case, contact, customer, asked with every change of those. */
export interface ClockConditions {
  /** When it holds, and neither `stop` nor `cancel` does, the clock begins. */
  readonly start?: string | undefined;
  readonly stop?: string | undefined;
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
}

/** A step promise: when it begins, stands still and ends is said by conditions alone. */
export interface StepPromise extends ClockConditions {
  readonly name: string;
  readonly target: TargetTime;
  readonly start: string;
  readonly stop: string;
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
  /** What refines a target's own course. */
  readonly conditionsByTarget?: Readonly<Partial<Record<PlainTarget, ClockConditions>>> | undefined;
  /** Case statuses in which the vendor clock runs. */
  readonly vendorIn?: readonly string[] | undefined;
  readonly promises?: readonly StepPromise[] | undefined;
  /** Whether what a bot writes answers the customer. */
  readonly botAnswers?: 'ignore' | 'count' | undefined;
  readonly remind?: Reminders | undefined;
  /** Whether nothing is said of a promise that is broken already when it begins, but that it began. */
  readonly quietWhenLate?: boolean | undefined;
  /** Probabilities of a breach whose crossing is told, ascending; absent: those of the setting. */
  readonly riskLevels?: readonly number[] | undefined;
  /** The same for single targets. */
  readonly riskLevelsByTarget?: Readonly<Partial<Record<PlainTarget, readonly number[]>>> | undefined;
}

export interface Resource<D> {
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
