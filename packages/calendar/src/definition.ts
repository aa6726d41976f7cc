/** A calendar's definition as configuration has it, and its check. */
import { IANAZone } from 'luxon';
import { knowsCountry, knowsRegion } from './holidays.ts';
import { DAY, MINUTE } from './units.ts';

/** Days of the week, as definitions name them. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** A day of the week. */
export type Day = (typeof DAYS)[number];

/** Open hours by the clock on the wall, the same on each of the days. */
export interface Hours {
  readonly days: readonly Day[];
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM` up to `24:00`; before `from` it is the next day's. */
  readonly to: string;
}

/** Days given one by one, or the public holidays of a country (ISO 3166-1) or one of its regions (ISO 3166-2). */
export type Holidays =
  | readonly { readonly date: string; readonly name?: string | undefined }[]
  | { readonly country: string; readonly region?: string | undefined };

/** When a business is open. */
export interface CalendarDefinition {
  /** IANA name, such as `Europe/Vienna`. */
  readonly timeZone: string;
  readonly hours: readonly Hours[];
  /** Closed from midnight to midnight. */
  readonly holidays?: Holidays | undefined;
}

/** What is wrong with a definition, and where: `hours.0.from`. */
export interface Problem {
  readonly field: string;
  readonly reason: string;
}

/** A part of a day, in milliseconds after midnight by the clock on the wall; `to` is exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Milliseconds after midnight, of `HH:MM` up to `24:00`. */
export function parseTime(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$|^24:00$/.exec(text);
  if (match === null) return undefined;
  return match[1] === undefined ? DAY : (Number(match[1]) * 60 + Number(match[2])) * MINUTE;
}

/** Days since 1970-01-01 of `YYYY-MM-DD`, when there is such a day. */
export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? undefined : time / DAY;
}

interface Opening extends Span {
  readonly day: number;
  readonly field: string;
}

/** One opening for each day; an overnight one ends after 24 hours of its day. */
function openingsOf(hours: Hours, field: string, problems: Problem[]): Opening[] {
  const from = parseTime(hours.from);
  const to = parseTime(hours.to);
  if (from === undefined || from === DAY) problems.push({ field: `${field}.from`, reason: 'must be HH:MM' });
  if (to === undefined) problems.push({ field: `${field}.to`, reason: 'must be HH:MM, at most 24:00' });
  if (hours.days.length === 0) problems.push({ field: `${field}.days`, reason: 'needs at least one day' });
  if (from === undefined || to === undefined) return [];
  if (from === to) {
    problems.push({ field: `${field}.to`, reason: 'is the same as from: an empty interval' });
    return [];
  }
  const end = to > from ? to : to + DAY;
  return hours.days.map((name) => ({ day: DAYS.indexOf(name), from, to: end, field }));
}

const WEEK = 7 * DAY;

function overlaps(a: Opening, b: Opening): boolean {
  const distance = (((b.day - a.day) * DAY + b.from - a.from) % WEEK) + WEEK;
  const ahead = distance % WEEK;
  return ahead < a.to - a.from || WEEK - ahead < b.to - b.from;
}

function checkOverlaps(openings: readonly Opening[], problems: Problem[]): void {
  openings.forEach((opening, index) => {
    const other = openings.slice(0, index).find((earlier) => overlaps(earlier, opening));
    if (other === undefined) return;
    const reason = `overlaps with ${other.field} on ${DAYS[opening.day] ?? 'an unknown day'}`;
    if (!problems.some((problem) => problem.field === opening.field)) problems.push({ field: opening.field, reason });
  });
}

/** Open spans of each weekday, Monday first; what lasts past midnight is the next day's. */
function weekOf(openings: readonly Opening[]): readonly (readonly Span[])[] {
  const week: Span[][] = DAYS.map(() => []);
  for (const { day, from, to } of openings) {
    week[day]?.push({ from, to: Math.min(to, DAY) });
    if (to > DAY) week[(day + 1) % 7]?.push({ from: 0, to: to - DAY });
  }
  for (const spans of week) spans.sort((a, b) => a.from - b.from);
  return week;
}

function checkHolidays(holidays: Holidays, problems: Problem[]): void {
  if ('country' in holidays) {
    if (!knowsCountry(holidays.country)) {
      problems.push({ field: 'holidays.country', reason: `no holidays are known of '${holidays.country}'` });
    } else if (holidays.region !== undefined && !knowsRegion(holidays.country, holidays.region)) {
      problems.push({ field: 'holidays.region', reason: `${holidays.country} has no region '${holidays.region}'` });
    }
    return;
  }
  holidays.forEach(({ date }, index) => {
    if (parseDate(date) === undefined) {
      problems.push({ field: `holidays.${String(index)}.date`, reason: 'must be a day as YYYY-MM-DD' });
    }
  });
}

/** Checks a definition, and returns the open spans of its week. */
export function checkDefinition(definition: CalendarDefinition): {
  readonly week: readonly (readonly Span[])[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  if (!IANAZone.isValidZone(definition.timeZone)) {
    problems.push({ field: 'timeZone', reason: `'${definition.timeZone}' is no IANA time zone` });
  }
  if (definition.hours.length === 0) problems.push({ field: 'hours', reason: 'needs at least one interval' });
  const openings = definition.hours.flatMap((hours, index) => openingsOf(hours, `hours.${String(index)}`, problems));
  checkOverlaps(openings, problems);
  if (definition.holidays !== undefined) checkHolidays(definition.holidays, problems);
  return { week: weekOf(openings), problems };
}
