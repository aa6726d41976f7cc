/**
 * How a plan goes on: a pure function of the plan and of what happened. Steps begin once what they depend on is over;
 * whatever is decided is told step by step, one version of the plan each.
 */
import { parseDuration } from '@switchboard/calendar';
import { next } from '@switchboard/hallway';
import type { OutgoingEvent, TimerChange } from '@switchboard/hallway';
import type { StepDefinition } from './definition.ts';
import { planStarted, statusChanged, stepChanged } from './snapshots.ts';
import type { Plan, PlanStatus, PlanStep, SkipCause } from './state.ts';
import { definitionOf, isOver, outlook, stepOf, teamsOf } from './graph.ts';

export const planTimer = 'plan-step';

/** What a step can be reminded of. */
export type Reminder = 'retry' | 'timeout' | 'delay' | 'due';

export interface PlanTimer {
  readonly planId: string;
  readonly stepId: string;
  readonly attempt: number;
  readonly what: Reminder;
}

/** Work that a step asks for now. */
export interface BegunWork {
  readonly workItemId: string;
  readonly step: PlanStep;
  readonly definition: StepDefinition;
  readonly compensates: boolean;
}

export interface Surroundings {
  readonly now: Date;
  newId(): string;
  /** Whether a condition holds for the case and these steps; what cannot be decided does not. */
  holds(condition: string, steps: readonly PlanStep[]): boolean;
}

/** What became of it, and what has to be done for it. */
export interface Progress {
  readonly plan: Plan;
  readonly events: readonly OutgoingEvent[];
  readonly timers: readonly TimerChange[];
  readonly begun: readonly BegunWork[];
  /** Work items that are no longer needed. */
  readonly calledOff: readonly string[];
}

/** A plan on its way from one state to the next. */
export interface Draft {
  plan: Plan;
  readonly around: Surroundings;
  readonly events: OutgoingEvent[];
  readonly timers: Map<string, TimerChange>;
  readonly begun: BegunWork[];
  readonly calledOff: string[];
}

export const createDraft = (plan: Plan, around: Surroundings): Draft => ({
  plan,
  around,
  events: [],
  timers: new Map(),
  begun: [],
  calledOff: [],
});

export function progressOf({ plan, events, timers, begun, calledOff }: Draft): Progress {
  return { plan: { ...plan, teams: teamsOf(plan) }, events, timers: [...timers.values()], begun, calledOff };
}

/** A new plan: what can begin begins. */
export function startPlan(plan: Plan, around: Surroundings): Progress {
  const draft = createDraft(plan, around);
  draft.events.push(planStarted(plan));
  settle(draft);
  return progressOf(draft);
}

export function change(draft: Draft, step: PlanStep, patch: Partial<Omit<PlanStep, 'id'>>): PlanStep {
  const changed = { ...step, ...patch };
  const steps = draft.plan.steps.map((one) => (one.id === step.id ? changed : one));
  draft.plan = next(draft.plan, { steps });
  draft.events.push(stepChanged(draft.plan, changed, step.status));
  return changed;
}

/** One more step, which waits for its turn. */
export function addStep(draft: Draft, definition: StepDefinition): void {
  const { definition: known, steps } = draft.plan;
  const step: PlanStep = { id: definition.id, status: 'waiting', attempt: 0 };
  draft.plan = next(draft.plan, {
    definition: { ...known, steps: [...known.steps, definition] },
    steps: [...steps, step],
  });
  draft.events.push(stepChanged(draft.plan, step, 'waiting'));
}

const instant = ({ around }: Draft, ms = 0): string => new Date(around.now.getTime() + ms).toISOString();
const ms = (duration: string | undefined): number => (duration === undefined ? 0 : (parseDuration(duration) ?? 0));

const timerId = (plan: Plan, step: PlanStep, what: Reminder): string => `${plan.id}/${step.id}/${what}`;

function remind(draft: Draft, step: PlanStep, what: Reminder, after: number): void {
  const id = timerId(draft.plan, step, what);
  const data: PlanTimer = { planId: draft.plan.id, stepId: step.id, attempt: step.attempt, what };
  const due = new Date(draft.around.now.getTime() + after);
  draft.timers.set(id, { set: { kind: planTimer, id, due, data } });
}

/** `definition` tells which may be set. */
export function forget(
  draft: Draft,
  step: PlanStep,
  whats: readonly Reminder[] = ['retry', 'timeout', 'delay', 'due'],
) {
  const { kind, timeout, dueIn, retry } = definitionOf(draft.plan, step.id);
  const possible: Readonly<Record<Reminder, boolean>> = {
    retry: retry?.after !== undefined,
    timeout: timeout !== undefined,
    delay: kind === 'delay',
    due: dueIn !== undefined,
  };
  for (const what of whats) {
    const id = timerId(draft.plan, step, what);
    if (possible[what]) draft.timers.set(id, { cancel: { kind: planTimer, id } });
  }
}

/** Begins and skips what can be, until nothing more can; a plan without anything left is completed. */
export function settle(draft: Draft): void {
  for (;;) {
    if (draft.plan.status !== 'running') return;
    const step = draft.plan.steps.find((one) => one.status === 'waiting' && outlook(draft.plan, one) !== 'wait');
    if (step === undefined) break;
    take(draft, step);
  }
  if (draft.plan.steps.every(({ status }) => isOver(status))) end(draft, 'completed');
}

/** Its turn has come. */
function take(draft: Draft, step: PlanStep): void {
  const { when } = definitionOf(draft.plan, step.id);
  if (outlook(draft.plan, step) === 'dead') skip(draft, step, 'dead-path');
  else if (step.skipAhead !== undefined) skip(draft, step, 'by-hand', step.skipAhead);
  else if (when !== undefined && !draft.around.holds(when, draft.plan.steps)) skip(draft, step, 'condition');
  else begin(draft, step);
}

