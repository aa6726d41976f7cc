/** Days by the clock on a calendar's wall: which one an instant is on, and when it is open on one. */
import { IANAZone } from 'luxon';
import { instantAfter, openDuration } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import type { CalendarDefinition } from './definition.ts';
import { DAY, MINUTE } from './units.ts';
import { instantAt } from './zone.ts';

/** A composition shows the time of its first member. */
function zoneOf(definition: CalendarDefinition): string {
  if ('timeZone' in definition) return definition.timeZone;
  if ('calendar' in definition) return zoneOf(definition.calendar);
  const [first] = 'union' in definition ? definition.union : definition.intersection;
  return first === undefined ? 'UTC' : zoneOf(first);
}

/** Days since 1970-01-01 of the date that the wall shows at an instant. */
export function dayOf({ definition }: Calendar, instant: Date): number {
  const offset = IANAZone.create(zoneOf(definition)).offset(instant.getTime()) * MINUTE;
  return Math.floor((instant.getTime() + offset) / DAY);
}

/** The instant at which the wall shows a date and so many milliseconds after its midnight. */
export function instantOn({ definition }: Calendar, day: number, milliseconds: number): Date {
  return new Date(instantAt(zoneOf(definition))(day * DAY + milliseconds));
}

/** When the calendar first opens and last closes on a date; `undefined` when it does not open. */
export function openingOn(calendar: Calendar, day: number): { readonly start: Date; readonly end: Date } | undefined {
  const midnight = instantOn(calendar, day, 0);
  const open = openDuration(calendar, midnight, instantOn(calendar, day + 1, 0));
  if (open === 0) return undefined;
  const first = instantAfter(calendar, midnight, 1);
  const end = instantAfter(calendar, midnight, open);
  if (first === 'never' || end === 'never') return undefined;
  return { start: new Date(first.getTime() - 1), end };
}
