/** Instants as slots of the week, as the clock on the wall of a zone has them. All in ms. */
import { openIntervals, stretches } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import type { History } from './arrivals.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEK_MS = 7 * DAY_MS;
/** 5 January 1970 was a Monday. */
const MONDAY = 4 * DAY_MS;

export interface Grid {
  readonly timeZone: string;
  /** A part of an hour. */
  readonly intervalMs: number;
  /** Absent: always open. */
  readonly calendar?: Calendar | undefined;
}

export interface Slot {
  readonly at: number;
  /** What the clock on the wall shows, as if that were UTC. */
  readonly wall: number;
  readonly isOpen: boolean;
}

/** The intervals from the one that holds `from` up to `to`. Where clocks change, an hour of the wall is there twice, or not. */
export function slotsBetween({ timeZone, intervalMs, calendar }: Grid, from: number, to: number): Slot[] {
  const minute = (at: number, round: (value: number) => number): number => round(at / MINUTE_MS) * MINUTE_MS;
  const offsets = stretches(timeZone, minute(from - DAY_MS, Math.floor), minute(to + DAY_MS, Math.ceil));
  const open = calendar && openIntervals(calendar, new Date(from - intervalMs), new Date(to + intervalMs));
  const slots: Slot[] = [];
  let [zone, shift] = [0, 0];
  const offsetAt = (at: number): number => {
    while (zone < offsets.length - 1 && at >= (offsets[zone]?.to ?? Infinity)) zone += 1;
    return offsets[zone]?.offset ?? 0;
  };
  const first = offsetAt(from);
  const begin = Math.floor((from + first) / intervalMs) * intervalMs - first;
  for (let at = begin; at < to; at += intervalMs) {
    while (open !== undefined && shift < open.length && (open[shift]?.[1] ?? 0) <= at) shift += 1;
    const isOpen = open === undefined || (open[shift]?.[0] ?? Infinity) < at + intervalMs;
    slots.push({ at, wall: at + offsetAt(at), isOpen });
  }
  return slots;
}

/** Where the weeks that are over end: midnight today. */
export function midnightBefore({ timeZone, intervalMs }: Grid, now: number): number {
  const slots = slotsBetween({ timeZone, intervalMs }, now - DAY_MS, now + 1);
  const today = Math.floor((slots.at(-1)?.wall ?? 0) / DAY_MS);
  return slots.find(({ wall }) => Math.floor(wall / DAY_MS) === today)?.at ?? now;
}

export const slotOfWeek = (wall: number, intervalMs: number): number =>
  Math.floor(((((wall - MONDAY) % WEEK_MS) + WEEK_MS) % WEEK_MS) / intervalMs);

/** How many weeks after the end of what is known: 1 for the first seven days. */
export const weeksAhead = (at: number, end: number): number => Math.max(1, Math.floor((at - end) / WEEK_MS) + 1);

/** @param slots those of whole weeks up to `end` @param arrivals interval -> how many came */
export function historyOf(
  { intervalMs }: Grid,
  slots: readonly Slot[],
  { arrivals, end }: { readonly arrivals: ReadonlyMap<number, number>; readonly end: number },
): History {
  const perWeek = WEEK_MS / intervalMs;
  const count = Math.ceil((end - (slots[0]?.at ?? end) - MINUTE_MS) / WEEK_MS);
  const weeks = Array.from({ length: Math.max(0, count) }, () => ({
    counts: new Array<number>(perWeek).fill(0),
    open: new Array<boolean>(perWeek).fill(true),
  }));
  for (const { at, wall, isOpen } of slots) {
    // An hour that clocks put at the edge of a week belongs to the next whole one.
    const week = weeks[Math.max(0, weeks.length - 1 - Math.floor((end - 1 - at) / WEEK_MS))];
    const slot = slotOfWeek(wall, intervalMs);
    if (week === undefined) continue;
    week.counts[slot] = (week.counts[slot] ?? 0) + (arrivals.get(at) ?? 0);
    week.open[slot] = isOpen;
  }
  // Weeks before the first arrival were before there was anything.
  const first = weeks.findIndex(({ counts }) => counts.some((came) => came > 0));
  const lived = first === -1 ? [] : weeks.slice(first);
  // The one in which it began is not whole.
  return { slotsPerDay: DAY_MS / intervalMs, weeks: first > 0 && lived.length > 2 ? lived.slice(1) : lived };
}
