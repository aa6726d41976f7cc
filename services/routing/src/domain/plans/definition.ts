/** What a plan is made of: a graph of steps, as a template or said for one case. */

export const stepKinds = ['work', 'event', 'delay', 'gate'] as const;
/**
 * `work`: somebody does it, as a work item of the case. `event`: something outside is waited for. `delay`: a time
 * passes. `gate`: nothing is done; branches meet, or begin.
 */
export type StepKind = (typeof stepKinds)[number];

export const joins = ['all', 'any'] as const;
/** When a step with several before it begins: after all of them, or after the first that was done. */
export type Join = (typeof joins)[number];

export const afterFailure = ['fail', 'skip', 'hold', 'compensate'] as const;
/**
 * When a step has failed for the last time: the plan fails; or goes on without it; or waits for somebody to decide; or
 * fails after what was done has been taken back.
 */
export type AfterFailure = (typeof afterFailure)[number];

/** What is asked of the agents who do it. Whatever is absent: as for the case's own work. */
export interface WorkOrder {
  readonly queueId?: string | undefined;
  readonly team?: string | undefined;
  /** CEL over case, contact, customer and agent. */
  readonly requirements?: string | undefined;
  readonly channel?: string | undefined;
  /** What it weighs by, beside its channel. */
  readonly workKind?: string | undefined;
  readonly priority?: number | undefined;
}

export interface Retry {
  /** All in all. */
  readonly attempts: number;
  /** ISO 8601; absent: at once. */
  readonly after?: string | undefined;
}

export interface Compensation extends WorkOrder {
  readonly name: string;
}

export interface StepDefinition extends WorkOrder {
  readonly id: string;
  readonly name?: string | undefined;
  readonly kind: StepKind;
  readonly after: readonly string[];
  readonly join: Join;
  /** CEL over case, contact, customer and steps; false: the step is skipped. */
  readonly when?: string | undefined;
  /** The name of what is waited for. */
  readonly event?: string | undefined;
  /** ISO 8601. */
  readonly delay?: string | undefined;
  /** What is promised, from its first begin on. */
  readonly dueIn?: string | undefined;
  /** An attempt that takes longer has failed. */
  readonly timeout?: string | undefined;
  readonly retry?: Retry | undefined;
  readonly onFailure: AfterFailure;
  /** Work that takes back what the step did. */
  readonly compensation?: Compensation | undefined;
  /** For the customer, by language; absent: not told. */
  readonly words?: Readonly<Record<string, string>> | undefined;
}

export const caseEndings = ['cancel', 'go-on'] as const;
/** What a plan does when its case is resolved or closed. */
export type CaseEnding = (typeof caseEndings)[number];

export interface PlanDefinition {
  readonly name: string;
  readonly steps: readonly StepDefinition[];
  readonly whenCaseEnds: CaseEnding;
}
