/**
 * One clock: what can happen to it. Every change is at the instant of the fact that caused it, not at that of its
 * processing, so that our own lateness is nobody's broken promise.
 */
import { next } from '@switchboard/hallway';
import type { TimerChange } from '@switchboard/hallway';
import { announce } from './announce.ts';
import type { ClockEvent, ClockEventName } from './announce.ts';
import { versionsOf } from '../configuration.ts';
import type { Calendars } from '../configuration.ts';
import { elapsedMs, reachedAt, warningAt } from './measure.ts';
import { relativeDue } from '../policies/relative.ts';
import { isCounting, onOtherCalendar, resumed, until } from './segments.ts';
import type { ClockExtras, ClockState, Stretch } from './state.ts';
import type { Reminders, RelativeTime, Warning } from '../policies/state.ts';
import { cancelRunning, cancelTimers, reminderDue, remindTimer, timersOf } from './timers.ts';

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
  /** Open time; 0 where `relative` says when. */
  readonly targetMs: number;
  readonly relative?: RelativeTime | undefined;
  readonly warnAt: readonly Warning[];
  readonly remind?: Reminders | undefined;
  readonly quietWhenLate?: boolean | undefined;
  readonly customerId?: string | undefined;
}

/** Where and when something happens to a clock. */
export interface Scene {
  readonly calendars: Calendars;
  /** When it was. */
  readonly at: Date;
  /** When it is decided. */
  readonly now: Date;
}

type Patch = Partial<Omit<ClockState, 'id' | 'version'>>;
type Born = Pick<ClockState, 'id' | 'caseId' | 'target' | 'startedAt' | 'occurredAt' | 'name' | 'team' | 'segments'> &
  Pick<ClockExtras, 'held' | 'owedSince'>;

/** A new clock. It has counted in the stretches given. */
export function start(
  { held, owedSince, ...born }: Born,
  { quietWhenLate = false, ...promised }: Promised,
  scene: Scene,
): Moved {
  const at = scene.at.toISOString();
  const clock: ClockState = {
    ...born,
    ...kept(promised, { held, owedSince }),
    version: 1,
    status: isCounting(born.segments) ? 'running' : 'paused',
    scheduledAt: born.startedAt > at ? born.startedAt : at,
    warned: [],
  };
  const begun = usedUp(said('ClockStarted', scheduled(clock, scene), scene), scene);
  const late = begun.clock.status === 'breached' ? begun : breach(begun.clock, scene);
  return late !== undefined && quietWhenLate ? quieted(late.clock, scene) : begun;
}

/** Broken from its start on: it only says that it began, and neither ladders nor reminders tell anybody. */
function quieted({ extras: { remind: _, ...extras } = {}, ...clock }: ClockState, scene: Scene): Moved {
  return said('ClockStarted', { ...clock, version: 1, extras: { ...extras, quiet: true } }, scene);
}

/**
 * Stands still. A clock that has breached keeps that status; only its time stops.
 * @param held what conditions made stand still, where this changes that
 */
export function pause(clock: ClockState, scene: Scene, held?: readonly Stretch[]): Moved {
  return after(inTime(clock, scene.at), scene, (current) => {
    const life: Patch = { segments: until(current.segments, scene.at), ...holding(current, held) };
    const patch: Patch = current.status === 'running' ? { status: 'paused', ...life, dueAt: undefined } : life;
    return moved('ClockPaused', next(current, patch), scene);
  });
}

/** Counts again, with the time that was left. */
export function resume(clock: ClockState, scene: Scene, held?: readonly Stretch[]): Moved {
  const life: Patch = { segments: resumed(clock.segments, scene.at), ...holding(clock, held) };
  const at = scene.at.toISOString();
  const patch: Patch = clock.status === 'paused' ? { status: 'running', ...life, scheduledAt: at } : life;
  const resumes = scheduled(next(clock, patch), scene);
  // Nothing was left when it began to stand still: broken then, not by going on.
  const { dueAt = at } = resumes;
  return said('ClockResumed', dueAt < at ? { ...resumes, scheduledAt: clock.scheduledAt } : resumes, scene);
}

/**
 * Another promise from the same start: another priority, policy or calendar. Not of a clock that has breached: what
 * was broken stays broken.
 * @param life where the new promise lets other time count
 */
