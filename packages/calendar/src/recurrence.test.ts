import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import { parseRuleText } from './jcal.ts';
import { lastOf, occurrences, yearlyCost } from './recurrence.ts';

const DAY = 86_400_000;
const wall = (text: string): number => Date.parse(`${text.length === 10 ? `${text}T09:00` : text}Z`);
const shown = (moments: readonly number[]): string[] =>
  moments.map((moment) => new Date(moment).toISOString().slice(0, 10));

function expand(rule: string, start: string, to = '2010-01-01'): string[] {
  return shown(occurrences(parseRuleText(rule).rule, wall(start), { from: 0, to: wall(to) }));
}

describe("the standard's own examples", () => {
  test.each([
    ['FREQ=DAILY;COUNT=3', '1997-09-02', '1997-09-02 1997-09-03 1997-09-04'],
    ['FREQ=DAILY;INTERVAL=10;COUNT=5', '1997-09-02', '1997-09-02 1997-09-12 1997-09-22 1997-10-02 1997-10-12'],
    ['FREQ=WEEKLY;COUNT=4;WKST=SU;BYDAY=TU,TH', '1997-09-02', '1997-09-02 1997-09-04 1997-09-09 1997-09-11'],
    [
      'FREQ=WEEKLY;INTERVAL=2;COUNT=7;WKST=SU;BYDAY=MO,WE,FR',
      '1997-09-01',
      '1997-09-01 1997-09-03 1997-09-05 1997-09-15 1997-09-17 1997-09-19 1997-09-29',
    ],
    ['FREQ=MONTHLY;COUNT=5;BYDAY=1FR', '1997-09-05', '1997-09-05 1997-10-03 1997-11-07 1997-12-05 1998-01-02'],
    [
      'FREQ=MONTHLY;COUNT=6;BYDAY=-2MO',
      '1997-09-22',
      '1997-09-22 1997-10-20 1997-11-17 1997-12-22 1998-01-19 1998-02-16',
    ],
    [
      'FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=6',
      '1997-09-28',
      '1997-09-28 1997-10-29 1997-11-28 1997-12-29 1998-01-29 1998-02-26',
    ],
    ['FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5', '2007-01-15', '2007-01-15 2007-01-30 2007-02-15 2007-03-15 2007-03-30'],
    [
      'FREQ=YEARLY;INTERVAL=3;COUNT=5;BYYEARDAY=1,100,200',
      '1997-01-01',
      '1997-01-01 1997-04-10 1997-07-19 2000-01-01 2000-04-09',
    ],
    ['FREQ=YEARLY;BYDAY=20MO;COUNT=3', '1997-05-19', '1997-05-19 1998-05-18 1999-05-17'],
    ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3', '1997-05-12', '1997-05-12 1998-05-11 1999-05-17'],
    ['FREQ=YEARLY;BYDAY=TH;BYMONTH=3;COUNT=4', '1997-03-13', '1997-03-13 1997-03-20 1997-03-27 1998-03-05'],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=4', '1998-02-13', '1998-02-13 1998-03-13 1998-11-13 1999-08-13'],
    [
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3',
      '1996-11-05',
      '1996-11-05 2000-11-07 2004-11-02',
    ],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04', '1997-09-04 1997-10-07 1997-11-06'],
    [
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=4',
      '1997-09-29',
      '1997-09-29 1997-10-30 1997-11-27 1997-12-30',
    ],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997-08-05', '1997-08-05 1997-08-10 1997-08-19 1997-08-24'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997-08-05', '1997-08-05 1997-08-17 1997-08-19 1997-08-31'],
    ['FREQ=YEARLY;COUNT=3', '1996-02-29', '1996-02-29 2000-02-29 2004-02-29'],
  ])('%s from %s', (rule, start, expected) => {
    expect(expand(rule, start)).toEqual(expected.split(' '));
    // Counted out once, it has an end.
    const value = parseRuleText(rule).rule;
    const until = lastOf(value, wall(start))?.last;
    const [from, to] = [wall('2000-01-01'), wall('2010-01-01')];
    expect(occurrences({ ...value, count: undefined, until }, wall(start), { from, to })).toEqual(
      occurrences(value, wall(start), { from, to }),
    );
  });

  test('given several times a day, then each of them', () => {
    const rule = parseRuleText('FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,30;COUNT=5').rule;
    const found = occurrences(rule, wall('1997-09-02'), { from: 0, to: wall('1998-01-01') });
    expect(found.map((moment) => new Date(moment).toISOString().slice(8, 16))).toEqual([
      '02T09:00',
      '02T09:30',
      '02T10:00',
      '02T10:30',
      '03T09:00',
    ]);
  });
});

