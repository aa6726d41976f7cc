import { expect, test } from 'vitest';
import { periodBounds } from './periods.ts';

const bounds = (period: 'day' | 'week' | 'month', [from, to]: readonly [string, string], timeZone: string) =>
  periodBounds({ period, from, to, timeZone }, 400);

test('days begin at midnight, but one whose midnight the clocks skip', () => {
  // Cairo went from 00:00 to 01:00 on Friday 2026-04-24: that day began at 22:00Z, those behind it at 21:00Z.
  expect(bounds('day', ['2026-04-24T10:00:00.000Z', '2026-04-26T10:00:00.000Z'], 'Africa/Cairo')).toEqual([
    '2026-04-22T22:00:00.000Z',
    '2026-04-23T22:00:00.000Z',
    '2026-04-24T21:00:00.000Z',
    '2026-04-25T21:00:00.000Z',
    '2026-04-26T21:00:00.000Z',
  ]);
});

test('weeks begin on Monday and months on their first, by the clock of the zone', () => {
  expect(bounds('week', ['2026-03-27T10:00:00.000Z', '2026-03-30T10:00:00.000Z'], 'Europe/Vienna')).toEqual([
    '2026-03-15T23:00:00.000Z',
    '2026-03-22T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
    '2026-04-05T22:00:00.000Z',
  ]);
  expect(bounds('month', ['2026-03-31T10:00:00.000Z', '2026-03-31T22:00:00.000Z'], 'Europe/Vienna')).toEqual([
    '2026-01-31T23:00:00.000Z',
    '2026-02-28T23:00:00.000Z',
    '2026-03-31T22:00:00.000Z',
  ]);
});
