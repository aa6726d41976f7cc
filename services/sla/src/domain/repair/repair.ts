/**
 * A clock computed anew, as if today's policy and today's calendar had always held. Nothing else ever rewrites what has
 * been: whoever asks for it is told what it was before.
 */
import { next } from '@switchboard/hallway';
import { announceRepair, snapshotOf } from '../clocks/announce.ts';
import type { ClockSnapshot } from '../clocks/announce.ts';
import { breach, scheduled } from '../clocks/clock.ts';
import type { Moved, Promised, Scene } from '../clocks/clock.ts';
import { versionsOf } from '../configuration.ts';
import type { Calendars } from '../configuration.ts';
import { elapsedMs, reachedAt, warningAt } from '../clocks/measure.ts';
import { isCounting } from '../clocks/segments.ts';
import type { ClockState, ClockStatus, Stretch } from '../clocks/state.ts';
import { cancelTimers, timersOf } from '../clocks/timers.ts';

/** What is told of a clock before and after. */
const told = [
  'policyId',
  'calendarId',
  'status',
  'targetMs',
  'dueAt',
  'elapsedMs',
  'remainingMs',
  'breachedAt',
] as const satisfies readonly (keyof ClockSnapshot)[];

/** A clock before and after: computed anew, or ended by what today's policy does not promise. */
export interface Repair {
  readonly clockId: string;
  readonly caseId: string;
  readonly target: ClockState['target'];
  readonly name?: string;
  readonly changed: readonly (typeof told)[number][];
  readonly before: ClockSnapshot;
  readonly after: ClockSnapshot;
}

/** What became of a clock; `undefined` when it came out as it was. */
export function repairOf(
  before: ClockState,
  after: ClockState,
  { calendars, now }: Pick<Scene, 'calendars' | 'now'>,
): Repair | undefined {
  const { id: clockId, caseId, target, name } = after;
  const was = snapshotOf(before, calendars, readAt(before, now));
  const is = snapshotOf(after, calendars, readAt(after, now));
  const changed = told.filter((field) => was[field] !== is[field]);
  if (changed.length === 0) return undefined;
  return { clockId, caseId, target, ...(name === undefined ? {} : { name }), changed, before: was, after: is };
}

/** What a clock comes to. */
interface Renewed {
  readonly promised: Promised;
  readonly segments: readonly Stretch[];
  /** What conditions made stand still. */
  readonly held: readonly Stretch[] | undefined;
}

/**
 * The repair of one clock; `undefined` when it comes out as it was. That it is broken is told once: not again of one
 * that was broken before.
 */
export function repaired(clock: ClockState, { promised, segments, held }: Renewed, scene: Scene): Moved | undefined {
  const { calendars, now } = scene;
  const renewed = renew(clock, { promised, segments, held }, scene);
  const broken = breach(next(renewed, {}), { ...scene, at: now });
  const known = broken !== undefined && clock.status === 'breached';
  const result = known ? { ...broken.clock, version: clock.version + 1 } : next(renewed, {});
  const repair = repairOf(clock, result, scene);
  if (repair === undefined) return undefined;
  const event = announceRepair(result, repair, scene);
  const timers = [...cancelTimers(clock), ...timersOf(result, calendars)];
  if (broken === undefined) return { clock: result, events: [event], timers };
  return {
    clock: known ? result : broken.clock,
    events: known ? [event] : [event, ...broken.events],
    timers: [...timers, ...broken.timers],
  };
}

/** A clock that is over is read at its end. */
function readAt({ metAt, canceledAt }: ClockState, now: Date): Date {
  const end = metAt ?? canceledAt;
  return end === undefined ? now : new Date(end);
}

