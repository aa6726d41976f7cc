/** Promises for a day rather than after open time: "by the end of the next business day". */
import { dayOf, instantOn, openingOn, parseTime } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import { versionsOf } from '../configuration.ts';
import type { Calendars } from '../configuration.ts';
import type { ClockState } from '../clocks/state.ts';
import type { RelativeTime } from './state.ts';

/** Days looked ahead at most: what has not come by then does not come. */
const HORIZON = 3700;

/**
 * When a relative time is, counted from the clock's start; each day by the version of the calendar that is in force on
 * it. Day 0 is the first business day on which the hour is still ahead. `undefined`: never.
 */
export function relativeDue(
  calendars: Calendars,
  { calendarId, startedAt }: Pick<ClockState, 'calendarId' | 'startedAt'>,
  { businessDays, at }: RelativeTime,
): Date | undefined {
  const start = new Date(startedAt);
  const inForce = (instant: Date): Calendar => calendarAt(calendars, calendarId, instant.toISOString());
  const on = (day: number): Calendar => inForce(instantOn(inForce(start), day, 0));
  const date = dayOf(inForce(start), start);
  // The night shift that began yesterday goes on.
  const night = openingOn(on(date - 1), date - 1);
  const today = night !== undefined && night.end > start ? date - 1 : date;
  let left = businessDays;
  for (let day = today; day < today + HORIZON; day += 1) {
    const calendar = on(day);
    const opening = openingOn(calendar, day);
    if (opening === undefined || (day === today && businessDays > 0)) continue;
    const due = at === 'end' ? opening.end : at === 'start' ? opening.start : hourOn(calendar, day, at);
    if (due === undefined) return undefined;
    if (left <= 1 && due > start) return due;
    left -= 1;
  }
  return undefined;
}

const hourOn = (calendar: Calendar, day: number, hour: string): Date | undefined => {
  const milliseconds = parseTime(hour);
  return milliseconds === undefined ? undefined : instantOn(calendar, day, milliseconds);
};

function calendarAt(calendars: Calendars, calendarId: string, at: string): Calendar {
  const versions = versionsOf(calendars, calendarId);
  const found = versions.findLast(({ from }) => from <= at) ?? versions[0];
  if (found === undefined) throw new Error(`calendar ${calendarId} has no versions`);
  return found.calendar;
}
