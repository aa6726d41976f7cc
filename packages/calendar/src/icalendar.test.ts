import { describe, expect, test } from 'vitest';
import { compileCalendar, openDuration, openIntervals, readFeed } from './index.ts';
import type { BusinessHours, Calendar } from './index.ts';

const HOUR = 3_600_000;

function calendar(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}
const event = (...lines: readonly string[]): string => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n');

const VIENNA = [
  'BEGIN:VTIMEZONE',
  'TZID:Wien',
  'BEGIN:STANDARD',
  'DTSTART:19701025T030000',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:19700329T020000',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
].join('\r\n');

const roundTheClock = [
  { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' },
] as const;

function compiled(definition: Partial<BusinessHours>): Calendar {
  const result = compileCalendar({ timeZone: 'UTC', hours: roundTheClock, ...definition });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.calendar;
}

/** What a text closes of a time that is open throughout: `from/to` in UTC, as short as may be. */
function closedBy(text: string, [from, to]: readonly [string, string], timeZone = 'UTC'): string[] {
  const open = openIntervals(
    compiled({ timeZone, events: [{ iCalendar: text, kind: 'closed' }] }),
    new Date(from),
    new Date(to),
  );
  const edges = [Date.parse(from), ...open.flat(), Date.parse(to)];
  const brief = (instant: number): string => new Date(instant).toISOString().slice(0, 16);
  return edges.flatMap((edge, index) => {
    const next = edges[index + 1] ?? edge;
    return index % 2 === 0 && edge < next ? [`${brief(edge)}/${brief(next)}`] : [];
  });
}

const YEAR = ['2026-01-01T00:00Z', '2027-01-01T00:00Z'] as const;

describe('events', () => {
  test.each([
    ['a whole day', event('DTSTART;VALUE=DATE:20260501'), ['2026-05-01T00:00/2026-05-02T00:00']],
    [
      'some days',
      event('DTSTART;VALUE=DATE:20260501', 'DTEND;VALUE=DATE:20260504'),
      ['2026-05-01T00:00/2026-05-04T00:00'],
    ],
    ['hours', event('DTSTART:20260501T100000Z', 'DTEND:20260501T123000Z'), ['2026-05-01T10:00/2026-05-01T12:30']],
    ['a duration', event('DTSTART:20260501T100000Z', 'DURATION:PT90M'), ['2026-05-01T10:00/2026-05-01T11:30']],
    ['no length', event('DTSTART:20260501T100000Z'), []],
    ['a cancellation', event('DTSTART;VALUE=DATE:20260501', 'STATUS:CANCELLED'), []],
    [
      'a free day, as holidays are marked by some',
      event('DTSTART;VALUE=DATE:20260501', 'TRANSP:TRANSPARENT'),
      ['2026-05-01T00:00/2026-05-02T00:00'],
    ],
    [
      'a rule with an end and days that fall out',
      event(
        'DTSTART:20260105T100000Z',
        'DTEND:20260105T110000Z',
        'RRULE:FREQ=WEEKLY;UNTIL=20260126T100000Z',
        'EXDATE:20260112T100000Z',
      ),
      ['2026-01-05T10:00/2026-01-05T11:00', '2026-01-19T10:00/2026-01-19T11:00', '2026-01-26T10:00/2026-01-26T11:00'],
    ],
    [
      'further dates and a period',
      event(
        'DTSTART:20260105T100000Z',
        'DURATION:PT1H',
        'RDATE:20260201T100000Z',
        'RDATE;VALUE=PERIOD:20260301T100000Z/PT2H',
      ),
      ['2026-01-05T10:00/2026-01-05T11:00', '2026-02-01T10:00/2026-02-01T11:00', '2026-03-01T10:00/2026-03-01T12:00'],
    ],
    [
      'further dates told in UTC, and in another zone',
      event(
        'DTSTART;TZID=Europe/Vienna:20260105T100000',
        'DURATION:PT1H',
        'RDATE:20260201T100000Z',
        'RDATE;TZID=America/New_York:20260301T100000,20260302T100000',
        'RDATE;TZID=Europe/Vienna:20260401T100000',
        'EXDATE:20260302T150000Z',
      ),
      [
        '2026-01-05T09:00/2026-01-05T10:00',
        '2026-02-01T10:00/2026-02-01T11:00',
        '2026-03-01T15:00/2026-03-01T16:00',
        '2026-04-01T08:00/2026-04-01T09:00',
      ],
    ],
    [
      'a whole day that names itself as its end',
      event('DTSTART;VALUE=DATE:20260501', 'DTEND;VALUE=DATE:20260501'),
      ['2026-05-01T00:00/2026-05-02T00:00'],
    ],
    [
      'one that was moved, and one that was cancelled',
      [
        event('UID:a', 'DTSTART:20260105T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=3'),
        event('UID:a', 'RECURRENCE-ID:20260106T100000Z', 'DTSTART:20260106T150000Z', 'DURATION:PT1H'),
        event('UID:a', 'RECURRENCE-ID:20260107T100000Z', 'DTSTART:20260107T100000Z', 'STATUS:CANCELLED'),
      ].join('\r\n'),
      ['2026-01-05T10:00/2026-01-05T11:00', '2026-01-06T15:00/2026-01-06T16:00'],
    ],
  ])('given %s, then that is closed', (_name, text, expected) => {
    expect(closedBy(calendar(text), YEAR)).toEqual(expected);
  });

  test('given a rule without an end, then it holds in any year that is asked for', () => {
    const text = calendar(event('DTSTART;VALUE=DATE:19000101', 'RRULE:FREQ=YEARLY'));
    expect(closedBy(text, ['2099-06-01T00:00Z', '2100-06-01T00:00Z'])).toEqual(['2100-01-01T00:00/2100-01-02T00:00']);
  });

  test('given whole days, then they are those of the calendar, as long as its clock makes them', () => {
    const text = calendar(event('DTSTART;VALUE=DATE:20260329'));
    const range = ['2026-03-01T00:00Z', '2026-04-01T00:00Z'] as const;
    expect(closedBy(text, range, 'Europe/Vienna')).toEqual(['2026-03-28T23:00/2026-03-29T22:00']);
  });

  test('given an opening event, then it opens what is closed, holidays too', () => {
    const office = compiled({
      timeZone: 'Europe/Vienna',
      hours: [{ days: ['mon'], from: '09:00', to: '10:00' }],
      holidays: { country: 'AT' },
      events: [{ iCalendar: calendar(event('DTSTART:20261208T100000', 'DURATION:PT6H')), kind: 'open' }],
    });
    expect(openDuration(office, new Date('2026-12-08T00:00Z'), new Date('2026-12-09T00:00Z'))).toBe(6 * HOUR);
  });
});

describe('zones', () => {
  const daily = (zone: string): string =>
    event(`DTSTART;TZID=${zone}:20260328T023000`, 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=3');
  const summer = [
    '2026-03-28T01:30/2026-03-28T02:30',
    '2026-03-29T01:30/2026-03-29T02:30',
    '2026-03-30T00:30/2026-03-30T01:30',
  ];
  const nightly = (zone: string): string => event(`DTSTART;TZID=${zone}:20261025T023000`, 'DURATION:PT1H');

  test.each([
    ['described in the text', calendar(VIENNA, daily('Wien')), summer],
    ['known by its name', calendar(daily('Europe/Vienna')), summer],
  ])('given a zone %s and a time that is skipped, then it is told from before the change', (_name, text, expected) => {
    expect(closedBy(text, YEAR)).toEqual(expected);
  });

  test.each([
    ['described in the text', calendar(VIENNA, nightly('Wien'))],
    ['known by its name', calendar(nightly('Europe/Vienna'))],
  ])('given a zone %s and a time that comes twice, then the first is meant', (_name, text) => {
    expect(closedBy(text, YEAR)).toEqual(['2026-10-25T00:30/2026-10-25T01:30']);
  });

  test('given an end by the clock, then every repetition lasts as long as the first', () => {
    const text = calendar(
      event(
        'DTSTART;TZID=Europe/Vienna:20260327T220000',
        'DTEND;TZID=Europe/Vienna:20260328T060000',
        'RRULE:FREQ=DAILY;COUNT=2',
      ),
    );
    expect(closedBy(text, YEAR)).toEqual(['2026-03-27T21:00/2026-03-28T05:00', '2026-03-28T21:00/2026-03-29T05:00']);
  });

  test('given a duration of days, then it ends by the clock', () => {
    const text = calendar(event('DTSTART;TZID=Europe/Vienna:20260328T120000', 'DURATION:P1D'));
    expect(closedBy(text, YEAR)).toEqual(['2026-03-28T11:00/2026-03-29T10:00']);
  });

  test('given no zone at all, then it is the calendar’s', () => {
    const text = calendar(event('DTSTART:20260701T120000', 'DURATION:PT1H'));
    expect(closedBy(text, YEAR, 'America/New_York')).toEqual(['2026-07-01T16:00/2026-07-01T17:00']);
  });

  test('given a described zone, then it agrees with the one that is known, all through a year', () => {
    const rule = 'RRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5;BYMINUTE=0,30';
    const text = (zone: string): string =>
      calendar(VIENNA, event(`DTSTART;TZID=${zone}:20260101T000000`, 'DURATION:PT10M', rule));
    const range = ['2026-01-01T00:00Z', '2027-01-01T00:00Z'] as const;
    expect(closedBy(text('Wien'), range)).toEqual(closedBy(text('Europe/Vienna'), range));
  });
});

describe('shifts', () => {
  const night = {
    start: '2026-03-23T22:00',
    duration: 'PT8H',
    rule: 'FREQ=WEEKLY;BYDAY=MO,SA',
    except: ['2026-03-30'],
  };
  const roster = compiled({
    timeZone: 'Europe/Vienna',
    hours: [],
    shifts: [night],
    holidays: [{ date: '2026-04-05' }],
  });

  test('given a rule, then work is where it says, for as long as it says, less holidays', () => {
    const shown = openIntervals(roster, new Date('2026-03-23T00:00Z'), new Date('2026-04-08T00:00Z')).map(
      ([from, to]) => [from, to].map((instant) => new Date(instant).toISOString().slice(5, 16)).join('/'),
    );
    expect(shown).toEqual([
      '03-23T21:00/03-24T05:00',
      '03-28T21:00/03-29T05:00',
      '04-04T20:00/04-04T22:00',
      '04-06T20:00/04-07T04:00',
    ]);
  });
});

describe('a text that is refused', () => {
  test.each([
    ['nothing', '', 'is no iCalendar text'],
    ['a web page', '<html></html>', 'invalid line'],
    ['half a text', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n', 'component began but did not end'],
    ['something else', 'BEGIN:VCARD\r\nEND:VCARD\r\n', 'is no iCalendar text'],
    ['no beginning', calendar(event('UID:x')), "the event 'x': has no DTSTART"],
    ['no such day', calendar(event('DTSTART;VALUE=DATE:20260230')), 'is no date or time'],
    ['a backward end', calendar(event('DTSTART:20260501T100000Z', 'DTEND:20260501T090000Z')), 'ends before it begins'],
    ['a rule by seconds', calendar(event('DTSTART:20260501T100000Z', 'RRULE:FREQ=SECONDLY')), 'FREQ must be one of'],
    [
      'a rule of too many times',
      calendar(
        event('DTSTART:20260501T100000Z', 'RRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3,4,5,6;BYSECOND=1,2,3,4,5,6'),
      ),
      'more than 96 times a day',
    ],
    [
      'a zone nobody knows',
      calendar(event('DTSTART;TZID=Mars/Base:20260501T100000')),
      "the time zone 'Mars/Base' is neither",
    ],
    [
      'all that follow',
      calendar(event('UID:a', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20260501T100000Z', 'DTSTART:20260501T100000Z')),
      'RANGE',
    ],
  ])('given %s, then the reason is told', (_name, text, reason) => {
    const read = readFeed(text);
    expect(read).toMatchObject({ ok: false });
    expect(read.ok ? '' : read.reason).toContain(reason);
  });

  test('given one in a definition, then its field is named', () => {
    const result = compileCalendar({
      timeZone: 'UTC',
      hours: roundTheClock,
      events: [{ iCalendar: 'x', kind: 'closed' }],
    });
    expect(result).toMatchObject({ ok: false, errors: [{ field: 'events.0.iCalendar' }] });
  });
});

describe('a feed that would keep a calendar busy', () => {
  const many = (count: number, ...lines: readonly string[]): string =>
    calendar(...Array.from({ length: count }, (_, n) => event(`UID:${String(n)}`, ...lines)));
  const zone = VIENNA.replace(
    'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
    `FREQ=DAILY;BYMINUTE=${Array.from({ length: 60 }, (_, minute) => minute).join()}`,
  );
  const daily = 'RRULE:FREQ=DAILY';

  test.each([
    ['very many daily events', many(1000, 'DTSTART:20260101T000000Z', 'DURATION:PT1H', daily)],
    ['few that count far from long ago', many(5, 'DTSTART:00010101T000000Z', `${daily};COUNT=100000;BYMONTHDAY=31`)],
    ['a few, for ages each', many(5, 'DTSTART:20260101T000000Z', 'DURATION:P36500D', daily)],
    ['a zone that changes its clocks at every turn', calendar(zone, event('DTSTART;TZID=Wien:99990101T000000'))],
  ])('given %s, then it is refused with the reason', (_what, text) => {
    expect(readFeed(text)).toEqual({ ok: false, reason: expect.stringContaining('repeats too often') as string });
    const definition = {
      timeZone: 'UTC',
      hours: roundTheClock,
      events: [{ iCalendar: text, kind: 'closed' as const }],
    };
    expect(compileCalendar(definition)).toMatchObject({ ok: false, errors: [{ field: 'events.0.iCalendar' }] });
  });

  test.each([
    ['events of a year', many(5000, 'DTSTART:20260101T000000Z', 'DURATION:PT1H')],
    ['birthdays', many(400, 'DTSTART;VALUE=DATE:19700301', 'RRULE:FREQ=YEARLY')],
    ['lessons', many(200, 'DTSTART:20260105T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=20')],
    ['one that counts far', many(1, 'DTSTART:00010101T000000Z', `${daily};COUNT=100000`)],
  ])('given as many %s as people have, then they are read', (_what, text) => {
    expect(readFeed(text)).toMatchObject({ ok: true });
  });
});

describe('what counts of a feed', () => {
  const holiday = (stamp: string, ...more: readonly string[]): string =>
    event('UID:a', `DTSTAMP:${stamp}`, 'SEQUENCE:1', 'DTSTART;VALUE=DATE:20260501', 'SUMMARY:Labour Day', ...more);
  const other = event('UID:b', 'DTSTART;VALUE=DATE:20260601');
  const content = (...lines: readonly string[]): string => {
    const read = readFeed(calendar(...lines));
    if (!read.ok) throw new Error(read.reason);
    return read.iCalendar;
  };

  test('given other stamps, order and alarms, then it is the same', () => {
    const alarm = 'BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM';
    expect(content(holiday('20260101T000000Z'), other)).toBe(
      content('PRODID:x', other, holiday('20260202T000000Z', alarm)),
    );
  });

  test('given other names, texts and states, then it is the same', () => {
    const told = (name: string, ...lines: readonly string[]): string =>
      event(`UID:${name}`, `SUMMARY:Seen ${name}`, 'DTSTART:20260101T000000Z', 'DURATION:PT1M', ...lines);
    expect(content(told('a'), told('b', 'STATUS:CANCELLED'))).toBe(
      content(event('STATUS:CONFIRMED', 'DURATION:PT1M', 'DTSTART:20260101T000000Z', 'UID:c'), told('d')),
    );
  });

  test('given one that is put in the place of another, then it still is', () => {
    const text = [
      VIENNA,
      event('UID:z', 'DTSTART;TZID=Wien:20260302T090000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=3'),
      event('UID:z', 'RECURRENCE-ID;TZID=Wien:20260303T090000', 'DTSTART;TZID=Wien:20260303T120000', 'DURATION:PT2H'),
      event('UID:z', 'RECURRENCE-ID:20260304T080000Z', 'STATUS:CANCELLED', 'DTSTART:20260304T080000Z'),
    ];
    expect(closedBy(calendar(...text), YEAR)).toHaveLength(2);
    expect(closedBy(content(...text), YEAR)).toEqual(closedBy(calendar(...text), YEAR));
    expect(readFeed(content(...text))).toEqual({ ok: true, iCalendar: content(...text) });
  });

  test('given zones with whatever within them, then it is read all the same', () => {
    const [begin, end] = ['BEGIN:X', 'END:X'].map((line) => Array.from({ length: 20_000 }, () => line).join('\r\n'));
    const zone = VIENNA.replace('END:VTIMEZONE', [begin, end, 'END:VTIMEZONE'].join('\r\n'));
    const timed = event('UID:t', 'DTSTART;TZID=Wien:20260302T090000', 'DURATION:PT1H');
    expect(closedBy(content(zone, timed), YEAR)).toEqual(closedBy(calendar(VIENNA, timed), YEAR));
  });

  test('given another day, then it is another', () => {
    expect(content(other)).not.toBe(content(event('UID:b', 'DTSTART;VALUE=DATE:20260602')));
  });

  test('given what was reduced, then it closes the same', () => {
    const text = [
      VIENNA,
      event('UID:z', 'DTSTART;TZID=Wien:20260328T023000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=3'),
    ];
    expect(closedBy(content(...text), YEAR)).toEqual(closedBy(calendar(...text), YEAR));
  });
});
