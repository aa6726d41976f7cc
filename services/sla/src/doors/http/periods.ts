/** Days, weeks and months of a time zone. */
import { DateTime } from 'luxon';

export const periods = ['day', 'week', 'month'] as const;
export type Period = (typeof periods)[number];

export interface PeriodRequest {
  readonly period: Period;
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

/**
 * The beginnings of whole periods that hold the span, the one before them, and the end of the last one. Weeks begin on
 * Monday. @returns undefined when they are more than `most`
 */
export function periodBounds({ period, from, to, timeZone }: PeriodRequest, most: number): string[] | undefined {
  const end = DateTime.fromISO(to, { zone: timeZone });
  const first = DateTime.fromISO(from, { zone: timeZone }).startOf(period);
  // Where the clocks skip midnight, that day alone begins later: the others are not so many hours off.
  const boundAt = (n: number): DateTime => first.plus({ [period]: n }).startOf(period);
  const bounds = [boundAt(-1)];
  for (let n = 0; n === 0 || (bounds.at(-1) ?? end) < end; n += 1) {
    if (n > most) return undefined;
    bounds.push(boundAt(n));
  }
  return bounds.map((bound) => bound.toUTC().toISO() ?? '');
}
