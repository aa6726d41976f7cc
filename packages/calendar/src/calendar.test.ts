import { describe, expect, test } from 'vitest';
import {
  always,
  compileCalendar,
  instantAfter,
  intersectionOf,
  openDuration,
  openIntervals,
  storedCalendar,
  tooDear,
  unionOf,
  withoutAbsences,
} from './index.ts';
import type { BusinessHours, Calendar, CalendarDefinition, Holidays, Hours } from './index.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const workdays: Hours = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00' };

function compiled(definition: Partial<BusinessHours>): Calendar {
  const result = compileCalendar({ timeZone: 'Europe/Vienna', hours: [workdays], ...definition });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.calendar;
}

const everyQuarter = {
  start: '2026-01-01T00:00',
  duration: 'PT1M',
  rule: `FREQ=DAILY;BYHOUR=${Array.from({ length: 24 }, (_, hour) => hour).join()};BYMINUTE=0,15,30,45`,
};

const eventText = (rule: string, many: number): string => {
  const event = ['BEGIN:VEVENT', 'DTSTART:20260101T003000Z', 'DURATION:PT1M', rule, 'END:VEVENT'];
  const events = Array.from({ length: many }, () => event).flat();
  return ['BEGIN:VCALENDAR', ...events, 'END:VCALENDAR', ''].join('\r\n');
};

const hoursBetween = (calendar: Calendar, from: string, to: string): number =>
  openDuration(calendar, new Date(from), new Date(to)) / HOUR;

const after = (calendar: Calendar, from: string, hours: number): string => {
  const instant = instantAfter(calendar, new Date(from), hours * HOUR);
  return instant === 'never' ? instant : instant.toISOString();
};

describe('a working week from nine to six in Vienna', () => {
  const office = compiled({});

  test.each([
    ['within a day', '2026-03-02T09:00Z', '2026-03-02T11:30Z', 2.5],
    ['over a night', '2026-03-02T16:00Z', '2026-03-03T09:00Z', 2],
    ['over a weekend', '2026-03-06T16:00Z', '2026-03-09T09:00Z', 2],
    ['over the change to summer time', '2026-03-27T16:00Z', '2026-03-30T08:00Z', 2],
    ['all of it outside', '2026-03-07T00:00Z', '2026-03-08T23:00Z', 0],
    ['over the end of a year', '2025-12-31T16:00Z', '2026-01-01T09:00Z', 2],
    ['backwards', '2026-03-03T09:00Z', '2026-03-02T09:00Z', 0],
  ])('given a span %s, then only open hours count', (_name, from, to, expected) => {
    expect(hoursBetween(office, from, to)).toBe(expected);
  });

  test.each([
    ['within a day', '2026-03-02T09:00Z', 2, '2026-03-02T11:00:00.000Z'],
    ['ending at closing time', '2026-03-02T15:00Z', 2, '2026-03-02T17:00:00.000Z'],
    ['over a weekend', '2026-03-06T16:00Z', 2, '2026-03-09T09:00:00.000Z'],
    ['from a Sunday', '2026-03-08T12:00Z', 1, '2026-03-09T09:00:00.000Z'],
    ['of 24 hours', '2026-03-02T08:00Z', 24, '2026-03-04T14:00:00.000Z'],
    ['of nothing, while closed', '2026-03-08T12:00Z', 0, '2026-03-08T12:00:00.000Z'],
  ])('given a promise %s, then it is due when that much was open', (_name, from, hours, expected) => {
    expect(after(office, from, hours)).toBe(expected);
  });
});

test('given a shift that counts from long ago, then a century is looked through at once, and again', () => {
  const rule = 'FREQ=DAILY;COUNT=100000';
  const over = compiled({ hours: [], shifts: [{ start: '0001-01-01T00:00', duration: 'PT1H', rule }] });
  const still = compiled({ hours: [], shifts: [{ start: '1800-01-01T09:00', duration: 'PT1H', rule }] });

  expect(after(over, '2026-03-02T00:00Z', 1)).toBe('never');
  expect(after(still, '2026-03-02T00:00Z', 2)).toBe('2026-03-03T09:00:00.000Z');
  expect(after(still, '2073-10-14T12:00Z', 1)).toBe('2073-10-15T08:00:00.000Z');
  expect(after(still, '2073-10-15T12:00Z', 1)).toBe('never');
});