export function begin(draft: Draft, step: PlanStep): void {
  const definition = definitionOf(draft.plan, step.id);
  const { kind, dueIn, timeout, delay } = definition;
  const begunAt = step.begunAt ?? instant(draft);
  const isFirst = step.begunAt === undefined;
  const dueAt = step.dueAt ?? (dueIn === undefined ? undefined : instant(draft, ms(dueIn)));
  const base = { attempt: step.attempt + 1, begunAt, dueAt, reason: undefined };
  if (kind === 'gate') {
    finish(draft, { ...step, ...base });
    return;
  }
  const kept = kind === 'event' ? draft.plan.kept.find(({ name }) => name === definition.event) : undefined;
  if (kept !== undefined) {
    draft.plan = { ...draft.plan, kept: draft.plan.kept.filter((one) => one !== kept) };
    finish(draft, { ...step, ...base }, kept.data);
    return;
  }
  const workItemId = kind === 'work' ? draft.around.newId() : undefined;
  const begun = change(draft, step, { ...base, status: 'active', workItemId });
  if (workItemId !== undefined) draft.begun.push({ workItemId, step: begun, definition, compensates: false });
  if (kind === 'delay') remind(draft, begun, 'delay', ms(delay));
  if (timeout !== undefined) remind(draft, begun, 'timeout', ms(timeout));
  if (isFirst && dueIn !== undefined) remind(draft, begun, 'due', ms(dueIn));
}

export function finish(draft: Draft, step: PlanStep, result?: PlanStep['result']): void {
  const doneAs = Math.max(0, ...draft.plan.steps.map((one) => one.doneAs ?? 0)) + 1;
  const known = stepOf(draft.plan, step.id) ?? step;
  const { attempt, begunAt, dueAt } = step;
  const done = { attempt, begunAt, dueAt, result, doneAs, endedAt: instant(draft), reason: undefined };
  change(draft, known, { ...done, status: 'done' });
  forget(draft, step);
}

export function skip(draft: Draft, step: PlanStep, cause: SkipCause, reason?: string): void {
  change(draft, step, { status: 'skipped', skipped: cause, reason: reason ?? cause, endedAt: instant(draft) });
  forget(draft, step);
}

/** An attempt failed: the next one, or what the step says of its failure. */
export function fail(draft: Draft, step: PlanStep, reason: string): void {
  const { retry, onFailure } = definitionOf(draft.plan, step.id);
  forget(draft, step, ['timeout', 'delay']);
  if (step.attempt < (retry?.attempts ?? 1)) {
    const pause = ms(retry?.after);
    if (pause === 0) {
      begin(draft, step);
      return;
    }
    remind(draft, change(draft, step, { status: 'retrying', reason }), 'retry', pause);
    return;
  }
  if (onFailure === 'hold') change(draft, step, { status: 'held', reason });
  else if (onFailure === 'skip') skip(draft, step, 'failure', reason);
  else {
    change(draft, step, { status: 'failed', reason, endedAt: instant(draft) });
    forget(draft, step);
    stop(draft, { ending: 'failed', reason: `${step.id}: ${reason}`, compensate: onFailure === 'compensate' });
  }
}

export interface Stop {
  readonly ending: 'failed' | 'canceled';
  readonly reason: string;
  /** What was done is taken back. */
  readonly compensate: boolean;
}

/** Nothing goes on and nothing stays open. */
export function stop(draft: Draft, { ending, reason, compensate }: Stop): void {
  for (const step of draft.plan.steps) {
    if (isOver(step.status)) continue;
    callOff(draft, step);
    const status = step.status === 'compensating' ? 'uncompensated' : 'canceled';
    change(draft, step, { status, reason: step.reason ?? reason, endedAt: instant(draft) });
    forget(draft, step);
  }
  if (compensate && nextToCompensate(draft.plan) !== undefined) {
    const from = draft.plan.status;
    draft.plan = next(draft.plan, { status: 'compensating', ending, reason });
    draft.events.push(statusChanged(draft.plan, from));
    compensateNext(draft);
  } else end(draft, ending, reason);
}

/** The open work item of a step is no longer needed. */
export function callOff(draft: Draft, { status, workItemId }: PlanStep): void {
  if (workItemId !== undefined && (status === 'active' || status === 'compensating')) draft.calledOff.push(workItemId);
}

function nextToCompensate(plan: Plan): PlanStep | undefined {
  return plan.steps
    .filter(({ id, status }) => status === 'done' && definitionOf(plan, id).compensation !== undefined)
    .reduce<PlanStep | undefined>((last, one) => ((one.doneAs ?? 0) > (last?.doneAs ?? 0) ? one : last), undefined);
}

/** What was done last is taken back first, one after the other. */
export function compensateNext(draft: Draft): void {
  const step = nextToCompensate(draft.plan);
  if (step === undefined) end(draft, draft.plan.ending ?? 'canceled', draft.plan.reason);
  else compensate(draft, step, 1);
}

export function compensate(draft: Draft, step: PlanStep, attempt: number): void {
  const definition = definitionOf(draft.plan, step.id);
  const workItemId = draft.around.newId();
  const begun = change(draft, step, { status: 'compensating', attempt, workItemId, reason: undefined });
  draft.begun.push({ workItemId, step: begun, definition, compensates: true });
}

function end(draft: Draft, status: PlanStatus, reason?: string): void {
  const from = draft.plan.status;
  draft.plan = next(draft.plan, { status, reason, ending: undefined, endedAt: instant(draft), kept: [] });
  draft.events.push(statusChanged(draft.plan, from));
}
