/**
 * Business time: how much of a span was open, and when so much was. A calendar's years become sorted lists of open
 * intervals with running totals; each answer is a search or two in them.
 */
import { businessHours } from './business-hours.ts';
import { DAYS } from './definition.ts';
import type { Absence, CalendarDefinition, Problem } from './definition.ts';
import { shared, tidy, united, without } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { lint, lintCost, lintInPlace } from './lint.ts';

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
  readonly years: Map<number, Year>;
  /** Open intervals of a year (UTC), computed anew. */
  openIn(year: number): readonly Interval[];
  /** What that costs, in days that are looked at. */
  yearlyCost(): number;
}

/** A compiled calendar, or everything that is wrong with its definition. */
export type Compiled =
  { readonly ok: true; readonly calendar: Calendar } | { readonly ok: false; readonly errors: readonly Problem[] };

const yearOf = (instant: number): number => new Date(instant).getUTCFullYear();
const startOf = (year: number): number => new Date(0).setUTCFullYear(year, 0, 1);

/**
 * Checks and compiles a definition.
 * @param kept what it takes the place of: what cost too much already, all its parts together, may change
 */
export function compileCalendar(definition: CalendarDefinition, kept?: CalendarDefinition): Compiled {
  const errors = lint(definition, kept);
  return errors.length > 0 ? { ok: false, errors } : { ok: true, calendar: compiled(definition) };
}

/**
 * Compiles a definition that was found to be sound when it was kept, by whatever release: what has come to be refused
 * since goes on as it was. What would take too long is told by `tooDear` beforehand.
 */
export function storedCalendar(definition: CalendarDefinition): Calendar {
  return compiled(definition);
}

/**
 * Why a definition whose parts are sound takes too long to look through, all of them together.
 * @param kept what it takes the place of: where that cost too much already, five times as much is too much
 */
export function tooDearTogether(definition: CalendarDefinition, kept?: CalendarDefinition): string | undefined {
  return lintInPlace(definition, kept)[0]?.reason;
}

/** Why a definition that was kept takes too long to look through; nothing when it does not. */
export function tooDear(definition: CalendarDefinition): readonly Problem[] {
  return lintCost(definition);
}

function compiled(definition: CalendarDefinition): Calendar {
  if ('union' in definition) return unionOf(definition.union.map(compiled));
  if ('intersection' in definition) return intersectionOf(definition.intersection.map(compiled));
  if ('calendar' in definition) return withoutAbsences(compiled(definition.calendar), definition.absences);
  const { openBetween, yearlyCost } = businessHours(definition);
  return { definition, years: new Map(), openIn: (year) => openBetween(startOf(year), startOf(year + 1)), yearlyCost };
}

const costOf = (calendars: readonly Calendar[]): number =>
  calendars.reduce((sum, calendar) => sum + calendar.yearlyCost(), 0);

/** Open when any of them is: "follow the sun". Of none: never. */
export function unionOf(calendars: readonly Calendar[]): Calendar {
  return {
    definition: { union: calendars.map(({ definition }) => definition) },
    years: new Map(),
    openIn: (year) => united(calendars.map((calendar) => intervalsOf(calendar, year))),
    yearlyCost: () => costOf(calendars),
  };
}

/** Open when each of them is. Of none: never. */
export function intersectionOf(calendars: readonly Calendar[]): Calendar {
  return {
    definition: { intersection: calendars.map(({ definition }) => definition) },
    years: new Map(),
    openIn: (year) => {
      const [first = [], ...others] = calendars.map((calendar) => intervalsOf(calendar, year));
      return others.reduce((all, each) => shared(all, each), first);
    },
    yearlyCost: () => costOf(calendars),
  };
}

/** Open when the calendar is, but not during the absences: an agent's own. */
export function withoutAbsences(calendar: Calendar, absences: readonly Absence[]): Calendar {
  const away = tidy(absences.map(({ from, to }): Interval => [Date.parse(from), Date.parse(to)]));
  return {
    definition: { calendar: calendar.definition, absences },
    years: new Map(),
    openIn: (year) => without(intervalsOf(calendar, year), away),
    yearlyCost: () => calendar.yearlyCost(),
  };
}

/** The open intervals between two instants, in order: `[from, to]` in milliseconds. */
export function openIntervals(calendar: Calendar, from: Date, to: Date): readonly Interval[] {
  const [start, end] = [from.getTime(), to.getTime()];
  const found: Interval[] = [];
  for (let year = yearOf(start); start < end && year <= yearOf(end); year += 1) {
    const { starts, ends } = yearIn(calendar, year);
    for (let n = Math.max(0, lastUpTo(starts, start)); n < starts.length && at(starts, n) < end; n += 1) {
      found.push([Math.max(at(starts, n), start), Math.max(start, Math.min(at(ends, n), end))]);
    }
  }
  return tidy(found);
}

function intervalsOf(calendar: Calendar, year: number): readonly Interval[] {
  const { starts, ends } = yearIn(calendar, year);
  return Array.from(starts, (start, index): Interval => [start, ends[index] ?? start]);
}

function buildYear(open: readonly Interval[]): Year {
  const openBefore = new Float64Array(open.length);
  let total = 0;
  open.forEach(([start, end], index) => {
    openBefore[index] = total;
    total += end - start;
  });
  return {
    starts: Float64Array.from(open, ([start]) => start),
    ends: Float64Array.from(open, ([, end]) => end),
    openBefore,
    total,
  };
}

function yearIn(calendar: Calendar, year: number): Year {
  const known = calendar.years.get(year);
  if (known !== undefined) return known;
  const built = buildYear(calendar.openIn(year));
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
/** Years that are looked at in any case. */
const FEWEST = 5;
/** Days that may be looked at for one answer: a few tenths of a second. */
const MOST_LOOKED = 500_000;

/** A calendar that repeats a great deal is looked at for fewer years. */
const horizonOf = (calendar: Calendar): number =>
  Math.max(FEWEST, Math.min(HORIZON, Math.floor(MOST_LOOKED / calendar.yearlyCost())));

/**
 * The earliest instant at which `open` milliseconds of open time have passed since `from`: at closing time rather than
 * at the next opening. `never` when a hundred years do not suffice, or, where much repeats, five.
 */
export function instantAfter(calendar: Calendar, from: Date, open: number): Date | 'never' {
  if (open <= 0) return from;
  const first = yearOf(from.getTime());
  let rest = open + openUntil(yearIn(calendar, first), from.getTime());
  let last = first + FEWEST;
  for (let year = first; year <= last; year += 1) {
    if (year === first + FEWEST) last = first + horizonOf(calendar);
    const known = yearIn(calendar, year);
    if (rest <= known.total) return new Date(instantIn(known, rest));
    rest -= known.total;
  }
  return 'never';
}

/** The calendar that never closes. */
export const always: Calendar = compiled({ timeZone: 'UTC', hours: [{ days: DAYS, from: '00:00', to: '24:00' }] });
