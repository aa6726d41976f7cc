/**
 * One clock: what can happen to it. Every change is at the instant of the fact that caused it, not at that of its
 * processing, so that our own lateness is nobody's broken promise.
 */
import type { Calendar } from '@switchboard/calendar';
import { next } from '@switchboard/hallway';
import type { TimerChange } from '@switchboard/hallway';
import { announce } from './announce.ts';
import type { ClockEvent, ClockEventName } from './announce.ts';
import { ended, isCounting, reachedAt, reopened, resumed, shareReachedAt } from './measure.ts';
import type { ClockState } from './state.ts';
import { cancelTimers, timersOf } from './timers.ts';

/** A clock after a change, what it says about it, and its timers. */
export interface Moved {
  readonly clock: ClockState;
  readonly events: readonly ClockEvent[];
  readonly timers: readonly TimerChange[];
}

/** What a clock promises. */
export interface Promised {
  readonly policyId: string;
  readonly calendarId: string;
  readonly targetMs: number;
  readonly warnAt: readonly number[];
  readonly customerId?: string;
}

/** Where and when something happens to a clock. */
export interface Scene {
  readonly calendar: Calendar;
  readonly at: Date;
}

type Patch = Partial<Omit<ClockState, 'id' | 'version'>>;

/** A new clock. It counts from its start, unless it begins paused. */
export function start(
  born: Pick<ClockState, 'id' | 'caseId' | 'target' | 'startedAt' | 'occurredAt'> & { readonly paused: boolean },
  promised: Promised,
  scene: Scene,
): Moved {
  const { paused, ...rest } = born;
  const clock: ClockState = {
    ...rest,
    ...promised,
    version: 1,
    status: paused ? 'paused' : 'running',
    segments: paused ? [] : [{ from: born.startedAt }],
    scheduledAt: born.startedAt,
    warned: [],
  };
  return said('ClockStarted', scheduled(clock, scene.calendar), scene);
}

/** Stands still. A clock that has breached keeps that status; only its time stops. */
export function pause(clock: ClockState, scene: Scene): Moved {
  return after(inTime(clock, scene.at), scene, (current) => {
    const segments = ended(current.segments, scene.at);
    const patch: Patch = current.status === 'running' ? { status: 'paused', segments, dueAt: undefined } : { segments };
    return moved('ClockPaused', next(current, patch), scene);
  });
}

/** Counts again, with the time that was left. */
export function resume(clock: ClockState, scene: Scene): Moved {
  const segments = resumed(clock.segments, scene.at);
  const patch: Patch =
    clock.status === 'paused' ? { status: 'running', segments, scheduledAt: scene.at.toISOString() } : { segments };
  return said('ClockResumed', scheduled(next(clock, patch), scene.calendar), scene);
}

/**
 * Another promise from the same start: another priority, policy or calendar. Not of a clock that has breached: what
 * was broken stays broken.
 */
export function reschedule(clock: ClockState, promised: Promised, scene: Scene): Moved {
  return after(clock, scene, (current) => {
    if (current.status === 'breached') return { clock: current, events: [], timers: [] };
    const renewed = scheduled(next(current, promised), scene.calendar);
    if (promisesSameTime(current, promised)) return { ...said('ClockRescheduled', renewed, scene), timers: [] };
    const scheduledAt = renewed.dueAt === current.dueAt ? current.scheduledAt : scene.at.toISOString();
    const result = { ...renewed, scheduledAt, warned: stillWarned(renewed, scene) };
    const { events, timers } = said('ClockRescheduled', result, scene);
    return { clock: result, events, timers: [...cancelTimers(current), ...timers] };
  });
}

/** Due anew on a calendar that was replaced. Nothing when that changes nothing. */
export function recount(clock: ClockState, scene: Scene): Moved | undefined {
  if (clock.status !== 'running') return undefined;
  const renewed = scheduled(clock, scene.calendar);
  if (renewed.dueAt === clock.dueAt) return undefined;
  const patch = { dueAt: renewed.dueAt, scheduledAt: scene.at.toISOString(), warned: stillWarned(renewed, scene) };
  return said('ClockRescheduled', next(clock, patch), scene);
}

/** Kept, or fulfilled late when it had breached before. */
export function meet(clock: ClockState, scene: Scene): Moved {
  return after(inTime(clock, scene.at), scene, (current) => {
    const patch: Patch = { segments: ended(current.segments, scene.at), metAt: scene.at.toISOString() };
    const status = current.status === 'breached' ? current.status : 'met';
    return moved('ClockMet', next(current, { ...patch, status }), scene);
  });
}

