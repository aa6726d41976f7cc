/**
 * Business time. A moment is open when the clock on the wall of the place says so, and it is no holiday there: on the
 * night the clocks go back, an hour that is shown twice counts twice; an hour that is skipped does not count.
 */
import { checkDefinition, parseDate } from './definition.ts';
import type { CalendarDefinition, Holidays, Problem, Span } from './definition.ts';
import { publicHolidays } from './holidays.ts';
import { DAY } from './units.ts';
import { stretches } from './zone.ts';
import type { Stretch } from './zone.ts';

/** One year (UTC) of open time: intervals in order, and how much was open before each of them. */
interface Year {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly openBefore: Float64Array;
  readonly total: number;
}

/** A compiled calendar. It keeps the years it was asked about. */
export interface Calendar {
  readonly definition: CalendarDefinition;
  readonly week: readonly (readonly Span[])[];
  readonly years: Map<number, Year>;
  /** Milliseconds after midnight from which a day (since 1970-01-01) is closed. */
  closedFrom(day: number): number;
}

/** A compiled calendar, or everything that is wrong with its definition. */
export type Compiled =
  { readonly ok: true; readonly calendar: Calendar } | { readonly ok: false; readonly errors: readonly Problem[] };

const yearOf = (instant: number): number => new Date(instant).getUTCFullYear();
const startOf = (year: number): number => new Date(0).setUTCFullYear(year, 0, 1);

function closingOf(holidays: Holidays | undefined): (day: number) => number {
  if (holidays === undefined) return () => DAY;
  if (!('country' in holidays)) {
    const closed = new Set(holidays.map(({ date }) => parseDate(date)));
    return (day) => (closed.has(day) ? 0 : DAY);
  }
  const known = new Set<number>();
  const closed = new Map<number, number>();
  const learn = (year: number): void => {
    if (known.has(year)) return;
    known.add(year);
    for (const { day, from } of publicHolidays(holidays.country, holidays.region, year)) {
      closed.set(day, Math.min(from, closed.get(day) ?? DAY));
    }
  };
  return (day) => {
    const year = yearOf(day * DAY);
    // A holiday of several days may have begun last year.
    learn(year - 1);
    learn(year);
    return closed.get(day) ?? DAY;
  };
}

/** 1970-01-01 was a Thursday; Monday is 0. */
const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** Open intervals within a stretch of one offset, where wall time is simple arithmetic. */
function openWithin(calendar: Calendar, { from, to, offset }: Stretch): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  const lastDay = Math.floor((to + offset - 1) / DAY);
  for (let day = Math.floor((from + offset) / DAY); day <= lastDay; day += 1) {
    const closing = calendar.closedFrom(day);
    for (const span of calendar.week[weekdayOf(day)] ?? []) {
      const start = Math.max(day * DAY + span.from - offset, from);
      const end = Math.min(day * DAY + Math.min(span.to, closing) - offset, to);
      if (start < end) found.push([start, end]);
    }
  }
  return found;
}

function buildYear(calendar: Calendar, year: number): Year {
  const open = stretches(calendar.definition.timeZone, startOf(year), startOf(year + 1)).flatMap((stretch) =>
    openWithin(calendar, stretch),
  );
  const starts: number[] = [];
  const ends: number[] = [];
  const openBefore: number[] = [];
  let total = 0;
  for (const [start, end] of open) {
    if (ends.at(-1) === start) ends[ends.length - 1] = end;
    else {
      starts.push(start);
      ends.push(end);
      openBefore.push(total);
    }
    total += end - start;
  }
  return {
    starts: Float64Array.from(starts),
    ends: Float64Array.from(ends),
    openBefore: Float64Array.from(openBefore),
    total,
  };
}

function yearIn(calendar: Calendar, year: number): Year {
  const known = calendar.years.get(year);
  if (known !== undefined) return known;
  const built = buildYear(calendar, year);
  calendar.years.set(year, built);
  return built;
}

/** Index of the last value that is not above the limit; -1 when all are. */
function lastUpTo(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const at = (values: Float64Array, index: number): number => values[index] ?? 0;

/** Open milliseconds of the year before an instant. */
function openUntil(year: Year, instant: number): number {
  const index = lastUpTo(year.starts, instant);
  if (index < 0) return 0;
  return at(year.openBefore, index) + Math.min(instant, at(year.ends, index)) - at(year.starts, index);
}

/** The earliest instant of the year at which `open` milliseconds of it are over; 0 < open <= total. */
function instantIn(year: Year, open: number): number {
  const after = lastUpTo(year.openBefore, open);
  // An interval that begins just then has nothing to add: the time was over at the end of the one before.
  const index = at(year.openBefore, after) === open ? after - 1 : after;
  return at(year.starts, index) + open - at(year.openBefore, index);
}

/** Checks and compiles a definition. */
export function compileCalendar(definition: CalendarDefinition): Compiled {
  const { week, problems } = checkDefinition(definition);
  if (problems.length > 0) return { ok: false, errors: problems };
  const closedFrom = closingOf(definition.holidays);
  return { ok: true, calendar: { definition, week, years: new Map(), closedFrom } };
}

/** Open milliseconds from one instant to another; 0 when the second is not later. */
export function openDuration(calendar: Calendar, from: Date, to: Date): number {
  const start = from.getTime();
  const end = to.getTime();
  if (end <= start) return 0;
  const last = yearOf(end);
  let year = yearOf(start);
  let open = -openUntil(yearIn(calendar, year), start);
  for (; year < last; year += 1) open += yearIn(calendar, year).total;
  return open + openUntil(yearIn(calendar, last), end);
}

/** Longest look ahead, in years: what is not over by then is never over. */
const HORIZON = 100;

/**
 * The earliest instant at which `open` milliseconds of open time have passed since `from`: at closing time rather than
 * at the next opening. `never` when a hundred years do not suffice.
 */
export function instantAfter(calendar: Calendar, from: Date, open: number): Date | 'never' {
  if (open <= 0) return from;
  const first = yearOf(from.getTime());
  let rest = open + openUntil(yearIn(calendar, first), from.getTime());
  for (let year = first; year <= first + HORIZON; year += 1) {
    const known = yearIn(calendar, year);
    if (rest <= known.total) return new Date(instantIn(known, rest));
    rest -= known.total;
  }
  return 'never';
}

/** The calendar that never closes. */
export const always: Calendar = {
  definition: {
    timeZone: 'UTC',
    hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' }],
  },
  week: Array.from({ length: 7 }, () => [{ from: 0, to: DAY }]),
  years: new Map(),
  closedFrom: () => DAY,
};