export function reschedule(
  clock: ClockState,
  promised: Promised,
  scene: Scene,
  life?: { readonly segments: readonly Stretch[]; readonly held: readonly Stretch[] },
): Moved {
  return after(clock, scene, (current) => {
    if (current.status === 'breached') return { clock: current, events: [], timers: [] };
    const segments = life?.segments ?? current.segments;
    const stretches =
      promised.calendarId === current.calendarId
        ? segments
        : onOtherCalendar(segments, { was: current.calendarId, at: scene.at });
    const status = isCounting(stretches) ? ('running' as const) : ('paused' as const);
    const { owedSince, held = [] } = current.extras ?? {};
    const stays = { owedSince, held: life?.held ?? held };
    const patch: Patch = {
      ...kept(promised, stays, { current, at: scene.at.toISOString() }),
      segments: stretches,
      status,
    };
    const renewed = scheduled({ ...next(current, patch), dueAt: undefined }, scene);
    const sameDue = renewed.dueAt === current.dueAt;
    if (sameDue && renewed.warnAt.join() === current.warnAt.join() && renewed.targetMs === current.targetMs) {
      return { ...said('ClockRescheduled', renewed, scene), timers: [] };
    }
    const scheduledAt = sameDue ? current.scheduledAt : scene.at.toISOString();
    const result = { ...renewed, scheduledAt, warned: stillWarned(renewed, scene) };
    const { events, timers } = said('ClockRescheduled', result, scene);
    return usedUp({ clock: result, events, timers: [...cancelTimers(current), ...timers] }, scene);
  });
}

/**
 * Due anew, since a version of its calendar began: from that instant on, whenever it is noticed. Nothing when that
 * changes nothing.
 */
export function recount(clock: ClockState, scene: Scene): Moved | undefined {
  if (clock.status !== 'running') return undefined;
  const renewed = scheduled({ ...clock, dueAt: undefined }, scene);
  const sameDue = renewed.dueAt === clock.dueAt;
  if (sameDue && renewed.targetMs === clock.targetMs) return undefined;
  const scheduledAt = sameDue ? clock.scheduledAt : recountedAt(clock, scene);
  const result = next(clock, { ...renewed, scheduledAt, warned: stillWarned(renewed, scene) });
  return {
    ...said('ClockRescheduled', result, scene),
    timers: [...cancelTimers(clock), ...timersOf(result, scene.calendars)],
  };
}

/** When the version of its calendar began that is in force; not before the due time so far held. */
function recountedAt({ calendarId, scheduledAt }: ClockState, { calendars, at }: Scene): string {
  const inForce = versionsOf(calendars, calendarId).findLast(({ from }) => from <= at.toISOString());
  return inForce === undefined || inForce.from < scheduledAt ? scheduledAt : inForce.from;
}

/** Kept, or fulfilled late when it had breached before. */
export function meet(clock: ClockState, told: Scene): Moved {
  const scene = sinceStart(clock, told);
  return after(inTime(beforeChange(clock, scene), scene.at), scene, (current) => {
    const patch: Patch = { segments: until(current.segments, scene.at), metAt: scene.at.toISOString() };
    const status = current.status === 'breached' ? current.status : 'met';
    return moved('ClockMet', next(current, { ...patch, status }), scene);
  });
}

/** Kept earlier than was known, or before it was withdrawn. */
export function meetAfterAll(clock: ClockState, scene: Scene): Moved {
  return meet(reopened(clock), scene);
}

/** Withdrawn before what was known to have kept it. */
export function cancelAfterAll(clock: ClockState, scene: Scene): Moved {
  return cancel(reopened(clock), scene);
}

/** As it was until its end. */
function reopened({ metAt, canceledAt, ...open }: ClockState): ClockState {
  const last = open.segments.at(-1);
  const counted = last !== undefined && last.to === (metAt ?? canceledAt);
  const segments = counted ? open.segments.with(-1, { ...last, to: undefined }) : open.segments;
  return { ...open, segments, status: open.status === 'breached' ? 'breached' : counted ? 'running' : 'paused' };
}

/** The promise no longer applies. */
export function cancel(clock: ClockState, told: Scene): Moved {
  const scene = sinceStart(clock, told);
  return after(inTime(beforeChange(clock, scene), scene.at), scene, (current) => {
    const patch: Patch = { segments: until(current.segments, scene.at), canceledAt: scene.at.toISOString() };
    const status = current.status === 'breached' ? current.status : 'canceled';
    return moved('ClockCanceled', next(current, { ...patch, status }), scene);
  });
}

/** A clock does not end before it began, whatever is told late. */
function sinceStart({ startedAt }: ClockState, scene: Scene): Scene {
  const began = new Date(startedAt);
  return scene.at < began ? { ...scene, at: began } : scene;
}

