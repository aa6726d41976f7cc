/** Public holidays of countries; the only file that knows the library. */
import PublicHolidays from 'date-holidays';
import type { Holidays, PublicHolidays as OfCountry } from './definition.ts';
import { DAY, HOUR } from './units.ts';
import { parseDate } from './wall.ts';

const directory = new PublicHolidays();

/** Whether holidays of the country (ISO 3166-1) are known. */
export function knowsCountry(country: string): boolean {
  return Object.hasOwn(directory.getCountries(), country);
}

/** Whether the country has holidays of its own in the region (the part of ISO 3166-2 after the hyphen). */
export function knowsRegion(country: string, region: string): boolean {
  const regions = directory.getStates(country) as Record<string, string> | undefined;
  return regions !== undefined && Object.hasOwn(regions, region);
}

/** A day off, or the rest of one: closed from `from` milliseconds after midnight. */
interface DayOff {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly from: number;
}

/** Public holidays that begin in a year. A holiday of several days is several days off. */
function publicHolidays(calendar: PublicHolidays, year: number): readonly DayOff[] {
  return calendar.getHolidays(year).flatMap(({ date, start, end }) => {
    // `date` is the wall clock of the place; `start` and `end` are only good for their distance (an hour off where
    // the clocks change).
    const from = Date.parse(`${date.slice(0, 10)}T${date.slice(11, 19)}Z`);
    const hours = (end.getTime() - start.getTime()) / HOUR;
    const day = Math.floor(from / DAY);
    if (hours < 23) return [{ day, from: from - day * DAY }];
    return Array.from({ length: Math.floor((hours + 2) / 24) }, (_, index) => ({ day: day + index, from: 0 }));
  });
}

/** Milliseconds after midnight from which a day (since 1970-01-01) is closed; 24 h when it is none. */
export function closingsOf(holidays: Holidays | undefined): (day: number) => number {
  if (holidays === undefined) return () => DAY;
  const sources = 'country' in holidays ? [holidays] : holidays;
  const days = new Set(sources.flatMap((each) => ('date' in each ? (parseDate(each.date) ?? []) : [])));
  const countries = sources.flatMap((each) => ('country' in each ? [daysOff(each)] : []));
  return (day) => (days.has(day) ? 0 : Math.min(DAY, ...countries.map((closedFrom) => closedFrom(day))));
}

/** There are few countries and regions, and many calendars of each. */
const everywhere = new Map<string, (day: number) => number>();

function daysOff({ country, region }: OfCountry): (day: number) => number {
  const place = `${country}-${region ?? ''}`;
  const known = everywhere.get(place) ?? findDaysOff(country, region);
  everywhere.set(place, known);
  return known;
}

function findDaysOff(country: string, region: string | undefined): (day: number) => number {
  const calendar =
    region === undefined
      ? new PublicHolidays(country, { types: ['public'] })
      : new PublicHolidays(country, region, { types: ['public'] });
  const known = new Set<number>();
  const closed = new Map<number, number>();
  const learn = (year: number): void => {
    if (known.has(year)) return;
    known.add(year);
    for (const { day, from } of publicHolidays(calendar, year)) {
      closed.set(day, Math.min(from, closed.get(day) ?? DAY));
    }
  };
  return (day) => {
    const year = new Date(day * DAY).getUTCFullYear();
    learn(year);
    // A holiday of several days may have begun last year.
    if (day * DAY < Date.UTC(year, 1)) learn(year - 1);
    return closed.get(day) ?? DAY;
  };
}