describe('hours of other kinds', () => {
  test('given a night shift on Fridays, then it lasts into Saturday', () => {
    const night = compiled({ hours: [{ days: ['fri'], from: '22:00', to: '06:00' }] });
    expect(hoursBetween(night, '2026-03-02T00:00Z', '2026-03-09T00:00Z')).toBe(8);
    expect(after(night, '2026-03-02T00:00Z', 8)).toBe('2026-03-07T05:00:00.000Z');
  });

  test('given a night shift while the clocks change, then the hour is missing, or twice', () => {
    const night = compiled({ hours: [{ days: ['sat'], from: '22:00', to: '06:00' }] });
    expect(hoursBetween(night, '2026-03-28T00:00Z', '2026-03-30T00:00Z')).toBe(7);
    expect(hoursBetween(night, '2026-10-24T00:00Z', '2026-10-26T00:00Z')).toBe(9);
  });

  test('given two intervals a day and one until midnight, then all count', () => {
    const shop = compiled({
      hours: [
        { days: ['mon'], from: '08:00', to: '12:00' },
        { days: ['mon'], from: '13:00', to: '24:00' },
      ],
    });
    expect(hoursBetween(shop, '2026-03-01T00:00Z', '2026-03-08T00:00Z')).toBe(15);
  });

  test('given no closing at all, then time is time', () => {
    const from = new Date('2026-03-29T00:30:00.123Z');
    expect(openDuration(always, from, new Date('2027-05-01T00:00:00.456Z'))).toBe(
      Date.parse('2027-05-01T00:00:00.456Z') - from.getTime(),
    );
    expect(instantAfter(always, from, 400 * DAY)).toEqual(new Date(from.getTime() + 400 * DAY));
  });

  test('given a target that no century reaches, then it is never', () => {
    expect(instantAfter(always, new Date('2026-01-01T00:00Z'), 40_000 * DAY)).toBe('never');
  });
});

describe('holidays', () => {
  test('given days one by one, then they are closed from midnight to midnight', () => {
    const office = compiled({ holidays: [{ date: '2026-03-03', name: 'Company day' }] });
    expect(hoursBetween(office, '2026-03-02T00:00Z', '2026-03-05T00:00Z')).toBe(18);
  });

  test.each([
    ['a country', { country: 'AT' }, '2026-10-26', 0],
    ['a region', { country: 'DE', region: 'BY' }, '2026-01-06', 0],
    ['another region', { country: 'DE', region: 'BE' }, '2026-01-06', 9],
    ['several days', { country: 'SA' }, '2026-03-20', 0],
    ['a half day', { country: 'IS' }, '2026-12-24', 4],
    ['a movable feast', { country: 'GB' }, '2026-04-06', 0],
  ] as const)('given the holidays of %s, then its days off are closed', (_name, holidays: Holidays, date, expected) => {
    const office = compiled({ timeZone: 'UTC', holidays });
    expect(hoursBetween(office, `${date}T00:00Z`, `${date}T24:00Z`)).toBe(expected);
  });
});