describe('what a rule costs', () => {
  test('given a limit, then no further is counted', () => {
    const { rule } = parseRuleText('FREQ=DAILY;COUNT=100000;BYMONTHDAY=31');
    expect(lastOf(rule, wall('2026-01-01'), 1000)).toBeUndefined();
    expect(lastOf(rule, wall('2026-01-01'))).toMatchObject({ last: Infinity });
  });

  test.each([
    ['FREQ=YEARLY', 'FREQ=MONTHLY'],
    ['FREQ=WEEKLY;BYDAY=MO', 'FREQ=DAILY'],
    ['FREQ=DAILY;INTERVAL=100', 'FREQ=DAILY'],
    ['FREQ=DAILY', 'FREQ=DAILY;BYHOUR=8,9,10'],
    ['FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24', 'FREQ=YEARLY;BYDAY=SU'],
  ])('given %s, then it is less than for %s', (little, much) => {
    const cost = (rule: string): number => yearlyCost(parseRuleText(rule).rule, wall('2026-01-01'));
    expect(cost(little)).toBeLessThan(cost(much));
  });
});

test('given a start before 1970, then the days are those that the rule names', () => {
  const { rule } = parseRuleText('FREQ=WEEKLY;BYDAY=MO;COUNT=2');
  const found = occurrences(rule, wall('1969-12-01'), { from: wall('1960-01-01'), to: wall('1970-01-01') });
  expect(shown(found)).toEqual(['1969-12-01', '1969-12-08']);
});

describe('rules that never hold', () => {
  test.each([
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=9',
    'FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20',
  ])('given %s, then only the start is left, and nobody waits for it', (rule) => {
    expect(expand(rule, '2001-01-05')).toEqual(['2001-01-05']);
  });
});

const few = <T>(...values: readonly T[]) => fc.subarray([...values], { minLength: 1, maxLength: 3 });
const parts = {
  weekly: few('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU').map((days) => `FREQ=WEEKLY;BYDAY=${days.join()}`),
  monthDays: few(1, 13, 28, 31, -1).map((days) => `FREQ=MONTHLY;BYMONTHDAY=${days.join()}`),
  nth: fc.constantFrom('1MO', '2TU', '4SU', '-1FR').map((day) => `FREQ=MONTHLY;BYDAY=${day}`),
  yearly: fc.constantFrom('FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', 'FREQ=YEARLY;BYMONTH=5,12;BYMONTHDAY=24', 'FREQ=YEARLY'),
  daily: fc.constantFrom('FREQ=DAILY', 'FREQ=DAILY;BYDAY=MO,FR', 'FREQ=DAILY;BYMONTH=1,7'),
};

/** Whether the start keeps to the rule: else the libraries differ, and the standard leaves it open. */
function synchronous(rule: string, start: number): boolean {
  return occurrences({ ...parseRuleText(rule).rule, count: undefined, interval: 1 }, start - 800 * DAY, {
    from: start,
    to: start + 1,
  }).includes(start);
}

test('given a rule and a stretch of time anywhere, then it is expanded as another library does from the start', () => {
  const rules = fc
    .tuple(
      fc.oneof(parts.weekly, parts.monthDays, parts.nth, parts.yearly, parts.daily),
      fc.integer({ min: 1, max: 4 }),
    )
    .map(([rule, interval]) => `${rule};INTERVAL=${String(interval)}`);
  let compared = 0;
  fc.assert(
    fc.property(rules, fc.nat(2000), fc.nat(1500), fc.integer({ min: 1, max: 400 }), (rule, day, later, length) => {
      const start = wall('2010-01-01') + day * DAY;
      if (!synchronous(rule, start)) return;
      const range = { from: start + later * DAY, to: start + (later + length) * DAY };
      const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromJSDate(new Date(start), true));
      const expected: number[] = [];
      for (let next = iterator.next() as ICAL.Time | null; next !== null; next = iterator.next() as ICAL.Time | null) {
        const moment = next.toJSDate().getTime();
        if (moment >= range.to) break;
        if (moment >= range.from) expected.push(moment);
      }
      compared += 1;
      expect(shown(occurrences(parseRuleText(rule).rule, start, range))).toEqual(shown(expected));
    }),
    { numRuns: 400 },
  );
  expect(compared).toBeGreaterThan(50);
});