function renew(clock: ClockState, { promised, segments, held }: Renewed, { calendars, now }: Scene): ClockState {
  const { policyId, calendarId, targetMs, warnAt, relative, remind } = promised;
  const { reminded, labels, quiet, owedSince, dimensions } = clock.extras ?? {};
  const extras = {
    ...(held === undefined ? {} : { held }),
    ...(owedSince === undefined ? {} : { owedSince }),
    ...(labels === undefined ? {} : { labels }),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(quiet === undefined ? {} : { quiet }),
    ...(relative === undefined ? {} : { relative }),
    ...(remind === undefined ? {} : { remind }),
    ...(remind === undefined || reminded === undefined ? {} : { reminded }),
  };
  const plain: ClockState = {
    ...clock,
    ...{ policyId, calendarId, targetMs, warnAt },
    segments: asOfToday(segments, { calendars, calendarId, now }),
    extras: Object.keys(extras).length === 0 ? undefined : extras,
    status: isCounting(segments) ? 'running' : 'paused',
    breachedAt: undefined,
    dueAt: undefined,
  };
  const timed = scheduled(plain, { calendars });
  return clock.metAt === undefined && clock.canceledAt === undefined
    ? stillOpen(timed, { calendars, now })
    : over(timed, calendars);
}

/** Every stretch on the clock's calendar, and what was before now by its newest version. */
function asOfToday(
  segments: readonly Stretch[],
  { calendars, calendarId, now }: { readonly calendars: Calendars; readonly calendarId: string; readonly now: Date },
): readonly Stretch[] {
  const versions = versionsOf(calendars, calendarId);
  const today = now.toISOString();
  const version = (versions.findLast(({ from }) => from <= today) ?? versions[0])?.version;
  return segments.flatMap(({ from, to }): Stretch[] => {
    const end = to === undefined ? {} : { to };
    if (versions.length === 1 || version === undefined) return [{ from, ...end }];
    if (to !== undefined && to <= today) return [{ from, to, calendarVersion: version }];
    return from < today
      ? [
          { from, to: today, calendarVersion: version },
          { from: today, ...end },
        ]
      : [{ from, ...end }];
  });
}

/** A paused one has no due time; one that is past it was broken then. */
function stillOpen(
  clock: ClockState,
  { calendars, now }: { readonly calendars: Calendars; readonly now: Date },
): ClockState {
  const warned = clock.warned.filter((warning) => {
    const reached = clock.warnAt.includes(warning) ? warningAt(calendars, clock, warning) : undefined;
    return reached !== undefined && reached <= now;
  });
  if (clock.status !== 'paused' || elapsedMs(calendars, clock, now) <= clock.targetMs) {
    // Due since long, perhaps: from its start on, not from now.
    return { ...clock, warned, scheduledAt: clock.startedAt };
  }
  const due = reachedAt(calendars, clock, clock.targetMs);
  if (!(due instanceof Date)) return { ...clock, warned };
  return { ...clock, warned, status: 'breached', dueAt: due.toISOString(), breachedAt: due.toISOString() };
}

/** Whether it was over in time. */
function over(clock: ClockState, calendars: Calendars): ClockState {
  const end = clock.metAt ?? clock.canceledAt ?? '';
  const kept: ClockStatus = clock.metAt === undefined ? 'canceled' : 'met';
  const reached =
    clock.extras?.relative === undefined ? reachedAt(calendars, openEnded(clock), clock.targetMs) : undefined;
  const due = reached instanceof Date ? reached.toISOString() : clock.dueAt;
  // It stood still with nothing left until it ended: so much and no more was promised.
  const isSpent = due !== undefined && due < end && elapsedMs(calendars, clock, new Date(end)) <= clock.targetMs;
  if (isSpent && clock.extras?.relative === undefined) return { ...clock, status: kept };
  if (due === undefined || due >= end) return { ...clock, status: kept, dueAt: due };
  return { ...clock, status: 'breached', dueAt: due, breachedAt: due };
}

/** The due time of a clock that counted to its end lies ahead of that. */
function openEnded(clock: ClockState): ClockState {
  const end = clock.metAt ?? clock.canceledAt;
  const last = clock.segments.at(-1);
  if (last === undefined || last.to !== end) return clock;
  return { ...clock, segments: clock.segments.with(-1, { ...last, to: undefined }) };
}