describe('special days', () => {
  const night: Hours = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '22:00', to: '06:00' };
  const open = (definition: Partial<BusinessHours>, from: string, to: string): string[] =>
    openIntervals(compiled({ timeZone: 'UTC', ...definition }), new Date(from), new Date(to)).map((interval) =>
      interval.map((instant) => new Date(instant).toISOString().slice(8, 16)).join('/'),
    );
  const week = ['2026-12-21T00:00Z', '2026-12-26T00:00Z'] as const;

  test('given a half day, then it has its own hours instead of the usual', () => {
    const exceptions = [{ date: '2026-12-24', name: 'Christmas Eve', hours: [{ from: '09:00', to: '12:00' }] }];
    expect(open({ exceptions }, '2026-12-24T00:00Z', '2026-12-25T00:00Z')).toEqual(['24T09:00/24T12:00']);
  });

  test('given a night shift into a half day, then it ends as ever, and none begins on that day', () => {
    const exceptions = [{ date: '2026-12-24', hours: [{ from: '09:00', to: '12:00' }] }];
    expect(open({ hours: [night], exceptions }, ...week)).toEqual([
      '21T22:00/22T06:00',
      '22T22:00/23T06:00',
      '23T22:00/24T06:00',
      '24T09:00/24T12:00',
      '25T22:00/26T00:00',
    ]);
  });

  test('given a closed day, then the night before ends at midnight, and none lasts into the next', () => {
    const exceptions = [{ date: '2026-12-24', closed: true as const }];
    expect(open({ hours: [night], exceptions }, ...week)).toEqual([
      '21T22:00/22T06:00',
      '22T22:00/23T06:00',
      '23T22:00/24T00:00',
      '25T22:00/26T00:00',
    ]);
  });

  test('given an opening on a holiday that lasts into another, then it is open all the same', () => {
    const exceptions = [{ date: '2026-12-25', hours: [{ from: '20:00', to: '02:00' }] }];
    const holidays = [{ country: 'AT' }, { date: '2026-12-24' }] as const;
    expect(open({ exceptions, holidays }, '2026-12-24T00:00Z', '2026-12-28T00:00Z')).toEqual(['25T20:00/26T02:00']);
  });
});

describe('holidays of several sources', () => {
  test('given days and countries in one list, then all of them are closed', () => {
    const office = compiled({ holidays: [{ country: 'AT' }, { country: 'DE', region: 'BY' }, { date: '2026-03-03' }] });
    const openOn = (date: string): number => hoursBetween(office, `${date}T00:00Z`, `${date}T23:00Z`);
    // A day of the list; Austria's national day; German Unity Day is a Saturday, Epiphany is both's; an ordinary day.
    expect(['2026-03-03', '2026-10-26', '2026-01-06', '2026-03-04'].map(openOn)).toEqual([0, 0, 0, 9]);
  });
});

describe('calendars taken together', () => {
  const day: Hours = { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '09:00', to: '17:00' };
  const [vienna, newYork, tokyo] = ['Europe/Vienna', 'America/New_York', 'Asia/Tokyo'].map((timeZone) =>
    compiled({ timeZone, hours: [day] }),
  ) as [Calendar, Calendar, Calendar];
  const span = ['2026-01-12T00:00Z', '2026-01-13T00:00Z'] as const;

  test('given three places, then somebody is there whenever one of them is open', () => {
    // Tokyo 0 to 8, Vienna 8 to 16, New York 14 to 22.
    expect(hoursBetween(unionOf([vienna, newYork, tokyo]), ...span)).toBe(22);
    expect(after(unionOf([vienna, newYork, tokyo]), '2026-01-12T21:00Z', 2)).toBe('2026-01-13T01:00:00.000Z');
  });

  test('given two that must both be there, then only the hours they share count', () => {
    expect(hoursBetween(intersectionOf([vienna, newYork]), ...span)).toBe(2);
    expect(after(intersectionOf([newYork, tokyo]), '2026-01-12T00:00Z', 1)).toBe('never');
  });

  test('given the week in which only one has changed its clocks, then they share an hour more', () => {
    expect(hoursBetween(intersectionOf([vienna, newYork]), '2026-03-16T00:00Z', '2026-03-17T00:00Z')).toBe(3);
  });

  test('given absences, then they are taken off', () => {
    const absences = [{ from: '2026-01-12T09:00:00Z', to: '2026-01-12T10:30:00Z' }];
    expect(hoursBetween(withoutAbsences(vienna, absences), ...span)).toBe(6.5);
  });

  test('given the same as a definition, then it is the same', () => {
    const definition = { union: [vienna.definition, { intersection: [newYork.definition, tokyo.definition] }] };
    const result = compileCalendar(definition);
    expect(result.ok && result.calendar.definition).toEqual(definition);
    expect(result.ok && hoursBetween(result.calendar, ...span)).toBe(8);
  });
});

