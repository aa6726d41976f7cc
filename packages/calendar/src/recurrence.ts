/**
 * Recurrence rules (RFC 5545, 3.3.10) by the clock on the wall, written as milliseconds as if it showed UTC. Any stretch
 * is expanded on its own: a rule without an end costs no more than what is asked of it.
 */
import { DAY, HOUR, MINUTE, SECOND } from './units.ts';

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

/** `Date.UTC` takes the years up to 99 for those of the last century. */
const dayOf = (year: number, month: number): number =>
  (year < 100 ? new Date(0).setUTCFullYear(year, month, 1) : Date.UTC(year, month, 1)) / DAY;
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

/** Nobody asks for later times: what was not counted out by then goes on. */
const LATEST = Date.UTC(2300, 0, 1);

/**
 * The last beginning of a rule that counts: with it as its `until`, the rule need not be counted again.
 * @param most days that may be looked at for it; when those are not enough, the answer is `undefined`
 */
export function lastOf(
  rule: Rule,
  start: number,
  most = Infinity,
): { readonly last: number; readonly looked: number } | undefined {
  const full = withDefaults(rule, start);
  const times = timesOf(full);
  let last = start;
  let [count, looked] = [1, 0];
  for (let index = 0; count < (rule.count ?? Infinity); index += 1) {
    const [first, end] = periodOf(full, start, index);
    if (first * DAY >= Math.min(LATEST, (rule.until ?? Infinity) + 1)) return { last: Infinity, looked };
    looked += end - first;
    if (looked > most) return undefined;
    for (const moment of within(full, [first, end], times)) {
      if (moment <= start || count >= (rule.count ?? Infinity)) continue;
      count += 1;
      last = moment;
    }
  }
  return { last, looked };
}

/** Of each frequency: periods in a year, and days in a period. */
const PERIODS = { DAILY: [366, 1], WEEKLY: [53, 7], MONTHLY: [12, 31], YEARLY: [1, 366] } as const;
/** Periods that are looked at before and behind a year. */
const AROUND = 3;
/** A beginning costs as much as looking at so many days. */
const BEGINNING = 4;

/** What a year of a rule costs at most, in days that are looked at; one is about 0.2 µs. */
export function yearlyCost(rule: Rule, start: number): number {
  const full = withDefaults(rule, start);
  const { freq, interval, months, weekNumbers, yearDays, monthDays, weekdays } = full;
  const [aYear, days] = PERIODS[freq];
  const periods = Math.ceil(aYear / interval) + AROUND;
  const inMonths = freq === 'YEARLY' ? months.length || 12 : 1;
  const candidates =
    weekdays.length > 0
      ? weekdays.reduce((sum, { ordinal }) => sum + (ordinal === 0 ? Math.ceil(days / 7) : inMonths), 0)
      : monthDays.length > 0
        ? monthDays.length * inMonths
        : yearDays.length > 0
          ? yearDays.length
          : freq === 'DAILY'
            ? 1
            : weekNumbers.length * 7 || days;
  const looks = freq === 'YEARLY' ? 12 + Math.min(days, 31 * inMonths) : days;
  return periods * (looks + BEGINNING * Math.min(days, candidates) * timesOf(full).length);
}

/** What the rule leaves open is as the start has it. */
function withDefaults(rule: Rule, start: number): Rule {
  const day = Math.floor(start / DAY);
  const time = start - day * DAY;
  const { freq, months, weekNumbers, yearDays, monthDays, weekdays } = rule;
  const or = (given: readonly number[], otherwise: number): readonly number[] =>
    given.length > 0 ? given : [otherwise];
  const sameWeekday = [{ ordinal: 0, weekday: weekdayOf(day) }];
  const times = {
    hours: or(rule.hours, Math.floor(time / HOUR)),
    minutes: or(rule.minutes, Math.floor((time % HOUR) / MINUTE)),
    seconds: or(rule.seconds, Math.floor((time % MINUTE) / SECOND)),
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

/** The number of the period, or of the one before it, in which a time is. */
function periodAt({ freq, interval, weekStart }: Rule, start: number, at: number): number {
  const [day, then] = [Math.floor(start / DAY), Math.floor(at / DAY)];
  const years = yearOf(then) - yearOf(day);
  const steps = {
    DAILY: then - day,
    WEEKLY: (startOfWeek(then, weekStart) - startOfWeek(day, weekStart)) / 7,
    MONTHLY: 12 * years + monthOf(then) - monthOf(day),
    YEARLY: years,
  }[freq];
  return Math.floor(steps / interval);
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
    else if (rule.months.length > 0) day = beforeNextNamed(rule.months, day);
  }
  const { positions } = rule;
  if (positions.length === 0) return moments;
  return moments.filter((_, index) => positions.includes(index + 1) || positions.includes(index - moments.length));
}

/** Months that are not named are passed at once: the last day before the next one that may be. */
function beforeNextNamed(months: readonly number[], day: number): number {
  return months.includes(monthOf(day) + 1) ? day : dayOf(yearOf(day), monthOf(day) + 1) - 1;
}

/** Whether the day is one of those that the rule names. */
function holds(rule: Rule, day: number): boolean {
  if (rule.weekdays.length > 0 && !rule.weekdays.some(({ weekday }) => weekday === weekdayOf(day))) return false;
  const date = new Date(day * DAY);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  if (!named(rule.months, month + 1)) return false;
  const dayOfMonth = date.getUTCDate();
  const monthLength = (): number => dayOf(year, month + 1) - dayOf(year, month);
  if (!named(rule.monthDays, dayOfMonth, monthLength)) return false;
  if (rule.yearDays.length + rule.weekdays.length + rule.weekNumbers.length === 0) return true;
  const dayOfYear = day - dayOf(year, 0) + 1;
  const yearLength = (): number => dayOf(year + 1, 0) - dayOf(year, 0);
  if (!named(rule.yearDays, dayOfYear, yearLength)) return false;
  const inMonth = rule.freq === 'MONTHLY' || rule.months.length > 0;
  const place = inMonth ? ([dayOfMonth, monthLength()] as const) : ([dayOfYear, yearLength()] as const);
  if (rule.weekdays.length > 0 && !rule.weekdays.some((one) => isWeekday(one, day, place))) return false;
  if (rule.weekNumbers.length === 0) return true;
  const [week, weeks] = weekNumberOf(day, rule.weekStart);
  return named(rule.weekNumbers, week, () => weeks);
}

/** Whether a number, or the same one counted from the end, is named. */
function named(numbers: readonly number[], number: number, most?: () => number): boolean {
  if (numbers.length === 0 || numbers.includes(number)) return true;
  return most !== undefined && numbers.some((each) => each < 0) && numbers.includes(number - most() - 1);
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
