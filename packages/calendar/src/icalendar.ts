/** Events of an iCalendar text as series; a text reduced to what counts. */
import type { Shift } from './definition.ts';
import { parseDuration } from './duration.ts';
import {
  lengthOf,
  parseRuleText,
  parseText,
  propertiesOf,
  ruleOf,
  textOf,
  toText,
  unreadable,
  UnreadableError,
  wallTime,
} from './jcal.ts';
import type { JComponent, JProperty, Length, RuleValue, WallTime } from './jcal.ts';
import { createSeries, YEARS_COSTED } from './series.ts';
import type { Series } from './series.ts';
import { DAY } from './units.ts';
import { describedZone } from './vtimezone.ts';
import type { DescribedZone } from './vtimezone.ts';
import { parseDate, parseMoment } from './wall.ts';
import { instantAt, isZone } from './zone.ts';

/** What was asked for, or why it cannot be had. */
export type Read<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly reason: string };

/** Events of one text at most. */
const MOST_EVENTS = 5000;

function attempt<T>(work: () => T): Read<T> {
  try {
    return { ok: true, ...work() };
  } catch (error) {
    if (error instanceof UnreadableError) return { ok: false, reason: error.message };
    throw error;
  }
}

/** A recurrence rule as text: `FREQ=WEEKLY;BYDAY=MO`. */
export function readRule(text: string): Read<RuleValue> {
  return attempt(() => parseRuleText(text));
}

/** The events of a text, and what it costs to know the zones that it describes (`yearlyCost`). */
interface Events {
  readonly series: readonly Series[];
  readonly zones: number;
}

/** The events of a text. Times without a zone, and whole days, are those of `timeZone`. */
export function readEvents(text: string, timeZone: string): Read<Events> {
  return attempt(() => {
    const components = calendarsOf(text).flatMap(([, , inner]) => inner);
    const described = new Map(
      components.flatMap((component) =>
        component[0] === 'vtimezone' ? [[textOf(component, 'tzid') ?? '', describedZone(component)] as const] : [],
      ),
    );
    const events = components.filter(([name]) => name === 'vevent');
    if (events.length > MOST_EVENTS) return unreadable(`has more than ${String(MOST_EVENTS)} events`);
    const place: Place = { home: instantAt(timeZone), described };
    const replaced = replacementsAmong(events);
    const series = events.flatMap((event) => seriesOf(event, replaced(event), place));
    return { series, zones: [...described.values()].reduce((sum, { cost }) => sum + cost, 0) };
  });
}

/** Days looked at for ten years of a calendar, and to count out what counts, at most: about a fifth of a second. */
export const MOST_COST = 1_000_000;
/** Of what was kept before there was a limit: a quarter of a second for a year of it. */
export const MOST_KEPT = 5_000_000;

/** Why so much that repeats is too much; `undefined` when it is not. */
export function tooCostly(series: readonly Series[], zones = 0, most = MOST_COST): string | undefined {
  return costOf(series, zones, most) > most
    ? 'repeats too often: more than a calendar can look through in time'
    : undefined;
}

/** What ten years of it cost, in days that are looked at; what is more than `most` is not counted out. */
export function costOf(series: readonly Series[], zones: number, most: number): number {
  let cost = zones;
  for (const each of series) {
    if (cost > most) break;
    cost += each.cost(most - cost);
  }
  return cost;
}

/** What a year of it costs, in days that are looked at. */
export function yearlyCostOf(series: readonly Series[]): number {
  return series.reduce((sum, each) => sum + each.cost(MOST_COST) / YEARS_COSTED, 0);
}

/** Working time by a rule, of a shift that was found to be sound. */
export function readShift({ start, duration, rule, except = [] }: Shift, timeZone: string): Series {
  const ms = parseDuration(duration) ?? 0;
  // Whole days are those of the calendar.
  const days = /T/.test(duration) ? 0 : ms / DAY;
  return createSeries({
    start: parseMoment(start) ?? 0,
    allDay: false,
    length: { days, ms: days === 0 ? ms : 0 },
    instantAt: instantAt(timeZone),
    rules: rule === undefined ? [] : [parseRuleText(rule)],
    dates: [],
    exceptInstants: new Set(),
    exceptDays: new Set(except.map((date) => parseDate(date) ?? NaN)),
  });
}

/** Of an event, what decides when it happens. */
const COUNTS = new Set(['dtstart', 'dtend', 'duration', 'rrule', 'rdate', 'exdate']);
/** Of several the first counts. */
const ONCE = new Set(['dtstart', 'dtend', 'duration']);