/** So much of the time is used up. Nothing when it is not, or was told before. */
export function warn(clock: ClockState, warning: Warning, scene: Scene): Moved | undefined {
  if (clock.status !== 'running' || clock.warned.includes(warning) || !clock.warnAt.includes(warning)) return undefined;
  const reached = warningAt(scene.calendars, clock, warning);
  if (reached === undefined || reached > scene.at) return undefined;
  const warned = next(clock, { warned: clock.warnAt.filter((one) => one === warning || clock.warned.includes(one)) });
  return { clock: warned, events: [announce('ClockWarned', warned, scene, { warning, due: reached })], timers: [] };
}

/**
 * The promise is broken, at the instant it was due. Nothing when that has not come, or was told before; due anew where a
 * version of its calendar has begun that it was not counted with yet.
 */
export function breach(clock: ClockState, scene: Scene): Moved | undefined {
  if (clock.status !== 'running' || clock.dueAt === undefined || new Date(clock.dueAt) > scene.at) return undefined;
  const moved = recount(clock, scene);
  return moved === undefined ? broken(clock, scene) : followed(moved, breach(moved.clock, scene));
}

function broken(clock: ClockState, scene: Scene): Moved {
  const { dueAt = '', scheduledAt } = clock;
  const breachedAt = dueAt > scheduledAt ? dueAt : scheduledAt;
  const result = next(clock, { status: 'breached', breachedAt });
  const due = new Date(breachedAt);
  return {
    clock: result,
    events: [announce('ClockBreached', result, { ...scene, at: due }, { due })],
    timers: [...cancelRunning(result), ...remindTimer(result, scene.calendars)],
  };
}

/** Stands still with more used than is promised now: broken by the change that left no time, not when it goes on. */
function usedUp(change: Moved, scene: Scene): Moved {
  const { clock } = change;
  if (clock.status !== 'paused' || elapsedMs(scene.calendars, clock, scene.at) <= clock.targetMs) return change;
  const due = reachedAt(scene.calendars, clock, clock.targetMs);
  if (!(due instanceof Date)) return change;
  return followed(change, broken({ ...clock, dueAt: due.toISOString(), scheduledAt: scene.at.toISOString() }, scene));
}

/** One change after the other. */
function followed(first: Moved, second: Moved | undefined): Moved {
  if (second === undefined) return first;
  return {
    clock: second.clock,
    events: [...first.events, ...second.events],
    timers: [...first.timers, ...second.timers],
  };
}

/**
 * It is still broken. Nothing when it is not time, or the clock is over, stands still or has said so often enough.
 * Whoever was away is told once: the reminders that would have come since are left out.
 */
export function remind(clock: ClockState, scene: Scene): Moved | undefined {
  const due = reminderDue(clock, scene.calendars);
  if (due === undefined || due > scene.at) return undefined;
  const count = (clock.extras?.reminded?.count ?? 0) + 1;
  const asPlanned = { ...clock.extras, reminded: { count, at: due.toISOString() } };
  const following = reminderDue({ ...clock, extras: asPlanned }, scene.calendars);
  const missed = following !== undefined && following <= scene.now;
  const extras = missed ? { ...clock.extras, reminded: { count, at: scene.now.toISOString() } } : asPlanned;
  const reminded = next(clock, { extras });
  return {
    clock: reminded,
    events: [announce('ClockReminded', reminded, scene, { number: count, due })],
    timers: remindTimer(reminded, scene.calendars),
  };
}

/** What was broken stays broken while it is owed, though this priority is promised nothing: it is never promised twice. */
export function brokenPromise(clock: ClockState | undefined): Promised | undefined {
  if (clock?.status !== 'breached') return undefined;
  const { policyId, calendarId, targetMs, warnAt, extras } = clock;
  return { policyId, calendarId, targetMs, warnAt, relative: extras?.relative, remind: extras?.remind };
}

/** Whether the promise is another one. */
export function differs(clock: ClockState, promised: Promised): boolean {
  return (
    clock.policyId !== promised.policyId ||
    clock.calendarId !== promised.calendarId ||
    clock.warnAt.join() !== promised.warnAt.join() ||
    !isSameTime(clock, promised) ||
    clock.extras?.remind?.every !== promised.remind?.every ||
    clock.extras?.remind?.atMost !== promised.remind?.atMost
  );
}

function isSameTime({ extras, targetMs }: ClockState, promised: Promised): boolean {
  const { relative } = extras ?? {};
  if (relative === undefined || promised.relative === undefined) {
    return relative === promised.relative && targetMs === promised.targetMs;
  }
  return relative.businessDays === promised.relative.businessDays && relative.at === promised.relative.at;
}

/** Earlier promises that a clock keeps at most: what was before those is told as the oldest of them. */
const MOST_BEFORE = 50;

