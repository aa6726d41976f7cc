/** Open and quiet hours as the ladders ask for them. */
import {
  compileCalendar,
  DAYS,
  instantAfter,
  openDuration,
  parseDuration,
  storedCalendar,
} from '@switchboard/calendar';
import type { BusinessHours, Calendar } from '@switchboard/calendar';
import type { QuietHours } from './state.ts';

export function isOpen(calendar: Calendar, at: Date): boolean {
  return openDuration(calendar, at, new Date(at.getTime() + 1)) > 0;
}

/** When a calendar that is closed opens next; `undefined`: not within a hundred years. */
export function opensAt(calendar: Calendar, after: Date): Date | undefined {
  const first = instantAfter(calendar, after, 1);
  return first === 'never' ? undefined : new Date(first.getTime() - 1);
}

type FromTo = Exclude<QuietHours, { readonly calendarId: string }>;

const hoursOf = ({ timeZone, from, to }: FromTo): BusinessHours => ({
  timeZone,
  hours: [{ days: [...DAYS], from: to === '24:00' ? '00:00' : to, to: from }],
});

/** Whether quiet hours make sense. */
export const areHours = (quiet: FromTo): boolean => compileCalendar(hoursOf(quiet)).ok;

/** The hours that are not quiet, of some that made sense when they were put. */
export const loudHours = (quiet: FromTo): Calendar => storedCalendar(hoursOf(quiet));

/** The end of the period in which an instant lies, periods counted from 1970 on. */
export function nextTick(every: string, now: Date): Date {
  const period = Math.max(parseDuration(every) ?? 0, 1);
  return new Date((Math.floor(now.getTime() / period) + 1) * period);
}