/**
 * A text reduced to what decides when its events happen, in an order of its own: equal for texts that say the same.
 * What is called off is left out, and what is put in the place of another is an event of its own beside an EXDATE.
 * Refuses what `readEvents` would refuse, and what repeats too often.
 */
export function readFeed(text: string): Read<{ readonly iCalendar: string }> {
  const read = readEvents(text, 'UTC');
  if (!read.ok) return read;
  const reason = tooCostly(read.series, read.zones);
  if (reason !== undefined) return { ok: false, reason };
  return attempt(() => {
    const components = calendarsOf(text).flatMap(([, , inner]) => inner);
    const zones = components.filter(([name]) => name === 'vtimezone').map(reducedZone);
    const events = components.filter(([name]) => name === 'vevent');
    const replaced = replacementsAmong(events);
    const happening = events.filter((event) => !isCanceled(event)).map((event) => reducedEvent(event, replaced(event)));
    const properties: readonly JProperty[] = [
      ['version', {}, 'text', '2.0'],
      ['prodid', {}, 'text', '-//Switchboard//calendar//EN'],
    ];
    return { iCalendar: toText(['vcalendar', properties, [...inOrder(zones), ...inOrder(happening)]]) };
  });
}

/** Each once, in the order of their texts. */
function inOrder(components: readonly JComponent[]): readonly JComponent[] {
  const texts = new Map(components.map((each) => [toText(each), each]));
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** Within the observances of a zone there is nothing. */
function reducedZone([name, properties, inner]: JComponent): JComponent {
  const countingOf = (all: readonly JProperty[]) =>
    all.filter(([property]) => !/^(x-|last-modified|tzurl)/.test(property));
  return [name, countingOf(properties), inner.map(([observance, own]) => [observance, countingOf(own), []])];
}

/** Alarms and the like are no matter of time. */
function reducedEvent([name, properties]: JComponent, replaced: readonly JProperty[]): JComponent {
  const isFirst = (property: string, n: number): boolean => properties.findIndex(([one]) => one === property) === n;
  const counting = properties.filter(
    ([property], n) => COUNTS.has(property) && (!ONCE.has(property) || isFirst(property, n)),
  );
  const out = replaced.map(([, ...rest]): JProperty => ['exdate', ...rest]);
  const texts = [...counting, ...out].map((property) => [JSON.stringify(property), property] as const);
  return [name, texts.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, property]) => property), []];
}

function calendarsOf(text: string): readonly JComponent[] {
  const components = parseText(text);
  if (components.length === 0 || components.some((component) => component[0] !== 'vcalendar')) {
    return unreadable('is no iCalendar text');
  }
  return components;
}

interface Place {
  readonly home: (wall: number) => number;
  readonly described: ReadonlyMap<string, DescribedZone>;
}

/** Where a property's times are told: in a zone it names, in UTC, or where the calendar is. */
function clockOf([, parameters]: JProperty, { isUtc }: WallTime, { home, described }: Place): (wall: number) => number {
  if (isUtc) return (wall) => wall;
  const name = parameters['tzid'];
  if (typeof name !== 'string') return home;
  const known = described.get(name);
  if (known !== undefined) return known.instantAt;
  return isZone(name) ? instantAt(name) : unreadable(`the time zone '${name}' is neither described nor known`);
}

type Replacements = (event: JComponent) => readonly JProperty[];

/** Of each event: what the RECURRENCE-IDs of its namesakes, those of the same UID, put in the place of. */
function replacementsAmong(events: readonly JComponent[]): Replacements {
  const namesakes = Map.groupBy(events, (event) => textOf(event, 'uid'));
  return (event) => {
    const uid = textOf(event, 'uid');
    if (uid === undefined || propertiesOf(event, 'recurrence-id').length > 0) return [];
    if (propertiesOf(event, 'rrule').length + propertiesOf(event, 'rdate').length === 0) return [];
    return (namesakes.get(uid) ?? []).flatMap((other) => propertiesOf(other, 'recurrence-id'));
  };
}

const isCanceled = (event: JComponent): boolean => textOf(event, 'status')?.toUpperCase() === 'CANCELLED';

function seriesOf(event: JComponent, replaced: readonly JProperty[], place: Place): readonly Series[] {
  const what = `the event '${textOf(event, 'uid') ?? textOf(event, 'summary') ?? ''}'`;
  try {
    return eventSeries(event, replaced, place);
  } catch (error) {
    if (error instanceof UnreadableError) return unreadable(`${what}: ${error.message}`);
    throw error;
  }
}

