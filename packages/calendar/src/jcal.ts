/** iCalendar text (RFC 5545) as data (jCal, RFC 7265), and its values; the only file that knows the library. */
import ICAL from 'ical.js';
import type { Rule, WeekdayNumber } from './recurrence.ts';
import { DAY, HOUR, MINUTE, SECOND, WEEK } from './units.ts';

/** A property: name, parameters, type, values. */
export type JProperty = readonly [
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  type: string,
  ...values: unknown[],
];
/** A component: name, properties, components. */
export type JComponent = readonly [name: string, properties: readonly JProperty[], components: readonly JComponent[]];

/** What cannot be understood, in words for whoever wrote the text. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

export function unreadable(reason: string): never {
  throw new UnreadableError(reason);
}

/** Its outermost components. @throws UnreadableError */
export function parseText(text: string): readonly JComponent[] {
  let parsed: unknown;
  try {
    parsed = ICAL.parse(text);
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : String(error));
  }
  if (!Array.isArray(parsed)) return unreadable('holds nothing');
  const components = (typeof parsed[0] === 'string' ? [parsed] : parsed) as unknown as readonly JComponent[];
  return components;
}

/** Components as text again. */
export function toText(component: JComponent): string {
  return ICAL.stringify(component as unknown as unknown[]);
}

/** Properties of a name. */
export const propertiesOf = ([, properties]: JComponent, name: string): readonly JProperty[] =>
  properties.filter((property) => property[0] === name);

/** The text of a property that stands alone. */
export function textOf(component: JComponent, name: string): string | undefined {
  const value = propertiesOf(component, name)[0]?.[3];
  return typeof value === 'string' ? value : undefined;
}

/** A date, or a moment by the clock on some wall. */
export interface WallTime {
  /** Milliseconds as if the clock showed UTC. */
  readonly wall: number;
  readonly isDate: boolean;
  readonly isUtc: boolean;
}

/** `2026-01-05`, `2026-01-05T09:00:00`, the latter with or without Z. @throws UnreadableError */
export function wallTime(value: unknown): WallTime {
  const text = String(value);
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(Z?))?$/.exec(text);
  const [, date = '', time, zulu] = match ?? [];
  const iso = `${date}T${time ?? '00:00:00'}.000Z`;
  const wall = Date.parse(iso);
  if (match === null || Number.isNaN(wall) || new Date(wall).toISOString() !== iso) {
    return unreadable(`'${text}' is no date or time`);
  }
  return { wall, isDate: time === undefined, isUtc: zulu === 'Z' };
}

/** Days by the calendar, and time that runs. */
export interface Length {
  readonly days: number;
  readonly ms: number;
}

/** `P1DT2H`. @throws UnreadableError */
export function lengthOf(value: unknown): Length {
  const match = /^\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(String(value));
  if (match === null) return unreadable(`'${String(value)}' is no duration`);
  const parts = match.slice(1) as (string | undefined)[];
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
  return { days: (weeks * WEEK) / DAY + days, ms: hours * HOUR + minutes * MINUTE + seconds * SECOND };
}

/** `+01:00`, in milliseconds. @throws UnreadableError */
export function offsetOf(value: unknown): number {
  const match = /^([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?$/.exec(String(value));
  if (match === null) return unreadable(`'${String(value)}' is no UTC offset`);
  const [, sign, hours, minutes, seconds = '0'] = match;
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND);
}

/** A rule, and until when: what that means depends on where it begins. */
export interface RuleValue {
  readonly rule: Rule;
  readonly until?: WallTime | undefined;
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;

/** Times of a day at most. */
const MOST_TIMES = 96;

/** A recur value. @throws UnreadableError */
export function ruleOf(value: unknown): RuleValue {
  const data = (typeof value === 'object' ? value : null) as Readonly<Record<string, unknown>> | null;
  const freq = FREQUENCIES.find((each) => each === data?.['freq']);
  if (data === null || freq === undefined) return unreadable(`FREQ must be one of ${FREQUENCIES.join(', ')}`);
  const numbers = numbersIn(data);
  const rule: Rule = {
    freq,
    interval: numbers('interval', [1, 10_000])[0] ?? 1,
    count: numbers('count', [1, 100_000])[0],
    months: numbers('bymonth', [1, 12]),
    weekNumbers: numbers('byweekno', [-53, 53]),
    yearDays: numbers('byyearday', [-366, 366]),
    monthDays: numbers('bymonthday', [-31, 31]),
    weekdays: listOf(data['byday']).map(weekdayNumber),
    hours: numbers('byhour', [0, 23]),
    minutes: numbers('byminute', [0, 59]),
    seconds: numbers('bysecond', [0, 59]),
    positions: numbers('bysetpos', [-366, 366]),
    weekStart: ((numbers('wkst', [1, 7])[0] ?? 2) + 5) % 7,
  };
  const times = [rule.hours, rule.minutes, rule.seconds].reduce(
    (product, { length }) => product * Math.max(1, length),
    1,
  );
  if (times > MOST_TIMES) return unreadable(`more than ${String(MOST_TIMES)} times a day`);
  if (rule.weekdays.some(({ ordinal }) => ordinal !== 0) && !ordinalsFit(rule)) {
    return unreadable(`BYDAY with a number does not go with ${freq}`);
  }
  return { rule, until: data['until'] === undefined ? undefined : wallTime(data['until']) };
}

const ordinalsFit = ({ freq, weekNumbers }: Rule): boolean =>
  freq === 'MONTHLY' || (freq === 'YEARLY' && weekNumbers.length === 0);

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly unknown[]) : [value];

/** 0 counts nothing where one may count from the end. */
function numbersIn(data: Readonly<Record<string, unknown>>) {
  return (name: string, [least, most]: readonly [number, number]): readonly number[] =>
    listOf(data[name]).map((each) => {
      const number = Number(each);
      if (!Number.isInteger(number) || number < least || number > most || (least < 0 && number === 0)) {
        return unreadable(`${name.toUpperCase()} cannot be ${String(each)}`);
      }
      return number;
    });
}

function weekdayNumber(value: unknown): WeekdayNumber {
  const match = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(String(value));
  if (match === null) return unreadable(`BYDAY cannot be ${String(value)}`);
  return { ordinal: Number(match[1] ?? 0), weekday: WEEKDAYS.indexOf(match[2] ?? '') };
}

/** A rule as text. @throws UnreadableError */
export function parseRuleText(text: string): RuleValue {
  if (!/^[\w=;,:+-]{1,500}$/.test(text)) return unreadable('is no recurrence rule');
  if (!FREQUENCIES.some((freq) => text.toUpperCase().split(';').includes(`FREQ=${freq}`))) return ruleOf(undefined);
  const [component] = parseText(`BEGIN:VEVENT\r\nRRULE:${text}\r\nEND:VEVENT`);
  return ruleOf(component === undefined ? undefined : propertiesOf(component, 'rrule')[0]?.[3]);
}
