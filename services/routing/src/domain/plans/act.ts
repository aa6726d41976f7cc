/** What can happen to a plan, and whether it may. */
import { reject } from '@switchboard/hallway';
import type { Rejection } from '@switchboard/hallway';
import { faultsOfPlan } from './check.ts';
import type { StepDefinition } from './definition.ts';
import { definitionOf, isOver, stepOf } from './graph.ts';
import {
  addStep,
  begin,
  callOff,
  change,
  compensate,
  compensateNext,
  createDraft,
  fail,
  finish,
  forget,
  progressOf,
  settle,
  skip,
  stop,
} from './progress.ts';
import type { Draft, PlanTimer, Progress, Surroundings } from './progress.ts';
import { isOpenPlan } from './state.ts';
import type { Plan, PlanStep } from './state.ts';

type Result = Readonly<Record<string, unknown>>;

export type Happening =
  /** Somebody did it; `workItemId`: by completing that work. */
  | {
      readonly type: 'complete';
      readonly stepId: string;
      readonly result?: Result | undefined;
      readonly workItemId?: string;
    }
  | { readonly type: 'fail'; readonly stepId: string; readonly reason: string; readonly result?: Result | undefined }
  | { readonly type: 'skip'; readonly stepId: string; readonly reason?: string | undefined }
  | { readonly type: 'retry'; readonly stepId: string }
  /** Something outside; the same `externalId` again changes nothing. */
  | { readonly type: 'event'; readonly name: string; readonly data: Result; readonly externalId?: string | undefined }
  /** More to do than was thought. */
  | { readonly type: 'add'; readonly steps: readonly StepDefinition[] }
  | { readonly type: 'cancel'; readonly reason: string; readonly compensate: boolean }
  | ({ readonly type: 'time' } & Omit<PlanTimer, 'planId'>);

/** External ids kept of a plan; events kept that nobody waits for yet. */
const MOST_HEARD = 500;
const MOST_KEPT = 100;
const MOST_STEPS = 200;

/** `undefined`: it changes nothing. */
export function happen(plan: Plan, what: Happening, around: Surroundings): Progress | Rejection | undefined {
  if (what.type === 'event' && what.externalId !== undefined && plan.heard.includes(what.externalId)) return undefined;
  if (!isOpenPlan(plan)) {
    const isDone = what.type === 'time' || (what.type === 'cancel' && plan.status === 'canceled');
    return isDone ? undefined : reject('conflict', 'conflict', `The plan is ${plan.status}`);
  }
  const draft = createDraft(plan, around);
  const refusal = acts[what.type](draft, what as never);
  if (refusal !== undefined) return refusal;
  if (draft.plan === plan && draft.timers.size === 0) return undefined;
  settle(draft);
  return progressOf(draft);
}

type Acts = {
  readonly [T in Happening['type']]: (draft: Draft, what: Extract<Happening, { type: T }>) => Rejection | undefined;
};

const acts: Acts = { complete, fail: failed, skip: skipped, retry, event, add, cancel, time };

function complete(draft: Draft, { stepId, result, workItemId }: Extract<Happening, { type: 'complete' }>) {
  const step = stepOf(draft.plan, stepId);
  if (step === undefined) return unknown(stepId);
  if (workItemId !== undefined && step.workItemId !== workItemId) return undefined;
  if (step.status === 'compensating') {
    end(draft, step, workItemId, { status: 'compensated' });
    compensateNext(draft);
    return undefined;
  }
  if (step.status === 'done') return undefined;
  if (!['active', 'retrying', 'held'].includes(step.status)) return cannot('completed', step);
  if (workItemId === undefined) callOff(draft, step);
  finish(draft, step, result);
  return undefined;
}

function failed(draft: Draft, { stepId, reason, result }: Extract<Happening, { type: 'fail' }>) {
  const step = stepOf(draft.plan, stepId);
  if (step === undefined) return unknown(stepId);
  if (step.status === 'compensating') {
    callOff(draft, step);
    const { retry: again } = definitionOf(draft.plan, stepId);
    if (step.attempt < (again?.attempts ?? 1)) compensate(draft, step, step.attempt + 1);
    else {
      end(draft, step, undefined, { status: 'uncompensated', reason });
      compensateNext(draft);
    }
    return undefined;
  }
  if (step.status !== 'active') return cannot('failed', step);
  callOff(draft, step);
  fail(draft, result === undefined ? step : { ...step, result }, reason);
  return undefined;
}

/** What was begun to take a step back is over. */
function end(
  draft: Draft,
  step: PlanStep,
  workItemId: string | undefined,
  { status, reason }: { readonly status: 'compensated' | 'uncompensated'; readonly reason?: string },
): void {
  if (workItemId === undefined && status === 'compensated') callOff(draft, step);
  change(draft, step, { status, reason, endedAt: draft.around.now.toISOString() });
}

