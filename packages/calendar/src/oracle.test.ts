/** Every answer is compared with a count of minutes, each looked up on the wall clock of the place by ICU. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileCalendar, DAYS, instantAfter, openDuration, openIntervals } from './index.ts';
import type { BusinessHours, Calendar, CalendarDefinition, Day, Exception, Hours, Times } from './index.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Places, and a moment at which their clocks do something remarkable. */
const MOMENTS: readonly (readonly [zone: string, around: string])[] = [
  ['UTC', '2026-02-28T12:00Z'],
  ['Europe/Vienna', '2026-03-29T01:00Z'],
  ['Europe/Vienna', '2026-10-25T01:00Z'],
  ['America/New_York', '2025-11-02T06:00Z'],
  ['America/New_York', '2025-12-31T23:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00Z'],
  ['America/Havana', '2026-03-08T05:00Z'],
  ['America/Havana', '2026-11-01T05:00Z'],
  ['America/St_Johns', '2010-11-07T02:31Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Asia/Kathmandu', '2026-01-01T00:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Asia/Gaza', '2026-03-28T00:00Z'],
];

interface Wall {
  readonly day: Day;
  readonly date: string;
  readonly minute: number;
}

const clocks = new Map<string, (instant: number) => Wall>();

function clockOf(timeZone: string): (instant: number) => Wall {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const read = new Map<number, Wall>();
  const clock = (instant: number): Wall => {
    const seen = read.get(instant);
    if (seen !== undefined) return seen;
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const wall = {
      day: (parts['weekday'] ?? '').slice(0, 3).toLowerCase() as Day,
      date: `${parts['year'] ?? ''}-${parts['month'] ?? ''}-${parts['day'] ?? ''}`,
      minute: Number(parts['hour']) * 60 + Number(parts['minute']),
    };
    read.set(instant, wall);
    return wall;
  };
  clocks.set(timeZone, clock);
  return clock;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const yesterdayOf = (day: Day): Day => DAYS[(DAYS.indexOf(day) + 6) % 7] ?? day;
const dateOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10);
const theDayBefore = (date: string): string => dateOf(Date.parse(date) - DAY);

const isToday = ({ from, to }: Times, minute: number): boolean =>
  minute >= minutesOf(from) && (minutesOf(to) <= minutesOf(from) || minute < minutesOf(to));
const isFromYesterday = ({ from, to }: Times, minute: number): boolean =>
  minutesOf(to) <= minutesOf(from) && minute < minutesOf(to);

function isOpen(definition: CalendarDefinition, instant: number): boolean {
  if ('union' in definition) return definition.union.some((member) => isOpen(member, instant));
  if ('intersection' in definition) return definition.intersection.every((member) => isOpen(member, instant));
  if ('calendar' in definition) {
    const isAway = definition.absences.some(({ from, to }) => Date.parse(from) <= instant && instant < Date.parse(to));
    return !isAway && isOpen(definition.calendar, instant);
  }
  return isBusinessOpen(definition, instant);
}

function isBusinessOpen(definition: BusinessHours, instant: number): boolean {
  const { day, date, minute } = clockOf(definition.timeZone)(instant);
  const { exceptions = [], holidays = [] } = definition;
  const today = exceptions.find((exception) => exception.date === date);
  const yesterday = exceptions.find((exception) => exception.date === theDayBefore(date));
  if (today?.hours?.some((times) => isToday(times, minute))) return true;
  if (yesterday?.hours?.some((times) => isFromYesterday(times, minute))) return true;
  const isHoliday = !('country' in holidays) && holidays.some((each) => 'date' in each && each.date === date);
  if (today?.closed === true || (isHoliday && today === undefined)) return false;
  if (events(definition).some((event) => isDuring(event, date))) return false;
  return definition.hours.some(
    (hours) =>
      (today === undefined && hours.days.includes(day) && isToday(hours, minute)) ||
      (yesterday === undefined && hours.days.includes(yesterdayOf(day)) && isFromYesterday(hours, minute)),
  );
}

/** A closing event of whole days, again every few weeks. */
interface Closing {
  readonly start: string;
  readonly days: number;
  readonly weeks: number;
  readonly times: number;
  readonly except: number;
}

