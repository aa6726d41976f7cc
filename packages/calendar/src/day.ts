/** Days of a place as instants. */
import { DateTime } from 'luxon';

/**
 * The first instant of a day in a time zone, where the clocks skip midnight too.
 * @param date `YYYY-MM-DD`
 * @param later so many days after it
 * @returns `undefined` when there is no such day, or no such zone
 */
export function dayStart(date: string, timeZone: string, later = 0): Date | undefined {
  const day = DateTime.fromISO(date, { zone: timeZone });
  return day.isValid ? day.plus({ days: later }).startOf('day').toJSDate() : undefined;
}
