/** ISO 8601 durations of fixed length, as configuration states them: `PT30M`, `P1D`, `P1DT12H`. */

import { DAY, HOUR, MINUTE, SECOND, WEEK } from './units.ts';

const FORM = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d{1,3})?)S)?)?$/;

/**
 * Milliseconds of a duration (`P1D` is 24 h of open time, however long the calendar's day is); `undefined` when the text is none. Years and months are refused: they have no fixed
 * length.
 */
export function parseDuration(text: string): number | undefined {
  const match = text.length > 40 ? null : FORM.exec(text);
  const parts: readonly (string | undefined)[] = match?.slice(1) ?? [];
  if (!parts.some((part) => part)) return undefined;
  const [weeks, days, hours, minutes, seconds] = parts.map((part) => Number((part ?? '0').replace(',', '.')));
  const total =
    (weeks ?? 0) * WEEK +
    (days ?? 0) * DAY +
    (hours ?? 0) * HOUR +
    (minutes ?? 0) * MINUTE +
    Math.round((seconds ?? 0) * SECOND);
  return Number.isSafeInteger(total) ? total : undefined;
}

/** The shortest way to write a number of milliseconds (0 or more) in days, hours, minutes and seconds. */
export function formatDuration(milliseconds: number): string {
  const part = (unit: number, of: number, letter: string): string => {
    const count = Math.floor((milliseconds % of) / unit);
    return count === 0 ? '' : String(count) + letter;
  };
  const days = part(DAY, Infinity, 'D');
  const rest = (milliseconds % MINUTE) / SECOND;
  const time = part(HOUR, DAY, 'H') + part(MINUTE, HOUR, 'M') + (rest === 0 ? '' : `${String(rest)}S`);
  if (days === '' && time === '') return 'PT0S';
  return `P${days}${time === '' ? '' : `T${time}`}`;
}
