/**
 * Recurrence rules (RFC 5545, 3.3.10) by the clock on the wall, written as milliseconds as if it showed UTC. Any stretch
 * is expanded on its own: a rule without an end costs no more than what is asked of it.
 */
import { DAY, HOUR, MINUTE, SECOND, WEEK } from './units.ts';

export interface WeekdayNumber {
  /** The how manieth of the month or year, from its end when negative; 0 for every one. */
  readonly ordinal: number;
  /** Monday is 0. */
  readonly weekday: number;
}

/** Days and times to which a rule is confined; empty where it says nothing. */
export interface Rule {
  readonly freq: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
  readonly interval: number;
  readonly count?: number | undefined;
  /** The last moment, by the clock on the wall, at which something may begin. */
  readonly until?: number | undefined;
  /** From 1. */
  readonly months: readonly number[];
  readonly weekNumbers: readonly number[];
  readonly yearDays: readonly number[];
  readonly monthDays: readonly number[];
  readonly weekdays: readonly WeekdayNumber[];
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
  readonly positions: readonly number[];
  /** The first day of the week, Monday is 0. */
  readonly weekStart: number;
}

/** 1970-01-01 was a Thursday; Monday is 0. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

const dayOf = (year: number, month: number): number => Date.UTC(year, month, 1) / DAY;
const yearOf = (day: number): number => new Date(day * DAY).getUTCFullYear();
const monthOf = (day: number): number => new Date(day * DAY).getUTCMonth();

/** Beginnings between two times, in order; the start itself is one of them. */
export function occurrences(rule: Rule, start: number, { from, to }: { from: number; to: number }): readonly number[] {
  const full = withDefaults(rule, start);
  const last = Math.min(to, (rule.until ?? Infinity) + 1);
  const times = timesOf(full);
  const found: number[] = from <= start && start < last ? [start] : [];
  // Whoever counts has to begin at the beginning.
  let index = rule.count === undefined ? Math.max(0, periodAt(full, start, from) - 1) : 0;
  for (let count = 1; ; index += 1) {
    const [first, end] = periodOf(full, start, index);
    if (first * DAY >= last) return found;
    for (const moment of within(full, [first, end], times)) {
      if (moment <= start) continue;
      if (moment >= last || count >= (rule.count ?? Infinity)) return found;
      count += 1;
      if (moment >= from) found.push(moment);
    }
  }
}

/** What the rule leaves open is as the start has it. */
function withDefaults(rule: Rule, start: number): Rule {
  const day = Math.floor(start / DAY);
  const { freq, months, weekNumbers, yearDays, monthDays, weekdays } = rule;
  const or = (given: readonly number[], otherwise: number): readonly number[] =>
    given.length > 0 ? given : [otherwise];
  const sameWeekday = [{ ordinal: 0, weekday: weekdayOf(day) }];
  const times = {
    hours: or(rule.hours, Math.floor((start % DAY) / HOUR)),
    minutes: or(rule.minutes, Math.floor((start % HOUR) / MINUTE)),
    seconds: or(rule.seconds, Math.floor((start % MINUTE) / SECOND)),
  };
  if (freq === 'DAILY' || weekdays.length > 0) return { ...rule, ...times };
  if (freq === 'WEEKLY' || weekNumbers.length > 0) return { ...rule, ...times, weekdays: sameWeekday };
  if (monthDays.length > 0 || yearDays.length > 0) return { ...rule, ...times };
  const dayOfMonth = [new Date(start).getUTCDate()];
  if (freq === 'MONTHLY') return { ...rule, ...times, monthDays: dayOfMonth };
  return { ...rule, ...times, months: or(months, monthOf(day) + 1), monthDays: dayOfMonth };
}

type Days = readonly [from: number, to: number];

