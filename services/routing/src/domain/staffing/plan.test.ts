import { expect, it } from 'vitest';
import { peakOf } from './need.ts';
import { rangeOf, warningsOf } from './plan.ts';

it('the range is as wide as chance makes it: more than a normal tenth off the mean on either side, never below nothing', () => {
  const { low, high } = rangeOf(100, 1);
  expect(high - 100).toBeCloseTo(12.8, 1);
  expect(100 - low).toBeCloseTo(12.8, 1);
  expect(rangeOf(100, 4).high - 100).toBeCloseTo(25.6, 1);
  expect(rangeOf(1, 9).low).toBe(0);
});

it('the peak is the work of the busiest interval', () => {
  const interval = { from: 0, to: 1_800_000, isOpen: true };
  expect(
    peakOf(
      [
        { ...interval, arrivals: 10 },
        { ...interval, arrivals: 30 },
      ],
      { handlingMs: 600_000, closedElsewhere: false },
    ),
  ).toBe(10);
  expect(peakOf([], { handlingMs: 600_000, closedElsewhere: false })).toBe(0);
});

it('what was held while it was closed is work of the peak: a night may be more than can be reckoned with', () => {
  const night = Array.from({ length: 9 }, (_, n) => ({ from: n, to: n + 1, isOpen: false, arrivals: 5 }));
  const all = [...night, { from: 9, to: 10, isOpen: true, arrivals: 5 }];
  expect(peakOf(all, { handlingMs: 2, closedElsewhere: false })).toBe(100);
  expect(peakOf(all, { handlingMs: 2, closedElsewhere: true })).toBe(10);
});

it('what little is known is said', () => {
  const history = { slotsPerDay: 48, weeks: [] };
  expect(warningsOf(history, null)).toEqual([
    'nothing came in until today: nothing can be expected',
    'nothing was finished: state handling to be told how many agents it takes',
  ]);
  const week = { counts: [1], open: [true] } as never;
  expect(warningsOf({ ...history, weeks: [week] }, 1000)).toEqual(['learned from 1 weeks only']);
  expect(warningsOf({ ...history, weeks: [week, week, week, week] }, 1000)).toEqual([]);
});
