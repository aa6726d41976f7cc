/** When things come in: the log's own times, squeezed until the staff is as busy as wanted, or made with peaks. */
import type { Arrival } from '@switchboard/routing/simulation';
import type { Item } from './world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OPENS = 8;
const CLOSES = 18;

/** Items that came in on working days in office hours, by the time that was open until then: nobody works at night. */
export function inOpenTime(items: readonly Item[]): { readonly item: Item; readonly at: number }[] {
  return items.flatMap((item) => {
    const day = Math.floor(item.at / DAY_MS);
    // 1 January 1970 was a Thursday.
    const weekday = (day + 3) % 7;
    const hour = (item.at % DAY_MS) / HOUR_MS;
    if (weekday > 4 || hour < OPENS || hour >= CLOSES) return [];
    const days = Math.floor((day + 3) / 7) * 5 + weekday;
    return [{ item, at: (days * (CLOSES - OPENS) + hour - OPENS) * HOUR_MS }];
  });
}

/** Promised time until a case is finished, by priority, in mean handling times. */
const PROMISES: Readonly<Record<number, number>> = { 1: 2, 2: 3, 3: 4, 4: 8, 5: 8 };

const BEGIN = Date.UTC(2026, 0, 5, 8);

export interface Timed {
  readonly item: Item;
  /** ms from the beginning. */
  readonly at: number;
}

/** The times multiplied by `factor`. */
export function squeezed(timed: readonly Timed[], factor: number, meanHandlingMs: number): Arrival[] {
  const first = timed[0]?.at ?? 0;
  return timed.map(({ item: { at: _, ...item }, at }) => {
    const enqueuedAt = BEGIN + Math.round((at - first) * factor);
    const promisedBy = enqueuedAt + Math.round((PROMISES[item.priority] ?? 4) * meanHandlingMs);
    return { ...item, enqueuedAt, promisedBy, dueAt: promisedBy };
  });
}

/** How often peaks come, how long they last, and how much more comes in then. */
const CYCLE_MS = 4 * HOUR_MS;
const PEAK_SHARE = 0.2;
const PEAK_RATE = 2;

/** The same items by chance (Poisson), but in a fifth of the time at twice the rate, and fewer in between. */
export function withPeaks(items: readonly Item[], random: () => number): Timed[] {
  const usual = (1 - PEAK_SHARE * PEAK_RATE) / (1 - PEAK_SHARE);
  let at = 0;
  return items.map((item) => {
    const isPeak = (at % CYCLE_MS) / CYCLE_MS < PEAK_SHARE;
    at += (-Math.log(1 - random()) * MEAN_GAP_MS) / (isPeak ? PEAK_RATE : usual);
    return { item, at };
  });
}

/** Between two items, before they are squeezed. */
const MEAN_GAP_MS = 60_000;