/** Days of the rule's n-th period since the start. */
function periodOf({ freq, interval, weekStart }: Rule, start: number, index: number): Days {
  const day = Math.floor(start / DAY);
  const step = index * interval;
  switch (freq) {
    case 'DAILY':
      return [day + step, day + step + 1];
    case 'WEEKLY': {
      const first = startOfWeek(day, weekStart) + 7 * step;
      return [first, first + 7];
    }
    case 'MONTHLY':
      return [dayOf(yearOf(day), monthOf(day) + step), dayOf(yearOf(day), monthOf(day) + step + 1)];
    case 'YEARLY':
      return [dayOf(yearOf(day) + step, 0), dayOf(yearOf(day) + step + 1, 0)];
  }
}

/** The number of a period that begins about then, rather before. */
function periodAt({ freq, interval }: Rule, start: number, at: number): number {
  const length = { DAILY: DAY, WEEKLY: WEEK, MONTHLY: 31 * DAY, YEARLY: 366 * DAY }[freq];
  return Math.floor((at - start) / (length * interval)) - 1;
}

const startOfWeek = (day: number, weekStart: number): number => day - ((weekdayOf(day) - weekStart + 7) % 7);

function timesOf({ hours, minutes, seconds }: Rule): readonly number[] {
  return hours
    .flatMap((hour) =>
      minutes.flatMap((minute) => seconds.map((second) => hour * HOUR + minute * MINUTE + second * SECOND)),
    )
    .sort((a, b) => a - b);
}

/** Moments of a period, in order. */
function within(rule: Rule, [from, to]: Days, times: readonly number[]): readonly number[] {
  const moments: number[] = [];
  for (let day = from; day < to; day += 1) {
    if (holds(rule, day)) for (const time of times) moments.push(day * DAY + time);
  }
  const { positions } = rule;
  if (positions.length === 0) return moments;
  return moments.filter((_, index) => positions.includes(index + 1) || positions.includes(index - moments.length));
}

/** Whether the day is one of those that the rule names. */
function holds(rule: Rule, day: number): boolean {
  const date = new Date(day * DAY);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  if (!named(rule.months, month + 1)) return false;
  const dayOfMonth = date.getUTCDate();
  const monthLength = dayOf(year, month + 1) - dayOf(year, month);
  if (!named(rule.monthDays, dayOfMonth, monthLength)) return false;
  const dayOfYear = day - dayOf(year, 0) + 1;
  const yearLength = dayOf(year + 1, 0) - dayOf(year, 0);
  if (!named(rule.yearDays, dayOfYear, yearLength)) return false;
  const inMonth = rule.freq === 'MONTHLY' || rule.months.length > 0;
  const place = inMonth ? ([dayOfMonth, monthLength] as const) : ([dayOfYear, yearLength] as const);
  if (rule.weekdays.length > 0 && !rule.weekdays.some((one) => isWeekday(one, day, place))) return false;
  return rule.weekNumbers.length === 0 || named(rule.weekNumbers, ...weekNumberOf(day, rule.weekStart));
}

/** Whether a number, or the same one counted from the end, is named. */
function named(numbers: readonly number[], number: number, most = Infinity): boolean {
  return numbers.length === 0 || numbers.includes(number) || numbers.includes(number - most - 1);
}

function isWeekday({ ordinal, weekday }: WeekdayNumber, day: number, [at, of]: readonly [number, number]): boolean {
  if (weekdayOf(day) !== weekday) return false;
  if (ordinal === 0) return true;
  return ordinal > 0 ? Math.ceil(at / 7) === ordinal : Math.ceil((of - at + 1) / 7) === -ordinal;
}

/** The number of a day's week, and how many weeks that year has: the first one has four days of it at least. */
function weekNumberOf(day: number, weekStart: number): readonly [number, number] {
  const monday = startOfWeek(day, weekStart);
  const year = yearOf(monday + 3);
  const first = startOfWeek(dayOf(year, 0) + 3, weekStart);
  const next = startOfWeek(dayOf(year + 1, 0) + 3, weekStart);
  return [(monday - first) / 7 + 1, (next - first) / 7];
}
