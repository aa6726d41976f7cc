/** When a zone's clocks show what: stretches of time with one offset. Time zone rules come from luxon, that is ICU. */
import { IANAZone } from 'luxon';
import { tidy } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { DAY, MINUTE } from './units.ts';

/** Whether it is a zone of the IANA database; offsets such as `+02:00` are none. */
export const isNamedZone = (timeZone: string): boolean => /^[A-Za-z]/.test(timeZone) && isZone(timeZone);

/** Whether its time can be told. */
export const isZone = (timeZone: string): boolean => IANAZone.isValidZone(timeZone);

/** Instants from `from` up to `to` (exclusive), during which the clock on the wall shows UTC plus `offset`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** The last minute before and the first one after the clocks change, between two instants with unlike offsets. */
function changeBetween(offsetAt: (instant: number) => number, before: number, after: number): number {
  const old = offsetAt(before);
  let low = before;
  let high = after;
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
    if (offsetAt(middle) === old) low = middle;
    else high = middle;
  }
  return high;
}

/** Years of zones that are remembered: calendars share few. */
const MOST = 2000;
const known = new Map<string, readonly Stretch[]>();

/**
 * The stretches between two instants, both whole minutes. Looks once a day: clocks have never changed twice within one.
 */
export function stretches(timeZone: string, from: number, to: number): readonly Stretch[] {
  const key = `${timeZone} ${String(from)} ${String(to)}`;
  const built = known.get(key);
  if (built !== undefined) return built;
  if (known.size >= MOST) known.clear();
  const found = findStretches(timeZone, from, to);
  known.set(key, found);
  return found;
}

/** Days of all zones whose offset is remembered. */
const MOST_DAYS = 500_000;
const offsets = new Map<string, Map<number, number>>();
let remembered = 0;

/** A zone's offset from UTC at an instant, ms. Asks once a day: clocks have never changed twice within one. */
function offsetIn(timeZone: string): (instant: number) => number {
  const zone = IANAZone.create(timeZone);
  const days = offsets.get(timeZone) ?? new Map<number, number>();
  offsets.set(timeZone, days);
  const atMidnight = (day: number): number => {
    const seen = days.get(day);
    if (seen !== undefined) return seen;
    if (remembered >= MOST_DAYS) {
      for (const each of offsets.values()) each.clear();
      remembered = 0;
    }
    const offset = zone.offset(day * DAY) * MINUTE;
    days.set(day, offset);
    remembered += 1;
    return offset;
  };
  return (instant) => {
    const day = Math.floor(instant / DAY);
    const offset = atMidnight(day);
    return offset === atMidnight(day + 1) ? offset : zone.offset(instant) * MINUTE;
  };
}

function findStretches(timeZone: string, from: number, to: number): readonly Stretch[] {
  const offsetAt = offsetIn(timeZone);
  const found: Stretch[] = [];
  let begin = from;
  let offset = offsetAt(from);
  for (let at = from; at < to; at += DAY) {
    const next = Math.min(at + DAY, to - MINUTE);
    const after = offsetAt(next);
    if (after === offset) continue;
    const change = changeBetween(offsetAt, at, next);
    found.push({ from: begin, to: change, offset });
    begin = change;
    offset = after;
  }
  found.push({ from: begin, to, offset });
  return found;
}

/**
 * Intervals by the clock on the wall as instants. Wall time is milliseconds as if the clock showed UTC; what the clock shows
 * twice counts twice, what it skips does not count.
 */
export function instantsOf(wall: readonly Interval[], zoned: readonly Stretch[]): readonly Interval[] {
  const found = zoned.flatMap(({ from, to, offset }) =>
    wall.flatMap(([start, end]): Interval[] =>
      start - offset < to && end - offset > from ? [[Math.max(start - offset, from), Math.min(end - offset, to)]] : [],
    ),
  );
  return tidy(found);
}

/**
 * The instant at which the clock on the wall shows a time. As RFC 5545 (3.3.5) has it: the first of two; of a time
 * that is skipped, as if the clock had not been put forward yet.
 */
export function instantAt(timeZone: string): (wall: number) => number {
  const offsetAt = offsetIn(timeZone);
  return (wall) => {
    const before = offsetAt(wall - 2 * DAY);
    if (offsetAt(wall - before) === before) return wall - before;
    const after = offsetAt(wall + 2 * DAY);
    return offsetAt(wall - after) === after ? wall - after : wall - before;
  };
}