/** What was held by conditions, when that changes. */
function holding({ extras }: ClockState, held: readonly Stretch[] | undefined): Patch {
  if (held === undefined || (held.length === 0 && extras?.held === undefined)) return {};
  const { held: _, ...others } = extras ?? {};
  return { extras: held.length === 0 ? others : { ...others, held } };
}

/** A promise as its clock keeps it, with what it promised before. */
function kept(
  { relative, remind: reminders, quietWhenLate: _, ...plain }: Promised,
  { held = [], owedSince }: Pick<ClockExtras, 'held' | 'owedSince'>,
  change?: { readonly current: ClockState; readonly at: string },
): Patch & Omit<Promised, 'relative' | 'remind'> {
  const { reminded, before = [], dimensions } = change?.current.extras ?? {};
  const { policyId, targetMs } = change?.current ?? plain;
  const other = policyId !== plain.policyId || targetMs !== plain.targetMs;
  const added = change !== undefined && other ? [...before, { until: change.at, policyId, targetMs }] : before;
  const promises = added.slice(-MOST_BEFORE);
  const extras: ClockExtras = {
    ...(relative === undefined ? {} : { relative }),
    ...(reminders === undefined ? {} : { remind: reminders }),
    ...(reminded === undefined ? {} : { reminded }),
    ...(promises.length === 0 ? {} : { before: promises }),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(held.length === 0 ? {} : { held }),
    ...(owedSince === undefined ? {} : { owedSince }),
  };
  return { ...plain, extras: Object.keys(extras).length === 0 ? undefined : extras };
}

/** What is used up after the change as well; of the others is warned again. */
function stillWarned(clock: ClockState, { calendars, at }: Scene): readonly Warning[] {
  return clock.warned.filter((warning) => {
    const reached = warningAt(calendars, clock, warning);
    return reached !== undefined && reached <= at;
  });
}

/** Records come late where timers do not: a fact from before the due time takes the breach back. */
function inTime(clock: ClockState, at: Date): ClockState {
  const held = clock.status === 'breached' && clock.dueAt !== undefined && at <= new Date(clock.dueAt);
  if (!held || !isCounting(clock.segments)) return clock;
  const { reminded: _, ...extras } = clock.extras ?? {};
  return { ...clock, status: 'running', breachedAt: undefined, ...(clock.extras === undefined ? {} : { extras }) };
}

/** What ended before a change that left no time, and is told after it, was promised as it was until then. */
function beforeChange(clock: ClockState, { at, calendars }: Scene): ClockState {
  const { dueAt = '', scheduledAt, extras, status } = clock;
  const before = extras?.before?.at(-1);
  const isBefore = at.toISOString() < scheduledAt && dueAt < scheduledAt && before?.until === scheduledAt;
  if (!isBefore || extras?.relative !== undefined) return clock;
  const { targetMs, policyId } = before;
  return { ...scheduled({ ...clock, targetMs, policyId, status: 'running' }, { calendars }), status };
}

/** A timer may come late where records do not: what was due before this instant has breached before. */
function after(clock: ClockState, scene: Scene, change: (current: ClockState) => Moved): Moved {
  const wasDue = clock.dueAt !== undefined && new Date(clock.dueAt) < scene.at;
  const breached = wasDue ? breach(clock, scene) : undefined;
  return breached === undefined ? change(clock) : followed(breached, change(breached.clock));
}

/** With its due time computed anew; a paused clock has none, a breached one keeps its own. */
export function scheduled(clock: ClockState, { calendars }: Pick<Scene, 'calendars'>): ClockState {
  const relative = clock.extras?.relative;
  if (relative !== undefined && clock.status !== 'breached') {
    const due = relativeDue(calendars, clock, relative);
    if (due === undefined) return { ...clock, dueAt: undefined };
    return { ...clock, dueAt: due.toISOString(), targetMs: elapsedMs(calendars, clock, due) };
  }
  if (clock.status !== 'running') return clock;
  const due = reachedAt(calendars, clock, clock.targetMs);
  return { ...clock, dueAt: due instanceof Date ? due.toISOString() : undefined };
}

function said(name: ClockEventName, clock: ClockState, scene: Scene): Moved {
  const { calendars } = scene;
  return {
    clock,
    events: [announce(name, clock, scene)],
    timers: [...timersOf(clock, calendars), ...remindTimer(clock, calendars)],
  };
}

/** Like `said`, for a clock that no longer waits for anything. */
function moved(name: ClockEventName, clock: ClockState, scene: Scene): Moved {
  return { clock, events: [announce(name, clock, scene)], timers: cancelTimers(clock) };
}
