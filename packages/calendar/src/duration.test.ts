import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './index.ts';

const MINUTE = 60_000;

test.each([
  ['PT30M', 30 * MINUTE],
  ['P1D', 24 * 60 * MINUTE],
  ['P1DT12H', 36 * 60 * MINUTE],
  ['PT90S', 90_000],
  ['PT0.5S', 500],
  ['P2W', 14 * 24 * 60 * MINUTE],
  ['PT0S', 0],
])('given %s, then it is %d ms', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each([
  '',
  'P',
  'PT',
  'P1DT',
  '30M',
  'P1M',
  'P1Y',
  'PT-5M',
  '-PT5M',
  'pt5m',
  'PT1.5H',
  'P99999999999999999D',
  'PT5M ',
  'PT1S1M',
])('given %j, then it is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [0, 'PT0S'],
  [30 * MINUTE, 'PT30M'],
  [36 * 60 * MINUTE, 'P1DT12H'],
  [1_500, 'PT1.5S'],
])('given %d ms, then it is written %s', (milliseconds, expected) => {
  expect(formatDuration(milliseconds)).toBe(expected);
});

test('given any milliseconds, then reading what was written gives them back', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10 ** 13 }), (milliseconds) => {
      expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
    }),
  );
});
