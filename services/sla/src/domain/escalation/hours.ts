/** Open and quiet hours as the ladders ask for them. */
import { compileCalendar, DAYS, instantAfter, openDuration, parseDuration } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import type { QuietHours } from './state.ts';

export function isOpen(calendar: Calendar, at: Date): boolean {
  return openDuration(calendar, at, new Date(at.getTime() + 1)) > 0;
}

/** When a calendar that is closed opens next; `undefined`: not within a hundred years. */
export function opensAt(calendar: Calendar, after: Date): Date | undefined {
  const first = instantAfter(calendar, after, 1);
  return first === 'never' ? undefined : new Date(first.getTime() - 1);
}

/** The hours that are not quiet; `undefined` where the definition does not make sense. */
export function loudHours(quiet: Exclude<QuietHours, { readonly calendarId: string }>): Calendar | undefined {
  const compiled = compileCalendar({
    timeZone: quiet.timeZone,
    hours: [{ days: [...DAYS], from: quiet.to === '24:00' ? '00:00' : quiet.to, to: quiet.from }],
  });
  return compiled.ok ? compiled.calendar : undefined;
}

/** The end of the period in which an instant lies, periods counted from 1970 on. */
export function nextTick(every: string, now: Date): Date {
  const period = Math.max(parseDuration(every) ?? 0, 1);
  return new Date((Math.floor(now.getTime() / period) + 1) * period);
}