/** Kept before it was withdrawn, as turned out later. */
export function meetAfterAll(clock: ClockState, scene: Scene): Moved {
  const status = clock.status === 'canceled' ? 'running' : clock.status;
  return meet({ ...clock, status, canceledAt: undefined, segments: reopened(clock.segments) }, scene);
}

/** The promise no longer applies. */
export function cancel(clock: ClockState, scene: Scene): Moved {
  return after(inTime(clock, scene.at), scene, (current) => {
    const patch: Patch = { segments: ended(current.segments, scene.at), canceledAt: scene.at.toISOString() };
    const status = current.status === 'breached' ? current.status : 'canceled';
    return moved('ClockCanceled', next(current, { ...patch, status }), scene);
  });
}

/** A share of the time is used up. Nothing when it is not, or was told before. */
export function warn(clock: ClockState, share: number, scene: Scene): Moved | undefined {
  if (clock.status !== 'running' || clock.warned.includes(share) || !clock.warnAt.includes(share)) return undefined;
  const reached = shareReachedAt(scene.calendar, clock, share);
  if (reached === undefined || reached > scene.at) return undefined;
  const warned = next(clock, { warned: [...clock.warned, share].sort((a, b) => a - b) });
  return { clock: warned, events: [announce('ClockWarned', warned, scene, share)], timers: [] };
}

/** The promise is broken, at the instant it was due. Nothing when that has not come, or was told before. */
export function breach(clock: ClockState, scene: Scene): Moved | undefined {
  if (clock.status !== 'running' || clock.dueAt === undefined || new Date(clock.dueAt) > scene.at) return undefined;
  const breachedAt = clock.dueAt > clock.scheduledAt ? clock.dueAt : clock.scheduledAt;
  const broken = next(clock, { status: 'breached', breachedAt });
  return moved('ClockBreached', broken, { ...scene, at: new Date(breachedAt) });
}

/** Whether the promise moves neither the due time nor the warnings. */
export function promisesSameTime(clock: ClockState, { calendarId, targetMs, warnAt }: Promised): boolean {
  return clock.calendarId === calendarId && clock.targetMs === targetMs && clock.warnAt.join() === warnAt.join();
}

/** Shares that are used up after the change as well; of the others is warned again. */
function stillWarned(clock: ClockState, { calendar, at }: Scene): readonly number[] {
  return clock.warned.filter((share) => {
    const reached = shareReachedAt(calendar, clock, share);
    return reached !== undefined && reached <= at;
  });
}

/** Records come late where timers do not: a fact from before the due time takes the breach back. */
function inTime(clock: ClockState, at: Date): ClockState {
  const kept = clock.status === 'breached' && clock.dueAt !== undefined && at <= new Date(clock.dueAt);
  if (!kept || !isCounting(clock.segments)) return clock;
  return { ...clock, status: 'running', breachedAt: undefined };
}

/** A timer may come late where records do not: what was due before this instant has breached before. */
function after(clock: ClockState, scene: Scene, change: (current: ClockState) => Moved): Moved {
  const wasDue = clock.dueAt !== undefined && new Date(clock.dueAt) < scene.at;
  const broken = wasDue ? breach(clock, scene) : undefined;
  if (broken === undefined) return change(clock);
  const changed = change(broken.clock);
  return { ...changed, events: [...broken.events, ...changed.events], timers: [...broken.timers, ...changed.timers] };
}

/** With its due time computed anew; a paused clock has none, a breached one keeps its own. */
function scheduled(clock: ClockState, calendar: Calendar): ClockState {
  if (clock.status !== 'running') return clock;
  const due = reachedAt(calendar, clock.segments, clock.targetMs);
  return { ...clock, dueAt: due instanceof Date ? due.toISOString() : undefined };
}

function said(name: ClockEventName, clock: ClockState, scene: Scene): Moved {
  return { clock, events: [announce(name, clock, scene)], timers: timersOf(clock, scene.calendar) };
}

/** Like `said`, for a clock that no longer waits for anything. */
function moved(name: ClockEventName, clock: ClockState, scene: Scene): Moved {
  return { clock, events: [announce(name, clock, scene)], timers: cancelTimers(clock) };
}
