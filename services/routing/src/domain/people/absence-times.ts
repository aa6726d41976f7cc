/** When an absence is: from instants or days, once or by a rule. */
import { compileCalendar, dayStart, openIntervals } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import type { AbsenceDefinition } from './state.ts';

export interface Fault {
  readonly field: string;
  readonly reason: string;
}

interface Span {
  readonly startsAt: string;
  /** Exclusive. */
  readonly endsAt: string;
}

type Faulty = { readonly faults: readonly Fault[] };

const fault = (field: string, reason: string): Faulty => ({ faults: [{ field, reason }] });
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);
const DAY = 86_400_000;
/** Of one time of a repeated absence, ms. */
const LONGEST = 31.5 * DAY;
const lengthOf = ({ startsAt, endsAt }: Span): number => Date.parse(endsAt) - Date.parse(startsAt);
/** How far the next time of a repeated absence is looked for: a leap year's day comes again by then. */
const HORIZON = 9 * 366 * DAY;

/** The instants an absence lasts between, the first time. Days are days of the time zone, the last one included. */
export function spanOf(definition: AbsenceDefinition): Span | Faulty {
  const { from, to, timeZone, rule, except = [] } = definition;
  if (isDay(from) !== isDay(to)) return fault('to', 'must be a day if from is one, and an instant if from is one');
  if (rule === undefined && except.length > 0) return fault('except', 'is for an absence that comes again by a rule');
  if (timeZone !== undefined && dayStart('2026-01-01', timeZone) === undefined)
    return fault('timeZone', `'${timeZone}' is no IANA time zone`);
  const span = isDay(from) ? spanOfDays(definition) : spanOfInstants(definition);
  if ('faults' in span || rule === undefined) return span;
  if (lengthOf(span) > LONGEST) return fault('to', 'must be within 31 days of from where it comes again by a rule');
  const repeats = repeatsOf(definition, span);
  return 'faults' in repeats ? repeats : span;
}

function spanOfInstants({ from, to, timeZone, rule }: AbsenceDefinition): Span | Faulty {
  if (rule === undefined && timeZone !== undefined)
    return fault('timeZone', 'is for days: instants carry their own offset');
  if (rule !== undefined && timeZone === undefined)
    return fault('timeZone', 'is needed to know when it comes again, as in Europe/Vienna');
  return from < to ? { startsAt: from, endsAt: to } : fault('to', 'must be later than from');
}

function spanOfDays({ from, to, timeZone }: AbsenceDefinition): Span | Faulty {
  if (timeZone === undefined) return fault('timeZone', 'is needed to know when a day begins, as in Europe/Vienna');
  const startsAt = dayStart(from, timeZone);
  if (startsAt === undefined) return fault('from', 'there is no such day');
  const endsAt = dayStart(to, timeZone, 1);
  if (endsAt === undefined) return fault('to', 'there is no such day');
  if (startsAt >= endsAt) return fault('to', 'must not be before from');
  return { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() };
}

/**
 * The time that is, or comes next, seen from an instant; `undefined`: there is none. Times that touch are one.
 * `first`: what `spanOf` answers.
 */
export function nextSpan(definition: AbsenceDefinition, first: Span, now: Date): Span | undefined {
  if (definition.rule === undefined) return Date.parse(first.endsAt) > now.getTime() ? first : undefined;
  const repeats = repeatsOf(definition, first);
  if ('faults' in repeats) return undefined;
  const from = new Date(now.getTime() - lengthOf(first) - 2 * DAY);
  for (let years = 1; years <= 9; years *= 3) {
    const to = new Date(now.getTime() + (HORIZON / 9) * years);
    const found = openIntervals(repeats.calendar, from, to).find(([, end]) => end > now.getTime());
    if (found !== undefined)
      return { startsAt: new Date(found[0]).toISOString(), endsAt: new Date(found[1]).toISOString() };
  }
  return undefined;
}

/** The absence as a calendar that is open while it lasts. */
function repeatsOf(definition: AbsenceDefinition, first: Span): { readonly calendar: Calendar } | Faulty {
  const { timeZone = 'UTC', rule = '' } = definition;
  if (!/^[A-Za-z0-9=;,:+-]+$/.test(rule))
    return fault('rule', 'must be an RRULE of RFC 5545, as in FREQ=WEEKLY;BYDAY=FR');
  const result = compileCalendar({
    timeZone,
    hours: [],
    events: [{ iCalendar: eventOf(definition, { timeZone, rule, first }), kind: 'open' }],
  });
  if (result.ok) return result;
  return fault('rule', result.errors.map(({ reason }) => reason).join('; '));
}

interface Repeats {
  readonly timeZone: string;
  readonly rule: string;
  readonly first: Span;
}

/** RFC 5545: whole days as dates, else by the clock on the wall of the zone. */
function eventOf({ from, to, except = [] }: AbsenceDefinition, { timeZone, rule, first }: Repeats): string {
  const bare = (text: string): string => text.replaceAll('-', '');
  const dayAfter = (day: string): string => new Date(Date.parse(day) + DAY).toISOString().slice(0, 10);
  const start = wallOf(first.startsAt, timeZone);
  const times = isDay(from)
    ? [
        `DTSTART;VALUE=DATE:${bare(from)}`,
        `DTEND;VALUE=DATE:${bare(dayAfter(to))}`,
        ...except.map((day) => `EXDATE;VALUE=DATE:${bare(day)}`),
      ]
    : [
        `DTSTART:${start}`,
        `DTEND:${wallOf(first.endsAt, timeZone)}`,
        ...except.map((day) => `EXDATE:${bare(day)}T${start.slice(9)}`),
      ];
  return [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//switchboard//routing//EN'],
    ...['BEGIN:VEVENT', 'UID:absence', 'DTSTAMP:20260101T000000Z', ...times, `RRULE:${rule}`, 'END:VEVENT'],
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

/** `20260302T090000`: what the clock on the wall shows. */
function wallOf(instant: string, timeZone: string): string {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return shown.format(new Date(instant)).replaceAll(/[-:]/g, '').replace(' ', 'T');
}
