/** Days by the clock on a calendar's wall: which one an instant is on, and when it is open on one. */
import { IANAZone } from 'luxon';
import { openIntervals } from './calendar.ts';
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

/**
 * When the calendar first opens and last closes on a business day; `undefined` when it does not open. What is open over
 * midnight belongs to the day on which it began, if it closes before noon; what goes on is cut at midnight.
 */
export function openingOn(calendar: Calendar, day: number): { readonly start: Date; readonly end: Date } | undefined {
  const at = (date: number, hour: number): number => instantOn(calendar, date, hour).getTime();
  const [midnight, noon, next, nextNoon] = [at(day, 0), at(day, DAY / 2), at(day + 1, 0), at(day + 1, DAY / 2)];
  const own = openIntervals(calendar, new Date(midnight - 1), new Date(nextNoon + 1)).filter(
    ([from, to]) => from < next && (from >= midnight || to > noon),
  );
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { start: new Date(Math.max(first[0], midnight)), end: new Date(last[1] <= nextNoon ? last[1] : next) };
}
