import { expect, test } from 'vitest';
import { dayStart } from './day.ts';

const starts = (date: string, zone: string, later?: number) => dayStart(date, zone, later)?.toISOString();

test('a day begins at midnight of its place, in summer and in winter', () => {
  expect(starts('2026-07-01', 'Europe/Vienna')).toBe('2026-06-30T22:00:00.000Z');
  expect(starts('2026-12-01', 'Europe/Vienna')).toBe('2026-11-30T23:00:00.000Z');
  expect(starts('2026-12-01', 'Asia/Kolkata')).toBe('2026-11-30T18:30:00.000Z');
});

test('the day after one on which the clocks change is 23 or 25 hours later', () => {
  expect(starts('2026-03-29', 'Europe/Vienna', 1)).toBe('2026-03-29T22:00:00.000Z');
  expect(starts('2026-10-25', 'Europe/Vienna', 1)).toBe('2026-10-25T23:00:00.000Z');
});

test('where midnight is skipped, the day begins later', () => {
  // Lebanon's clocks go from 00:00 to 01:00 on the last Sunday of March.
  expect(starts('2026-03-29', 'Asia/Beirut')).toBe('2026-03-28T22:00:00.000Z');
});

test('there is no day in no zone, and not every date is a day', () => {
  expect(starts('2026-02-30', 'Europe/Vienna')).toBeUndefined();
  expect(starts('2026-02-01', 'Europe/Atlantis')).toBeUndefined();
});