function skipped(draft: Draft, { stepId, reason }: Extract<Happening, { type: 'skip' }>) {
  const step = stepOf(draft.plan, stepId);
  if (step === undefined) return unknown(stepId);
  if (step.status === 'skipped') return undefined;
  if (step.status === 'compensating') {
    callOff(draft, step);
    end(draft, step, undefined, { status: 'uncompensated', reason: reason ?? 'by-hand' });
    compensateNext(draft);
    return undefined;
  }
  if (isOver(step.status)) return cannot('skipped', step);
  if (step.status === 'waiting') {
    // Its turn has not come: what depends on it must not begin before what it depends on.
    if (step.skipAhead === undefined) change(draft, step, { skipAhead: reason ?? 'by-hand' });
    return undefined;
  }
  callOff(draft, step);
  skip(draft, step, 'by-hand', reason);
  return undefined;
}

function retry(draft: Draft, { stepId }: Extract<Happening, { type: 'retry' }>) {
  const step = stepOf(draft.plan, stepId);
  if (step === undefined) return unknown(stepId);
  if (step.status !== 'retrying' && step.status !== 'held') return cannot('tried again', step);
  forget(draft, step, ['retry']);
  begin(draft, step);
  return undefined;
}

function event(draft: Draft, { name, data, externalId }: Extract<Happening, { type: 'event' }>) {
  const { plan, around } = draft;
  const concerned = plan.steps.filter(({ id, status }) => definitionOf(plan, id).event === name && !isOver(status));
  if (concerned.length === 0)
    return reject('conflict', 'conflict', `No step of the plan waits for ${name}`, [
      { field: 'name', reason: `no step that is left waits for ${name}` },
    ]);
  if (externalId !== undefined) draft.plan = { ...plan, heard: [...plan.heard, externalId].slice(-MOST_HEARD) };
  const waiting = concerned.filter(({ status }) => status === 'active');
  for (const step of waiting) finish(draft, step, data);
  if (waiting.length > 0) return undefined;
  if (plan.kept.length >= MOST_KEPT)
    return reject('conflict', 'conflict', 'Too many events are kept for later already');
  // Kept for the step that will wait for it. A plan has no version without an event: the step says that it heard.
  draft.plan = { ...draft.plan, kept: [...plan.kept, { name, data, at: around.now.toISOString() }] };
  const [first] = concerned;
  if (first !== undefined) change(draft, first, {});
  return undefined;
}

/** They may depend on steps that are over already; none that was there changes. */
function add(draft: Draft, { steps }: Extract<Happening, { type: 'add' }>) {
  const { plan } = draft;
  if (plan.status !== 'running') return reject('conflict', 'conflict', `The plan is ${plan.status}`);
  const known = plan.definition.steps;
  if (known.length + steps.length > MOST_STEPS)
    return reject('conflict', 'conflict', `The plan would have more than ${String(MOST_STEPS)} steps`);
  // Those that are there are sound: every fault is one of the new ones, which are counted from 0 where they are sent.
  const faults = faultsOfPlan([...known, ...steps]).map(({ field, reason }) => ({
    field: field.replace(/^steps\.(\d+)/, (_, n: string) => `steps.${String(Math.max(0, Number(n) - known.length))}`),
    reason,
  }));
  const detail = faults.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
  if (faults.length > 0) return reject('invalid', 'invalid-body', detail, faults);
  for (const step of steps) addStep(draft, step);
  return undefined;
}

function cancel(draft: Draft, { reason, compensate: takesBack }: Extract<Happening, { type: 'cancel' }>) {
  // Who cancels while things are taken back wants that to stop as well.
  const isCompensating = draft.plan.status === 'compensating';
  stop(draft, { ending: 'canceled', reason, compensate: takesBack && !isCompensating });
  return undefined;
}

function time(draft: Draft, { stepId, attempt, what }: Extract<Happening, { type: 'time' }>) {
  const step = stepOf(draft.plan, stepId);
  if (step === undefined || draft.plan.status !== 'running') return undefined;
  if (what === 'due') {
    if (!isOver(step.status) && step.overdue !== true) change(draft, step, { overdue: true });
    return undefined;
  }
  if (step.attempt !== attempt) return undefined;
  if (what === 'retry' && step.status === 'retrying') begin(draft, step);
  if (what === 'delay' && step.status === 'active') finish(draft, step);
  if (what === 'timeout' && step.status === 'active') {
    callOff(draft, step);
    fail(draft, step, 'timeout');
  }
  return undefined;
}

const unknown = (stepId: string): Rejection => reject('not-found', 'unknown-id', `The plan has no step ${stepId}`);

const cannot = (what: string, { id, status }: PlanStep): Rejection =>
  reject('conflict', 'conflict', `The step ${id} is ${status}: it cannot be ${what}`);