function eventSeries(event: JComponent, replaced: readonly JProperty[], place: Place): readonly Series[] {
  if (isCanceled(event)) return [];
  if (propertiesOf(event, 'exrule').length > 0) return unreadable('EXRULE is not understood');
  if (propertiesOf(event, 'recurrence-id').some(([, { range }]) => range !== undefined)) {
    return unreadable('RECURRENCE-ID with a RANGE is not understood');
  }
  const begin = propertiesOf(event, 'dtstart')[0];
  if (begin === undefined) return unreadable('has no DTSTART');
  const start = wallTime(begin[3]);
  const clock = clockOf(begin, start, place);
  const length = lengthOfEvent(event, { start, clock }, place);
  const parts = {
    allDay: start.isDate,
    instantAt: clock,
    rules: propertiesOf(event, 'rrule').map((property) => ruleOf(property[3])),
    ...exceptionsOf([...propertiesOf(event, 'exdate'), ...replaced], start.isDate, place),
  };
  const { dates, others } = furtherDates(propertiesOf(event, 'rdate'), { begin, start, length }, place);
  const alone = others.map((other) => ({ ...parts, ...other, allDay: false, rules: [] }));
  return [{ ...parts, start: start.wall, length, dates }, ...alone].map(createSeries);
}

function lengthOfEvent(
  event: JComponent,
  { start, clock }: { readonly start: WallTime; readonly clock: (wall: number) => number },
  place: Place,
): Length {
  const duration = textOf(event, 'duration');
  if (duration !== undefined) {
    const length = lengthOf(duration);
    if (start.isDate && length.ms > 0) return unreadable('a DURATION of hours does not go with whole days');
    return length;
  }
  const end = propertiesOf(event, 'dtend')[0];
  if (end === undefined) return { days: start.isDate ? 1 : 0, ms: 0 };
  const until = wallTime(end[3]);
  if (until.isDate !== start.isDate) return unreadable('DTSTART and DTEND must both be dates, or neither');
  // Of a repeated event each lasts exactly as long as the first (RFC 5545, 3.8.5.3).
  const length = start.isDate
    ? { days: (until.wall - start.wall) / DAY, ms: 0 }
    : { days: 0, ms: clockOf(end, until, place)(until.wall) - clock(start.wall) };
  if (length.days < 0 || length.ms < 0) return unreadable('ends before it begins');
  // Some write the last day where the day behind it belongs: of one day that is none.
  return start.isDate && length.days === 0 ? { days: 1, ms: 0 } : length;
}

function exceptionsOf(properties: readonly JProperty[], allDay: boolean, place: Place) {
  const exceptInstants = new Set<number>();
  const exceptDays = new Set<number>();
  for (const property of properties) {
    for (const value of property.slice(3)) {
      const time = wallTime(value);
      if (time.isDate || allDay) exceptDays.add(Math.floor(time.wall / DAY));
      else exceptInstants.add(clockOf(property, time, place)(time.wall));
    }
  }
  return { exceptInstants, exceptDays };
}

interface First {
  readonly begin: JProperty;
  readonly start: WallTime;
  readonly length: Length;
}

/** Further beginnings of the same length, told as the first one is; others are series of their own. */
function furtherDates(properties: readonly JProperty[], { begin, start, length }: First, place: Place) {
  const dates: number[] = [];
  const others: { start: number; length: Length; instantAt: (wall: number) => number; dates: readonly number[] }[] = [];
  for (const property of properties) {
    const times = property.slice(3).flatMap((value) => (Array.isArray(value) ? [] : [wallTime(value)]));
    const [first, ...rest] = times;
    const isAlike = first?.isUtc === start.isUtc && property[1]['tzid'] === begin[1]['tzid'];
    if (start.isDate || first?.isDate === true || isAlike) dates.push(...times.map(({ wall }) => wall));
    else if (first !== undefined) {
      const instantAt = clockOf(property, first, place);
      others.push({ start: first.wall, length, instantAt, dates: rest.map(({ wall }) => wall) });
    }
    others.push(...periodsOf(property, place));
  }
  return { dates, others };
}

function periodsOf(property: JProperty, place: Place) {
  return property.slice(3).flatMap((value) => {
    if (!Array.isArray(value)) return [];
    const [from, to] = value as readonly unknown[];
    const start = wallTime(from);
    const instantAt = clockOf(property, start, place);
    const isLength = typeof to === 'string' && to.startsWith('P');
    const length = isLength ? lengthOf(to) : { days: 0, ms: instantAt(wallTime(to).wall) - instantAt(start.wall) };
    return [{ start: start.wall, length, instantAt, dates: [] }];
  });
}
