/** Every answer is compared with a count of minutes, each looked up on the wall clock of the place by ICU. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileCalendar, DAYS, instantAfter, openDuration } from './index.ts';
import type { Calendar, CalendarDefinition, Day, Hours } from './index.ts';

const MINUTE = 60_000;

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

function clockOf(timeZone: string): (instant: number) => { day: Day; date: string; minute: number } {
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
  return (instant) => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    return {
      day: (parts['weekday'] ?? '').slice(0, 3).toLowerCase() as Day,
      date: `${parts['year'] ?? ''}-${parts['month'] ?? ''}-${parts['day'] ?? ''}`,
      minute: Number(parts['hour']) * 60 + Number(parts['minute']),
    };
  };
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const yesterdayOf = (day: Day): Day => DAYS[(DAYS.indexOf(day) + 6) % 7] ?? day;

function isOpen(definition: CalendarDefinition, clock: ReturnType<typeof clockOf>, instant: number): boolean {
  const { day, date, minute } = clock(instant);
  const holidays = definition.holidays ?? [];
  if (!('country' in holidays) && holidays.some((holiday) => holiday.date === date)) return false;
  return definition.hours.some(({ days, from, to }) => {
    const [begin, end] = [minutesOf(from), minutesOf(to)];
    if (begin < end) return days.includes(day) && begin <= minute && minute < end;
    return (days.includes(day) && minute >= begin) || (days.includes(yesterdayOf(day)) && minute < end);
  });
}

const time = fc.integer({ min: 0, max: 95 }).map((quarter) => {
  const minute = quarter * 15;
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
});
const hours: fc.Arbitrary<Hours> = fc.record({
  days: fc.subarray([...DAYS], { minLength: 1 }),
  from: time,
  to: fc.oneof(time, fc.constant('24:00')),
});

/** Intervals that would overlap with earlier ones are left out. */
function sound(timeZone: string, wanted: readonly Hours[], holidays: readonly { date: string }[]): Calendar {
  let accepted = compileCalendar({ timeZone, hours: [{ days: ['mon'], from: '09:00', to: '09:15' }], holidays });
  let kept: readonly Hours[] = [];
  for (const next of wanted) {
    const attempt = compileCalendar({ timeZone, hours: [...kept, next], holidays });
    if (!attempt.ok) continue;
    accepted = attempt;
    kept = [...kept, next];
  }
  if (!accepted.ok) throw new Error(JSON.stringify(accepted.errors));
  return accepted.calendar;
}

const situations = fc
  .record({
    moment: fc.constantFrom(...MOMENTS),
    wanted: fc.array(hours, { minLength: 1, maxLength: 4 }),
    before: fc.integer({ min: 0, max: 2 * 24 * 60 * MINUTE }),
    length: fc.integer({ min: 0, max: 3 * 24 * 60 * MINUTE }),
    holidayOffsets: fc.array(fc.integer({ min: -2, max: 3 }), { maxLength: 2 }),
  })
  .map(({ moment: [zone, around], wanted, before, length, holidayOffsets }) => {
    const middle = Date.parse(around);
    const holidays = holidayOffsets.map((days) => ({
      date: new Date(middle + days * 24 * 60 * MINUTE).toISOString().slice(0, 10),
    }));
    return { calendar: sound(zone, wanted, holidays), from: middle - before, to: middle - before + length };
  });

function count(calendar: Calendar, from: number, to: number): number {
  const clock = clockOf(calendar.definition.timeZone);
  let open = 0;
  for (let minute = Math.floor(from / MINUTE) * MINUTE; minute < to; minute += MINUTE) {
    if (isOpen(calendar.definition, clock, minute)) open += Math.min(minute + MINUTE, to) - Math.max(minute, from);
  }
  return open;
}

test('given any hours, holidays and zone, then open time is what the clock on the wall counts', () => {
  fc.assert(
    fc.property(situations, ({ calendar, from, to }) => {
      expect(openDuration(calendar, new Date(from), new Date(to))).toBe(count(calendar, from, to));
    }),
    { numRuns: 100 },
  );
}, 60_000);

test('given any open time, then the instant after it is the earliest by which it has passed', () => {
  fc.assert(
    fc.property(situations, fc.integer({ min: 1, max: 40 * 24 * 60 * MINUTE }), ({ calendar, from }, wanted) => {
      const start = new Date(from);
      const reached = instantAfter(calendar, start, wanted);
      if (reached === 'never') throw new Error('a calendar with weekly hours always opens again');
      expect(openDuration(calendar, start, reached)).toBe(wanted);
      expect(openDuration(calendar, start, new Date(reached.getTime() - 1))).toBe(wanted - 1);
    }),
    { numRuns: 200 },
  );
}, 60_000);

test('given an instant in between, then the two parts are the whole', () => {
  fc.assert(
    fc.property(situations, fc.integer({ min: 0, max: 800 * 24 * 60 * MINUTE }), ({ calendar, from, to }, later) => {
      const [a, b, c] = [new Date(from), new Date(to), new Date(to + later)] as const;
      expect(openDuration(calendar, a, b) + openDuration(calendar, b, c)).toBe(openDuration(calendar, a, c));
    }),
  );
});
