/** A case and its clocks while one message is decided: what changes, what is said, which timers move. */
import type { Context, Decision, Need, OutgoingEvent, TimerChange, World } from '@switchboard/hallway';
import { next } from '@switchboard/hallway';
import { choosePolicy, promisedMs } from './choose-policy.ts';
import { cancel, pause, promisesSameTime, reschedule, resume, start } from './clock.ts';
import type { Moved, Promised, Scene } from './clock.ts';
import { calendarOf } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import type { MatchFacts } from './facts.ts';
import { isCounting } from './measure.ts';
import { targets } from './state.ts';
import type { CaseClocks, ClockState, SlaKinds, Target } from './state.ts';

export type SlaContext = Context<Configuration>;
export type SlaWorld = World<SlaKinds>;

export interface Ledger {
  readonly context: SlaContext;
  readonly at: Date;
  /** The case as it will be; its version grows when the ledger is closed. */
  state: CaseClocks;
  /** The clocks that count now. */
  readonly clocks: Map<Target, ClockState>;
  readonly touched: Map<string, ClockState>;
  readonly events: OutgoingEvent[];
  readonly timers: TimerChange[];
}

/** A case and the clocks that count for it. */
export function caseNeeds(caseId: string, world: SlaWorld): Need<SlaKinds>[] {
  const state = world.get('caseClocks', caseId);
  const clockIds = [...Object.values(state?.clocks ?? {}), ...(state?.withdrawn ? [state.withdrawn.clockId] : [])];
  return [{ kind: 'caseClocks', id: caseId }, ...clockIds.map((id) => ({ kind: 'clock', id }) as const)];
}

export function openLedger(state: CaseClocks, at: string, world: SlaWorld, context: SlaContext): Ledger {
  const clocks = new Map<Target, ClockState>();
  for (const target of targets) {
    const id = state.clocks[target];
    const clock = id === undefined ? undefined : world.get('clock', id);
    if (clock !== undefined) clocks.set(target, ofCustomer(clock, state));
  }
  return { context, at: new Date(at), state, clocks, touched: new Map(), events: [], timers: [] };
}

/** The customer often becomes known after the clock has started: that alone moves nothing and is no news of a promise. */
export function ofCustomer(clock: ClockState, state: CaseClocks | undefined): ClockState {
  return state?.customerId === undefined ? clock : { ...clock, customerId: state.customerId };
}

/** What was decided; the case is written even when no clock moved. */
export function closeLedger(ledger: Ledger): Decision<SlaKinds> {
  const clocks = Object.fromEntries([...ledger.clocks].map(([target, { id }]) => [target, id]));
  const state = ledger.state.version === 0 ? { ...ledger.state, version: 1, clocks } : next(ledger.state, { clocks });
  return {
    changes: [
      { kind: 'caseClocks', state },
      ...[...ledger.touched.values()].map((clock) => ({ kind: 'clock', state: clock }) as const),
    ],
    events: ledger.events,
    timers: ledger.timers,
  };
}

/** Changes the clock of a target; one that was met or canceled no longer counts. */
export function move(ledger: Ledger, target: Target, change: (clock: ClockState, scene: Scene) => Moved): void {
  const clock = ledger.clocks.get(target);
  if (clock !== undefined) keep(ledger, change(clock, sceneOf(ledger, clock.calendarId)));
}

/** Changes a clock that no longer counts. */
export function moveAgain(ledger: Ledger, clock: ClockState, change: (clock: ClockState, scene: Scene) => Moved): void {
  const { events, timers, clock: changed } = change(clock, sceneOf(ledger, clock.calendarId));
  ledger.touched.set(changed.id, changed);
  ledger.events.push(...events);
  ledger.timers.push(...timers);
}

/** Chooses the policy for the case. What it promises is made true by `align`. */
export function choose(ledger: Ledger, facts: MatchFacts): void {
  ledger.state = { ...ledger.state, ...choosePolicy(ledger.context.configuration, facts) };
}

/** Starts, moves, pauses, resumes and cancels clocks until they say what the case and its terms ask for. */
export function align(ledger: Ledger): void {
  for (const target of targets) alignOne(ledger, target);
}

function alignOne(ledger: Ledger, target: Target): void {
  const { state } = ledger;
  const owed = owedFor(state, target);
  const promised = promisedFor(state, target);
  const paused = target === 'resolution' && state.terms.pauseIn.includes(state.status);
  if (owed === undefined || promised === undefined) {
    move(ledger, target, cancel);
    return;
  }
  const clock = ledger.clocks.get(target);
  if (clock === undefined) {
    const born = { id: ledger.context.newId(), caseId: state.id, target, startedAt: owed.since, paused };
    keep(ledger, start({ ...born, occurredAt: owed.occurredAt }, promised, sceneOf(ledger, promised.calendarId)));
    return;
  }
  if (differs(clock, promised))
    move(ledger, target, (now) => reschedule(now, promised, sceneOf(ledger, promised.calendarId)));
  if (isCounting(clock.segments) === paused) move(ledger, target, paused ? pause : resume);
}

/** Since when something is owed to the customer; `undefined` when nothing is. */
function owedFor(state: CaseClocks, target: Target): { since: string; occurredAt?: string | undefined } | undefined {
  if (target === 'resolution') {
    return state.openSince === undefined ? undefined : { since: state.openSince, occurredAt: state.openOccurredAt };
  }
  return (target === 'nextResponse') === state.responded ? state.unanswered : undefined;
}

function promisedFor({ terms, priority, customerId }: CaseClocks, target: Target): Promised | undefined {
  const targetMs = promisedMs(terms, target, priority);
  if (targetMs === undefined) return undefined;
  const { policyId, calendarId, warnAt } = terms;
  return { policyId, calendarId, targetMs, warnAt, customerId };
}

function differs(clock: ClockState, promised: Promised): boolean {
  if (clock.status === 'breached') return false;
  return clock.policyId !== promised.policyId || !promisesSameTime(clock, promised);
}

function sceneOf({ context, at }: Ledger, calendarId: string): Scene {
  return { calendar: calendarOf(context.configuration, calendarId), at };
}

function keep(ledger: Ledger, { clock, events, timers }: Moved): void {
  ledger.touched.set(clock.id, clock);
  if (clock.metAt === undefined && clock.canceledAt === undefined) ledger.clocks.set(clock.target, clock);
  else ledger.clocks.delete(clock.target);
  ledger.events.push(...events);
  ledger.timers.push(...timers);
}