describe('a definition that is refused', () => {
  const errors = (definition: Partial<BusinessHours>): readonly string[] =>
    errorsOf({ timeZone: 'UTC', hours: [workdays], ...definition });
  const errorsOf = (definition: CalendarDefinition): readonly string[] => {
    const result = compileCalendar(definition);
    return result.ok ? [] : result.errors.map(({ field, reason }) => `${field}: ${reason}`);
  };
  const hours = (from: string, to: string, days: Hours['days'] = ['mon']): Hours => ({ days, from, to });

  test.each([
    ['an unknown zone', { timeZone: 'Europe/Vienne' }, ["timeZone: 'Europe/Vienne' is no IANA time zone"]],
    ['no hours', { hours: [] }, ['hours: needs at least one interval']],
    ['no days', { hours: [hours('09:00', '10:00', [])] }, ['hours.0.days: needs at least one day']],
    ['an empty interval', { hours: [hours('09:00', '09:00')] }, ['hours.0.to: is the same as from: an empty interval']],
    [
      'no such time',
      { hours: [hours('25:00', '9:00')] },
      ['hours.0.from: must be HH:MM', 'hours.0.to: must be HH:MM, at most 24:00'],
    ],
    ['a begin at 24:00', { hours: [hours('24:00', '06:00')] }, ['hours.0.from: must be HH:MM']],
    [
      'an overlap',
      { hours: [hours('09:00', '12:00'), hours('11:00', '13:00')] },
      ['hours.1: overlaps with hours.0 on mon'],
    ],
    [
      'an overlap by night',
      { hours: [hours('22:00', '06:00', ['sun']), hours('05:00', '07:00')] },
      ['hours.1: overlaps with hours.0 on mon'],
    ],
    [
      'a day named twice',
      { hours: [hours('09:00', '12:00', ['tue', 'tue'])] },
      ['hours.0: overlaps with hours.0 on tue'],
    ],
    ['an offset for a zone', { timeZone: '+02:00' }, ["timeZone: '+02:00' is no IANA time zone"]],
    ['no such day', { holidays: [{ date: '2026-02-30' }] }, ['holidays.0.date: must be a day as YYYY-MM-DD']],
    ['no such country', { holidays: { country: 'XX' } }, ["holidays.country: no holidays are known of 'XX'"]],
    ['no such region', { holidays: { country: 'DE', region: 'QQ' } }, ["holidays.region: DE has no region 'QQ'"]],
    [
      'one bad holiday of several',
      { holidays: [{ country: 'AT' }, { country: 'XX' }, { date: 'soon' }] },
      ["holidays.1.country: no holidays are known of 'XX'", 'holidays.2.date: must be a day as YYYY-MM-DD'],
    ],
    [
      'impossible special days',
      {
        exceptions: [
          { date: '2026-02-30', closed: true },
          { date: '2026-03-01' },
          { date: '2026-03-01', closed: true },
          { date: '2026-03-02', hours: [{ from: '25:00', to: '12:00' }] },
          {
            date: '2026-03-03',
            hours: [
              { from: '09:00', to: '12:00' },
              { from: '11:00', to: '13:00' },
            ],
          },
        ],
      },
      [
        'exceptions.0.date: must be a day as YYYY-MM-DD',
        'exceptions.1: needs hours, or closed: true; one of them',
        'exceptions.2.date: has exceptions.1 already',
        'exceptions.3.hours.0.from: must be HH:MM',
        'exceptions.4.hours.1: overlaps with exceptions.4.hours.0',
      ],
    ],
    [
      'impossible shifts',
      { shifts: [{ start: '2026-01-01', duration: 'P60D', rule: 'FREQ=NEVER', except: ['x'] }] },
      [
        'shifts.0.start: must be YYYY-MM-DDTHH:MM',
        'shifts.0.duration: must be an ISO 8601 duration of up to four weeks',
        'shifts.0.rule: FREQ must be one of DAILY, WEEKLY, MONTHLY, YEARLY',
        'shifts.0.except.0: must be a day as YYYY-MM-DD',
      ],
    ],
    [
      'shifts at every quarter of an hour',
      { shifts: Array.from({ length: 20 }, () => everyQuarter) },
      ['shifts: repeats too often: more than a calendar can look through in time'],
    ],
  ] as const)('given %s, then the field and the reason are named', (_name, definition, expected) => {
    expect(errors(definition as Partial<BusinessHours>)).toEqual(expected);
  });

  test('given one that was kept before that was refused, then it is opened as it was', () => {
    const kept = storedCalendar({ timeZone: 'UTC', hours: [], shifts: Array.from({ length: 3 }, () => everyQuarter) });
    expect(hoursBetween(kept, '2026-03-02T00:00Z', '2026-03-03T00:00Z')).toBe(96 / 60);
  });

  test('given one that was kept and would take too long, then that is said', () => {
    const shifts = (many: number) => ({
      timeZone: 'UTC',
      hours: [],
      shifts: Array.from({ length: many }, () => everyQuarter),
    });
    expect(tooDear(shifts(3))).toEqual([]);
    const reason = 'repeats too often: more than a calendar can look through in time';
    expect(tooDear({ union: [shifts(3), shifts(4)] })).toEqual([{ field: 'union.1.shifts', reason }]);
    const iCalendar = eventText('RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9,10,11,12;BYMINUTE=0,15,30,45', 10);
    expect(tooDear({ timeZone: 'UTC', hours: [workdays], events: [{ iCalendar, kind: 'closed' }] })).toEqual([
      { field: 'events.0.iCalendar', reason },
    ]);
  });

  test('given parts that could each be looked through, and all of them together could not, then that is refused', () => {
    const shifts = (many: number) => ({
      ...{ timeZone: 'UTC', hours: [] },
      shifts: Array.from({ length: many }, () => everyQuarter),
    });
    const iCalendar = eventText('RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5,6;BYMINUTE=0,15,30,45', 1);
    const reason = 'repeats too often, all its parts together: more than can be looked through in time';
    const one = { timeZone: 'UTC', hours: [workdays], events: [{ iCalendar, kind: 'closed' as const }] };
    expect(errorsOf(one)).toEqual([]);
    expect(errorsOf({ union: [one, one] })).toEqual([]);
    expect(errorsOf({ union: [{ intersection: [one, one] }, { union: [one, one] }] })).toEqual([`union: ${reason}`]);
    expect(errorsOf({ ...one, events: [...one.events, ...one.events, ...one.events] })).toEqual([`events: ${reason}`]);
    expect(tooDear({ intersection: [shifts(2), shifts(1)] })).toEqual([]);
    expect(tooDear({ intersection: [shifts(3), shifts(3)] })).toEqual([{ field: 'intersection', reason }]);
  });

  test('given that much repeats, then fewer years are looked at', () => {
    const rare = { start: '2026-01-01T00:00', duration: 'PT1H', rule: 'FREQ=YEARLY' };
    const open = 20 * 3_600_000;
    const at = (definition: BusinessHours) =>
      instantAfter(storedCalendar(definition), new Date('2026-01-01T00:00:00Z'), open);
    expect(at({ timeZone: 'UTC', hours: [], shifts: [rare] })).toEqual(new Date('2045-01-01T01:00:00Z'));
    const iCalendar = eventText('RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9,10,11,12;BYMINUTE=0,15,30,45', 1);
    const dear: BusinessHours = { timeZone: 'UTC', hours: [], shifts: [rare], events: [{ iCalendar, kind: 'closed' }] };
    expect(at(dear)).toBe('never');
  });

  test('given a bad composition, then the member is named', () => {
    expect(errorsOf({ union: [] })).toEqual(['union: needs at least one calendar']);
    expect(errorsOf({ intersection: [{ union: [{ timeZone: 'Mars', hours: [workdays] }] }] })).toEqual([
      "intersection.0.union.0.timeZone: 'Mars' is no IANA time zone",
    ]);
    const absences = [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }];
    expect(errorsOf({ calendar: { timeZone: 'UTC', hours: [workdays] }, absences })).toEqual([
      'absences.0.to: must be later than from',
    ]);
  });

  test('given intervals that touch, then they are none the worse', () => {
    expect(errors({ hours: [hours('09:00', '12:00'), hours('12:00', '13:00'), hours('22:00', '09:00')] })).toEqual([]);
    expect(
      errors({ hours: [hours('12:00', '12:30', ['mon', 'tue']), hours('18:00', '00:00', ['mon', 'tue'])] }),
    ).toEqual([]);
  });
});