const closings = new WeakMap<BusinessHours, readonly Closing[]>();
const events = (definition: BusinessHours): readonly Closing[] => closings.get(definition) ?? [];

function isDuring({ start, days, weeks, times, except }: Closing, date: string): boolean {
  return Array.from({ length: times }, (_, index) => index)
    .filter((index) => index !== except)
    .some((index) => {
      const begin = Date.parse(start) + index * weeks * 7 * DAY;
      return begin <= Date.parse(date) && Date.parse(date) < begin + days * DAY;
    });
}

const compact = (date: string): string => date.replaceAll('-', '');

function iCalendarOf({ start, days, weeks, times, except }: Closing): string {
  const left = dateOf(Date.parse(start) + except * weeks * 7 * DAY);
  return [
    'BEGIN:VCALENDAR',
    'BEGIN:VEVENT',
    `DTSTART;VALUE=DATE:${compact(start)}`,
    `DURATION:P${String(days)}D`,
    `RRULE:FREQ=WEEKLY;INTERVAL=${String(weeks)};COUNT=${String(times)}`,
    `EXDATE;VALUE=DATE:${compact(left)}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ].join('\r\n');
}

const time = fc.integer({ min: 0, max: 95 }).map((quarter) => {
  const minute = quarter * 15;
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
});
const until = fc.oneof(time, fc.constant('24:00'));
const hours: fc.Arbitrary<Hours> = fc.record({
  days: fc.subarray([...DAYS], { minLength: 1 }),
  from: time,
  to: until,
});

const compiled = (definition: CalendarDefinition): Calendar => {
  const result = compileCalendar(definition);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.calendar;
};

/** Intervals that would overlap with earlier ones are left out. */
function sound(timeZone: string, wanted: readonly Hours[]): readonly Hours[] {
  return wanted.reduce<readonly Hours[]>(
    (kept, next) => (compileCalendar({ timeZone, hours: [...kept, next] }).ok ? [...kept, next] : kept),
    [],
  );
}

const exceptionOn = (date: string): fc.Arbitrary<Exception> =>
  fc.oneof(
    fc.constant({ date, closed: true as const }),
    fc
      .record({ from: time, to: until })
      .filter(({ from, to }) => from !== to)
      .map((times) => ({ date, hours: [times] })),
  );

/** Business hours with all that may happen to them, around a moment. */
const businessAround = (zone: string, middle: number): fc.Arbitrary<BusinessHours> => {
  const date = fc.integer({ min: -3, max: 4 }).map((days) => dateOf(middle + days * DAY));
  return fc
    .record({
      wanted: fc.array(hours, { minLength: 1, maxLength: 4 }),
      holidays: fc.array(date, { maxLength: 2 }),
      exceptions: fc.uniqueArray(date.chain(exceptionOn), { maxLength: 3, selector: (each) => each.date }),
      events: fc.array(
        fc.record({
          start: fc.integer({ min: -40, max: 4 }).map((days) => dateOf(middle + days * DAY)),
          days: fc.integer({ min: 1, max: 3 }),
          weeks: fc.integer({ min: 1, max: 3 }),
          times: fc.integer({ min: 1, max: 30 }),
          except: fc.integer({ min: 0, max: 9 }),
        }),
        { maxLength: 1 },
      ),
    })
    .map(({ wanted, holidays, exceptions, events }) => {
      const kept = sound(zone, wanted);
      const definition: BusinessHours = {
        timeZone: zone,
        hours: kept.length > 0 ? kept : [{ days: ['mon'], from: '09:00', to: '09:15' }],
        holidays: holidays.map((day) => ({ date: day })),
        exceptions,
        events: events.map((event) => ({ iCalendar: iCalendarOf(event), kind: 'closed' })),
      };
      closings.set(definition, events);
      return definition;
    });
};

const moment = fc.constantFrom(...MOMENTS);
const otherZone = moment.map(([zone]) => zone);

const plain = moment.chain(([zone, around]) => {
  const middle = Date.parse(around);
  return fc.tuple(fc.constant(middle), businessAround(zone, middle));
});

/** Calendars in several zones taken together, one in another, less absences. */
const composed = moment.chain(([zone, around]) => {
  const middle = Date.parse(around);
  const member = otherZone.chain((other) => businessAround(other, middle));
  const own = businessAround(zone, middle);
  const absence = fc
    .tuple(fc.integer({ min: -4000, max: 4000 }), fc.integer({ min: 1, max: 3000 }))
    .map(([after, length]) => ({
      from: new Date(middle + after * MINUTE).toISOString(),
      to: new Date(middle + (after + length) * MINUTE).toISOString(),
    }));
  const two = fc.tuple(own, member);
  const together: fc.Arbitrary<CalendarDefinition> = fc.oneof(
    two.map((all) => ({ union: all })),
    two.map((all) => ({ intersection: all })),
    fc
      .tuple(own, fc.array(absence, { minLength: 1, maxLength: 3 }))
      .map(([calendar, absences]) => ({ calendar, absences })),
    fc.tuple(own, member, member).map(([a, b, c]) => ({ union: [a, { intersection: [b, c] }] })),
  );
  return fc.tuple(fc.constant(middle), together);
});

const span = fc.record({
  before: fc.integer({ min: 0, max: 2 * 24 * 60 * MINUTE }),
  length: fc.integer({ min: 0, max: 3 * 24 * 60 * MINUTE }),
});

const situations = fc.tuple(fc.oneof(plain, composed), span).map(([[middle, definition], { before, length }]) => ({
  definition,
  calendar: compiled(definition),
  from: middle - before,
  to: middle - before + length,
}));

function count(definition: CalendarDefinition, from: number, to: number): number {
  let open = 0;
  for (let minute = Math.floor(from / MINUTE) * MINUTE; minute < to; minute += MINUTE) {
    if (isOpen(definition, minute)) open += Math.min(minute + MINUTE, to) - Math.max(minute, from);
  }
  return open;
}

test('given any calendar or composition in any zones, then open time is what the clocks on the walls count', () => {
  fc.assert(
    fc.property(situations, ({ definition, calendar, from, to }) => {
      const open = openDuration(calendar, new Date(from), new Date(to));
      expect(open).toBe(count(definition, from, to));
      const intervals = openIntervals(calendar, new Date(from), new Date(to));
      expect(intervals.reduce((sum, [start, end]) => sum + end - start, 0)).toBe(open);
    }),
    { numRuns: 120 },
  );
}, 60_000);

test('given any open time, then the instant after it is the earliest by which it has passed', () => {
  fc.assert(
    fc.property(
      fc.tuple(plain, span),
      fc.integer({ min: 1, max: 40 * 24 * 60 * MINUTE }),
      ([[middle, definition], { before }], wanted) => {
        const calendar = compiled(definition);
        const start = new Date(middle - before);
        const reached = instantAfter(calendar, start, wanted);
        if (reached === 'never') throw new Error('a calendar with weekly hours always opens again');
        expect(openDuration(calendar, start, reached)).toBe(wanted);
        expect(openDuration(calendar, start, new Date(reached.getTime() - 1))).toBe(wanted - 1);
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test('given a composition, then the instant after an open time is the earliest, wherever there is one', () => {
  fc.assert(
    fc.property(
      fc.tuple(composed, span),
      fc.integer({ min: 1, max: 3 * 24 * 60 * MINUTE }),
      ([[middle, definition], { before, length }], wanted) => {
        const calendar = compiled(definition);
        const start = new Date(middle - before);
        const open = openDuration(calendar, start, new Date(middle + length));
        if (open < wanted) return;
        const reached = instantAfter(calendar, start, wanted);
        if (reached === 'never') throw new Error('so much was open');
        expect(count(definition, start.getTime(), reached.getTime())).toBe(wanted);
        expect(openDuration(calendar, start, new Date(reached.getTime() - 1))).toBe(wanted - 1);
      },
    ),
    { numRuns: 50 },
  );
}, 60_000);

test('given an instant in between, then the two parts are the whole', () => {
  fc.assert(
    fc.property(situations, fc.integer({ min: 0, max: 800 * 24 * 60 * MINUTE }), ({ calendar, from, to }, later) => {
      const [a, b, c] = [new Date(from), new Date(to), new Date(to + later)] as const;
      expect(openDuration(calendar, a, b) + openDuration(calendar, b, c)).toBe(openDuration(calendar, a, c));
    }),
    { numRuns: 40 },
  );
});
