/** Public holidays of countries; the only file that knows the library. */
import PublicHolidays from 'date-holidays';
import { DAY, HOUR } from './units.ts';

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
export interface DayOff {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly from: number;
}

/** Public holidays that begin in a year. A holiday of several days is several days off. */
export function publicHolidays(country: string, region: string | undefined, year: number): readonly DayOff[] {
  const calendar =
    region === undefined
      ? new PublicHolidays(country, { types: ['public'] })
      : new PublicHolidays(country, region, { types: ['public'] });
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
