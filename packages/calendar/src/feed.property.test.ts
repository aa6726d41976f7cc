/** Texts of others, reduced to what counts; and stretches of time as sets of moments. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileCalendar, openIntervals, readFeed } from './index.ts';
import { clipped, shared, tidy, united, without } from './intervals.ts';
import type { Interval } from './intervals.ts';

const oneOf = fc.constantFrom;
const two = (n: number): string => String(n).padStart(2, '0');
const day = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([m, d]) => `2026${two(m)}${two(d)}`);
const time = fc.tuple(day, fc.nat(23)).map(([date, hour]) => `${date}T${two(hour)}0000`);
const rule = oneOf(
  'FREQ=DAILY;COUNT=3',
  'FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260901T000000Z',
  'FREQ=MONTHLY;BYMONTHDAY=-1',
);

const event = fc
  .record({
    uid: oneOf('a', 'b', 'c'),
    begin: fc.oneof(
      day.map((date) => [`DTSTART;VALUE=DATE:${date}`]),
      fc.tuple(time, oneOf('Z', '')).map(([at, zone]) => [`DTSTART:${at}${zone}`, 'DURATION:PT2H']),
      time.map((at) => [`DTSTART;TZID=Europe/Vienna:${at}`, 'DURATION:PT30M']),
    ),
    rest: fc.subarray(['SUMMARY:Closed\\, really', 'X-NOTE:x', 'TRANSP:OPAQUE', 'LOCATION:Wien']),
    rule: fc.option(rule, { nil: undefined }),
    /** The first of those that repeat. */
    except: fc.boolean(),
    isOff: oneOf(false, false, false, true),
  })
  .map(({ uid, begin, rest, rule: repeats, except, isOff }) => [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    ...begin,
    ...(repeats === undefined ? [] : [`RRULE:${repeats}`]),
    ...(except && repeats !== undefined ? begin.slice(0, 1).map((line) => line.replace('DTSTART', 'EXDATE')) : []),
    ...(isOff ? ['STATUS:CANCELLED'] : []),
    ...rest,
    'END:VEVENT',
  ]);
const events = fc.array(event, { maxLength: 4 });
const feed = (all: readonly (readonly string[])[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...all.flat(), 'END:VCALENDAR', ''].join('\r\n');

function reduced(text: string): string {
  const read = readFeed(text);
  if (!read.ok) throw new Error(read.reason);
  return read.iCalendar;
}

/** When a text closes what is open throughout. */
function closedBy(iCalendar: string): readonly Interval[] {
  const hours = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' }] as const;
  const result = compileCalendar({ timeZone: 'America/Sao_Paulo', hours, events: [{ iCalendar, kind: 'closed' }] });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return openIntervals(result.calendar, new Date('2026-01-01T03:00Z'), new Date('2027-01-01T03:00Z'));
}

describe('a feed', () => {
  test('given any events, then what is left of them closes the same, and reducing it again leaves it', () => {
    fc.assert(
      fc.property(events, (all) => {
        const text = feed(all);
        const left = reduced(text);
        expect(reduced(left)).toBe(left);
        expect(closedBy(left)).toEqual(closedBy(text));
      }),
      { numRuns: 30 },
    );
  });

  test('given its events in another order, twice, or with other words, then it says the same', () => {
    fc.assert(
      fc.property(events, oneOf('SUMMARY:Other words', 'X-ELSE:y', 'SEQUENCE:3'), (all, words) => {
        const others = [...all].reverse().map((lines) => [...lines.slice(0, -1), words, 'END:VEVENT']);
        expect(reduced(feed(others))).toBe(reduced(feed(all)));
        expect(reduced(feed([...all, ...all]))).toBe(reduced(feed(all)));
      }),
      { numRuns: 30 },
    );
  });

  test('given any text, then it is read, and what is left of it again, or refused for a reason', () => {
    const line = oneOf(
      ...[
        'BEGIN:VCALENDAR',
        'END:VCALENDAR',
        'BEGIN:VEVENT',
        'END:VEVENT',
        'BEGIN:VTIMEZONE',
        'TZID:X',
        'END:VTIMEZONE',
      ],
      ...[
        'DTSTART:20260231T250000',
        'DTSTART;TZID=X:20260301T010000',
        'DTSTART;VALUE=DATE:2026',
        'DTSTART:',
        'DURATION:P1Y',
      ],
      ...[
        'RRULE:FREQ=SECONDLY',
        'RRULE:COUNT=0',
        'RDATE;VALUE=PERIOD:x/y',
        'EXDATE:x',
        'BEGIN:STANDARD',
        'END:STANDARD',
      ],
      ...[
        'TZOFFSETTO:x',
        'TZOFFSETFROM:+9999',
        'RECURRENCE-ID;RANGE=THISANDFUTURE:20260101',
        'DTEND:19000101',
        '',
        ':',
        ';=',
      ],
      ...['constructor:x', '__proto__;__proto__=y:z'],
    );
    const text = fc.oneof(
      fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\r\n')),
      fc.tuple(events, line, fc.nat(30)).map(([all, odd, at]) => {
        const lines = feed(all).split('\r\n');
        return [...lines.slice(0, at), odd, ...lines.slice(at)].join('\r\n');
      }),
      fc.string({ unit: 'binary', maxLength: 60 }),
    );
    fc.assert(
      fc.property(text, (given) => {
        const read = readFeed(given);
        if (read.ok) expect(readFeed(read.iCalendar).ok).toBe(true);
        else expect(read.reason).not.toBe('');
      }),
      { numRuns: 80 },
    );
  });
});

describe('stretches of time', () => {
  const interval = fc.tuple(fc.nat(20), fc.nat(20)).map(([a, b]): Interval => [a, b]);
  const lists = fc.array(interval, { maxLength: 6 });
  const all = Array.from({ length: 22 }, (_, n) => n);
  const moments = (list: readonly Interval[]): number[] =>
    all.filter((n) => list.some(([from, to]) => from <= n && n < to));
  const isTidy = (list: readonly Interval[]): boolean =>
    list.every(([from, to], n) => from < to && (n === 0 || (list[n - 1]?.[1] ?? 0) < from));

  test('given any, then they add, meet and take away as the moments in them do, and stay tidy', () => {
    fc.assert(
      fc.property(lists, lists, interval, (left, right, [x, y]) => {
        const [a, b] = [tidy(left), tidy(right)];
        const [inA, inB] = [new Set(moments(left)), new Set(moments(right))];
        const bounds: Interval = [Math.min(x, y), Math.max(x, y) + 1];
        expect(moments(a)).toEqual([...inA]);
        expect(moments(united([a, b]))).toEqual(all.filter((n) => inA.has(n) || inB.has(n)));
        expect(moments(shared(a, b))).toEqual(all.filter((n) => inA.has(n) && inB.has(n)));
        expect(moments(without(a, b))).toEqual(all.filter((n) => inA.has(n) && !inB.has(n)));
        expect(moments(clipped(a, bounds))).toEqual([...inA].filter((n) => n >= bounds[0] && n < bounds[1]));
        for (const list of [a, united([a, b]), shared(a, b), without(a, b), clipped(a, bounds)])
          expect(isTidy(list)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
