/** What a clock waits for: its due time, each warning, and once it is broken the next reminder. */
import { parseDuration } from '@switchboard/calendar';
import type { TimerChange } from '@switchboard/hallway';
import type { SlaCommands } from '../commands.ts';
import type { Calendars } from '../configuration.ts';
import { openAfter, warningAt } from './measure.ts';
import { isCounting } from './segments.ts';
import type { ClockState } from './state.ts';
import type { Warning } from '../policies/state.ts';

export const BREACH_TIMER = 'clock-breach';
export const WARN_TIMER = 'clock-warn';
export const REMIND_TIMER = 'clock-remind';

/** Looks at the clocks of a replaced calendar, page by page. */
export const RECOUNT_TIMER = 'calendar-recount';
/** Looks at the cases of a changed customer, page by page. */
export const CUSTOMER_TIMER = 'customer-cases';
/** Looks at the cases of a customer who is another one, page by page. */
export const MERGE_TIMER = 'customer-merge';
/** Goes on with a repair, page by page. */
export const REPAIR_TIMER = 'clock-repair';

const warnId = (clock: ClockState, warning: Warning): string => `${clock.id}:${String(warning)}`;
const pending = ({ warnAt, warned }: ClockState): Warning[] => warnAt.filter((one) => !warned.includes(one));

/** Sets what a running clock waits for. */
export function timersOf(clock: ClockState, calendars: Calendars): TimerChange[] {
  if (clock.status !== 'running') return [];
  const timers: TimerChange[] = [];
  if (clock.dueAt !== undefined) {
    timers.push({ set: { kind: BREACH_TIMER, id: clock.id, due: new Date(clock.dueAt), data: { clockId: clock.id } } });
  }
  for (const share of pending(clock)) {
    const due = warningAt(calendars, clock, share);
    if (due === undefined) continue;
    timers.push({ set: { kind: WARN_TIMER, id: warnId(clock, share), due, data: { clockId: clock.id, share } } });
  }
  return timers;
}

/** Cancels whatever the clock may still wait for. */
export function cancelTimers(clock: ClockState): TimerChange[] {
  const reminder = clock.extras?.remind === undefined ? [] : [{ cancel: { kind: REMIND_TIMER, id: clock.id } }];
  return [...cancelRunning(clock), ...reminder];
}

/** Cancels what only a running clock waits for. */
export function cancelRunning(clock: ClockState): TimerChange[] {
  return [
    { cancel: { kind: BREACH_TIMER, id: clock.id } },
    ...pending(clock).map((warning) => ({ cancel: { kind: WARN_TIMER, id: warnId(clock, warning) } })),
  ];
}

/** When the next reminder is due; never for a clock that is not broken, is over or stands still. */
export function reminderDue(clock: ClockState, calendars: Calendars): Date | undefined {
  const { extras, status, breachedAt, segments } = clock;
  if (extras?.remind === undefined || status !== 'breached' || breachedAt === undefined) return undefined;
  const { every, atMost } = extras.remind;
  const { count, at } = extras.reminded ?? { count: 0, at: breachedAt };
  if (count >= atMost || !isCounting(segments)) return undefined;
  const resumedAt = segments.at(-1)?.from ?? at;
  return openAfter(calendars, clock, new Date(resumedAt > at ? resumedAt : at), parseDuration(every) ?? Infinity);
}

/** Sets the next reminder. */
export function remindTimer(clock: ClockState, calendars: Calendars): TimerChange[] {
  const due = reminderDue(clock, calendars);
  return due === undefined ? [] : [{ set: { kind: REMIND_TIMER, id: clock.id, due, data: { clockId: clock.id } } }];
}

/**
 * The timer of a page: one that goes on from a case has an id of its own, so that it never takes the place of another
 * that was set meanwhile to begin anew.
 */
const pageTimer = (subject: string, after: string): string => (after === '' ? subject : `${subject} after ${after}`);

/** Looks at the cases after this one. */
export function recountTimer(calendarId: string, { after, due }: { after: string; due: Date }): TimerChange {
  return { set: { kind: RECOUNT_TIMER, id: pageTimer(calendarId, after), due, data: { calendarId, after } } };
}

/** Looks at a customer's cases after this one. */
export function customerTimer(data: SlaCommands['follow-customer'], due: Date): TimerChange {
  const subject = `${data.customer.id}${data.resolved === true ? ' with resolved' : ''}`;
  return { set: { kind: CUSTOMER_TIMER, id: pageTimer(subject, data.after), due, data } };
}

/** Looks at the cases after this one of a customer who is another one. */
export function mergeTimer(data: SlaCommands['follow-merge'], due: Date): TimerChange {
  return { set: { kind: MERGE_TIMER, id: pageTimer(data.customerId, data.after), due, data } };
}

/** Goes on with the cases after this one. */
export function repairTimer(data: SlaCommands['repair-clocks'], due: Date): TimerChange {
  return { set: { kind: REPAIR_TIMER, id: pageTimer(JSON.stringify(data.scope), data.after), due, data } };
}
