/** Clocks as events carry them. */
import type { OutgoingEvent } from '@switchboard/hallway';
import type { Calendars } from '../configuration.ts';
import { reading } from './measure.ts';
import type { ClockState } from './state.ts';
import type { Warning } from '../policies/state.ts';

export type ClockEventName =
  | 'ClockStarted'
  | 'ClockPaused'
  | 'ClockResumed'
  | 'ClockRescheduled'
  | 'ClockWarned'
  | 'ClockBreached'
  | 'ClockReminded'
  | 'ClockMet'
  | 'ClockCanceled';

export type ClockEvent = Extract<
  OutgoingEvent,
  { readonly type: `switchboard.sla.v1.${ClockEventName | 'ClockRepaired'}` }
>;
export type ClockSnapshot = ReturnType<typeof snapshotOf>;

/** What some events say besides the clock. */
interface Telling {
  /** When it was to be said. */
  readonly due?: Date;
  readonly warning?: Warning;
  /** Of a reminder, from 1. */
  readonly number?: number;
}

/** Said later than this after it was due, ms, something is late. */
const LATE = 1000;

/** The version as others know it, one for each event: looks at its risk that were no news change the row alone. */
export const toldVersion = ({ version, risk }: Pick<ClockState, 'version' | 'risk'>): number =>
  version - (risk?.untold ?? 0);

/** The event of a clock's newest version; time used and left are those at `at`. */
export function announce(
  name: ClockEventName,
  clock: ClockState,
  { calendars, at, now }: { readonly calendars: Calendars; readonly at: Date; readonly now: Date },
  { due, warning, number }: Telling = {},
): ClockEvent {
  const head = { subject: clock.id, sequence: toldVersion(clock) };
  const snapshot = snapshotOf(clock, calendars, at);
  const punctual = due === undefined ? {} : { dueAt: due.toISOString(), late: now.getTime() - due.getTime() > LATE };
  if (name === 'ClockWarned') {
    const told = typeof warning === 'string' ? { share: 0, before: warning } : { share: warning ?? 0 };
    return { type: 'switchboard.sla.v1.ClockWarned', ...head, data: { clock: snapshot, ...told, ...punctual } };
  }
  if (name === 'ClockReminded') {
    const data = { clock: snapshot, number: number ?? 0, ...punctual };
    return { type: 'switchboard.sla.v1.ClockReminded', ...head, data };
  }
  if (name === 'ClockBreached') {
    return { type: 'switchboard.sla.v1.ClockBreached', ...head, data: { clock: snapshot, ...punctual } };
  }
  return { type: `switchboard.sla.v1.${name}`, ...head, data: { clock: snapshot } };
}

/** The event of a clock that was computed anew. */
export function announceRepair(
  clock: ClockState,
  { before, changed }: { readonly before: ClockSnapshot; readonly changed: readonly string[] },
  { calendars, now }: { readonly calendars: Calendars; readonly now: Date },
): ClockEvent {
  const head = { type: 'switchboard.sla.v1.ClockRepaired', subject: clock.id, sequence: toldVersion(clock) } as const;
  return { ...head, data: { clock: snapshotOf(clock, calendars, now), before, changed } };
}

/** A clock as events carry it. */
export function snapshotOf(clock: ClockState, calendars: Calendars, at: Date) {
  return {
    id: clock.id,
    version: toldVersion(clock),
    caseId: clock.caseId,
    customerId: clock.customerId,
    policyId: clock.policyId,
    calendarId: clock.calendarId,
    target: clock.target,
    name: clock.name,
    team: clock.team,
    // Nobody has to wait for the end of a broken promise that was withdrawn: `breachedAt` still tells of it.
    status: clock.canceledAt === undefined ? clock.status : 'canceled',
    startedAt: clock.startedAt,
    dueAt: clock.dueAt,
    targetMs: clock.targetMs,
    ...reading(calendars, clock, at),
    metAt: clock.metAt,
    breachedAt: clock.breachedAt,
  };
}
