import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdFor, judge, MOST_ATTEMPTS, nextPause } from './schedule.ts';

const now = new Date('2026-11-22T10:00:00Z');
const HOUR = 3_600_000;

describe('the schedule', () => {
  test('is that of the standard: ten attempts over 75 hours and a half', () => {
    const pauses = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, at) => nextPause(at + 1, 0.5) ?? Number.NaN);

    expect(pauses.map((pause) => pause / 1000)).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    expect(pauses.reduce((sum, pause) => sum + pause, 0) / HOUR).toBeCloseTo(75.6, 1);
    expect(nextPause(MOST_ATTEMPTS, 0.5)).toBeUndefined();
  });

  test('spreads each pause by a fifth, is never earlier than asked for, and never more than a day later', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MOST_ATTEMPTS - 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(10 * 24 * HOUR),
        (attempt, chance, asked) => {
          const middle = nextPause(attempt, 0.5) ?? 0;
          const pause = nextPause(attempt, chance, asked) ?? 0;

          expect(pause).toBeGreaterThanOrEqual(Math.max(Math.floor(0.8 * middle), Math.min(asked, 24 * HOUR)));
          expect(pause).toBeLessThanOrEqual(Math.max(Math.ceil(1.2 * middle), 24 * HOUR));
        },
      ),
    );
  });
});

describe('an answer', () => {
  test.each([
    ...[200, 201, 204, 299].map((status) => [status, 'delivered', false] as const),
    ...[301, 302, 307, 308, 100, 400, 401, 404, 409, 500, 501].map((status) => [status, 'failed', false] as const),
    ...[429, 502, 503, 504].map((status) => [status, 'failed', true] as const),
    [410, 'gone', false] as const,
    [undefined, 'failed', true] as const,
  ])('%s is %s, throttling: %s', (status, kind, isThrottling) => {
    expect(judge(status, undefined, now)).toEqual({ kind, isThrottling });
  });

  test.each([
    ['120', 120_000],
    [' 7 ', 7000],
    ['Sun, 22 Nov 2026 10:01:00 GMT', 60_000],
    ['Sun, 22 Nov 2026 09:00:00 GMT', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['0', undefined],
  ])('asks by Retry-After %s for %s ms', (header, asked) => {
    expect(judge(503, header, now).retryAfter).toBe(asked);
  });
});

describe('a subscriber in trouble', () => {
  const away = { isThrottling: true };

  test('is left alone ever longer, up to a quarter of an hour', () => {
    const holds = [1, 2, 3, 4, 20, 1000].map((failures) => (holdFor(away, failures, 0.5) ?? 0) / 1000);

    expect(holds).toEqual([5, 10, 20, 40, 900, 900]);
  });

  test('is left alone for as long as it asks, up to an hour', () => {
    expect(holdFor({ ...away, retryAfter: 600_000 }, 1, 0.5)).toBe(600_000);
    expect(holdFor({ ...away, retryAfter: 100 * HOUR }, 1, 0.5)).toBe(HOUR);
  });

  test('is one that refuses ten times in a row, not one that refuses now and then', () => {
    const refusal = { isThrottling: false };

    expect(holdFor(refusal, 9, 0.5)).toBeUndefined();
    expect(holdFor(refusal, 10, 0.5)).toBeGreaterThan(0);
  });
});
