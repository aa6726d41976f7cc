/** Clocks as events carry them. */
import type { Calendar } from '@switchboard/calendar';
import type { OutgoingEvent } from '@switchboard/hallway';
import { reading } from './measure.ts';
import type { ClockState } from './state.ts';

export type ClockEventName =
  | 'ClockStarted'
  | 'ClockPaused'
  | 'ClockResumed'
  | 'ClockRescheduled'
  | 'ClockWarned'
  | 'ClockBreached'
  | 'ClockMet'
  | 'ClockCanceled';

export type ClockEvent = Extract<OutgoingEvent, { readonly type: `switchboard.sla.v1.${ClockEventName}` }>;

/** The event of a clock's newest version; time used and left are those at `at`. */
export function announce(
  name: ClockEventName,
  clock: ClockState,
  { calendar, at }: { readonly calendar: Calendar; readonly at: Date },
  share?: number,
): ClockEvent {
  const head = { subject: clock.id, sequence: clock.version };
  const snapshot = {
    id: clock.id,
    version: clock.version,
    caseId: clock.caseId,
    customerId: clock.customerId,
    policyId: clock.policyId,
    target: clock.target,
    // Nobody has to wait for the end of a broken promise that was withdrawn: `breachedAt` still tells of it.
    status: clock.canceledAt === undefined ? clock.status : 'canceled',
    startedAt: clock.startedAt,
    dueAt: clock.dueAt,
    ...reading(calendar, clock, at),
    metAt: clock.metAt,
    breachedAt: clock.breachedAt,
  };
  if (name === 'ClockWarned') {
    return { type: 'switchboard.sla.v1.ClockWarned', ...head, data: { clock: snapshot, share: share ?? 0 } };
  }
  return { type: `switchboard.sla.v1.${name}`, ...head, data: { clock: snapshot } };
}
