/**
 * When a business is open: its week and shifts, less what closes it (holidays, closing events), and what opens it by name
 * (special days, opening events). All of it by the clock on the wall, but for events at instants of their own.
 */
import { DAYS } from './definition.ts';
import type { BusinessHours, CalendarEvents, Exception, Hours } from './definition.ts';
import { closingsOf } from './holidays.ts';
import { readEvents, readShift, yearlyCostOf } from './icalendar.ts';
import type { Series } from './series.ts';
import { instantsOf, stretches } from './zone.ts';
import type { Stretch } from './zone.ts';
import { tidy, united, without } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { weekdayOf } from './recurrence.ts';
import { DAY } from './units.ts';
import { parseDate, parseTime, spanOf } from './wall.ts';
import type { Span } from './wall.ts';

/** Open intervals between two instants, both whole minutes. */
export type OpenBetween = (from: number, to: number) => readonly Interval[];

export interface OpenHours {
  readonly openBetween: OpenBetween;
  /** What a year of it costs, in days that are looked at. */
  yearlyCost(): number;
}

/** Days before and behind that may reach in: zones are up to 14 hours off, and one skipped a day; an opening lasts two. */
const MARGIN = 3;

/** For a definition that was found to be sound. */
export function businessHours(definition: BusinessHours): OpenHours {
  const week = weekOf(definition.hours);
  const special = specialDays(definition.exceptions ?? []);
  const closedFrom = closingsOf(definition.holidays);
  const shifts = (definition.shifts ?? []).map((shift) => readShift(shift, definition.timeZone));
  const opening = seriesOf(definition, 'open');
  const closing = seriesOf(definition, 'closed');

  /** Wall time of each day. */
  function onEachDay([from, to]: Interval, spansOf: (day: number) => readonly Span[]): readonly Interval[] {
    const found: Interval[] = [];
    const last = Math.ceil(to / DAY) + MARGIN;
    for (let day = Math.floor(from / DAY) - MARGIN; day < last; day += 1) {
      for (const span of spansOf(day)) found.push([day * DAY + span.from, day * DAY + span.to]);
    }
    return tidy(found);
  }

  const usual = (day: number): readonly Span[] => (special.has(day) ? [] : (week[weekdayOf(day)] ?? []));
  const shut = (day: number): readonly Span[] => {
    const hours = special.get(day);
    if (hours !== undefined) return hours.length === 0 ? [{ from: 0, to: DAY }] : [];
    const from = closedFrom(day);
    return from < DAY ? [{ from, to: DAY }] : [];
  };

  const openBetween: OpenBetween = (from, to) => {
    const range: Interval = [from, to];
    const zoned = stretches(definition.timeZone, from, to);
    const wall = (spansOf: (day: number) => readonly Span[]) => instantsOf(onEachDay(range, spansOf), zoned);
    const working = united([wall(usual), happening(shifts, range, zoned)]);
    const closed = united([wall(shut), happening(closing, range, zoned)]);
    const byName = united([wall((day) => special.get(day) ?? []), happening(opening, range, zoned)]);
    return united([without(working, closed), byName]);
  };
  return { openBetween, yearlyCost: () => yearlyCostOf([...shifts, ...opening, ...closing]) };
}

function happening(all: readonly Series[], range: Interval, zoned: readonly Stretch[]): readonly Interval[] {
  return united(all.map((series) => series.between(range, zoned)));
}

function seriesOf({ events = [], timeZone }: BusinessHours, kind: CalendarEvents['kind']): readonly Series[] {
  return events
    .filter((each) => each.kind === kind)
    .flatMap(({ iCalendar }) => {
      const read = readEvents(iCalendar, timeZone);
      return read.ok ? read.series : [];
    });
}

/** What begins on each weekday, Monday first. */
function weekOf(hours: readonly Hours[]): readonly (readonly Span[])[] {
  return DAYS.map((name) =>
    hours.flatMap(({ days, from, to }) => (days.includes(name) ? (spanOf(parseTime(from), parseTime(to)) ?? []) : [])),
  );
}

/** Day -> what begins on it; nothing when it is closed. */
function specialDays(exceptions: readonly Exception[]): ReadonlyMap<number, readonly Span[]> {
  return new Map(
    exceptions.map(({ date, hours = [] }) => [
      parseDate(date) ?? 0,
      hours.flatMap(({ from, to }) => spanOf(parseTime(from), parseTime(to)) ?? []),
    ]),
  );
}
