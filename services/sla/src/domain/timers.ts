/** A running clock's timers: one for its due time, one for each share to be warned of. */
import type { Calendar } from '@switchboard/calendar';
import type { TimerChange } from '@switchboard/hallway';
import { shareReachedAt } from './measure.ts';
import type { ClockState } from './state.ts';

export const BREACH_TIMER = 'clock-breach';
export const WARN_TIMER = 'clock-warn';

/** Looks at the clocks of a replaced calendar, page by page. */
export const RECOUNT_TIMER = 'calendar-recount';

const warnId = (clock: ClockState, share: number): string => `${clock.id}:${String(share)}`;
const pending = ({ warnAt, warned }: ClockState): number[] => warnAt.filter((share) => !warned.includes(share));

/** Sets what a running clock waits for. */
export function timersOf(clock: ClockState, calendar: Calendar): TimerChange[] {
  if (clock.status !== 'running') return [];
  const timers: TimerChange[] = [];
  if (clock.dueAt !== undefined) {
    timers.push({ set: { kind: BREACH_TIMER, id: clock.id, due: new Date(clock.dueAt), data: { clockId: clock.id } } });
  }
  for (const share of pending(clock)) {
    const due = shareReachedAt(calendar, clock, share);
    if (due === undefined) continue;
    timers.push({ set: { kind: WARN_TIMER, id: warnId(clock, share), due, data: { clockId: clock.id, share } } });
  }
  return timers;
}

/** Cancels whatever the clock may still wait for. */
export function cancelTimers(clock: ClockState): TimerChange[] {
  return [
    { cancel: { kind: BREACH_TIMER, id: clock.id } },
    ...pending(clock).map((share) => ({ cancel: { kind: WARN_TIMER, id: warnId(clock, share) } })),
  ];
}

/** Looks at the cases after this one. */
export function recountTimer(calendarId: string, { after, due }: { after: string; due: Date }): TimerChange {
  return { set: { kind: RECOUNT_TIMER, id: calendarId, due, data: { calendarId, after } } };
}
