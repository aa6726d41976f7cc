import { compileCalendar } from '@switchboard/calendar';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../testing/match-instances.ts';
import { errorOf, learn, poissonDeviation } from './arrivals.ts';
import type { History } from './arrivals.ts';
import { needs } from './need.ts';
import { historyOf, midnightBefore, slotOfWeek, slotsBetween, weeksAhead } from './timetable.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const MINUTE_MS = 60_000;

/** Hourly: ten on Mondays at nine, five at other working hours, nothing at night; level by week. */
const pattern = (slot: number): number => {
  const [day, hour] = [Math.floor(slot / 24), slot % 24];
  if (day > 4 || hour < 8 || hour > 17) return 0;
  return day === 0 && hour === 9 ? 10 : 5;
};

const slots = Array.from({ length: 168 }, (_, slot) => slot);
const open = slots.map(() => true);

const exact = (levels: readonly number[]): History => ({
  slotsPerDay: 24,
  weeks: levels.map((level) => ({ counts: slots.map((slot) => level * pattern(slot)), open })),
});

function byChance(weeks: number, seed: number): History {
  const random = createRandom(seed);
  const poisson = (mean: number): number => {
    let [count, product] = [-1, 1];
    for (; product > Math.exp(-mean); count += 1) product *= random();
    return Math.max(0, count);
  };
  return {
    slotsPerDay: 24,
    weeks: Array.from({ length: weeks }, () => ({ counts: slots.map((slot) => poisson(pattern(slot))), open })),
  };
}

describe('a forecast of arrivals', () => {
  it('given weeks alike, then the next is like them', () => {
    const { expected } = learn(exact([1, 1, 1, 1, 1, 1, 1, 1]));
    expect(expected(9, true, 1)).toBeGreaterThan(8.5);
    expect(expected(33, true, 1)).toBeCloseTo(5, 0);
    expect(expected(150, true, 1)).toBe(0);
  });

  it('given that ever more comes, then more is expected, and not for ever', () => {
    const { expected } = learn(exact([1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7]));
    const sum = (ahead: number): number => slots.reduce((all, slot) => all + expected(slot, true, ahead), 0);
    const last = slots.reduce((all, slot) => all + 1.7 * pattern(slot), 0);
    expect(sum(1) / last).toBeGreaterThan(0.97);
    expect(sum(1) / last).toBeLessThan(1.1);
    expect(sum(8)).toBeGreaterThanOrEqual(sum(1));
    expect(sum(50) / last).toBeLessThan(1.6);
  });

  it('given arrivals by chance, then it is hardly worse than chance, and better than the week before', () => {
    const errors = [1, 2, 3].map((seed) => errorOf(byChance(10, seed)));
    for (const error of errors) {
      expect(error?.weeks).toBe(4);
      expect(error?.wape).toBeLessThan(1.15 * (error?.chanceWape ?? 0));
      expect(error?.wape).toBeLessThan(0.85 * (error?.naiveWape ?? 0));
      expect(Math.abs(error?.bias ?? 1)).toBeLessThan(0.1);
      expect(error?.dispersion).toBeLessThan(1.3);
    }
  });

  it('given a holiday, then working days are not learned from it, and the next holiday is', () => {
    const history = exact([1, 1, 1, 1]);
    const week = history.weeks[3];
    // Thursday was closed, and one an hour came all the same.
    const counts = (week?.counts ?? []).map((count, slot) => (Math.floor(slot / 24) === 3 ? 1 : count));
    const closed = open.map((_, slot) => Math.floor(slot / 24) !== 3);
    const { expected } = learn({ ...history, weeks: [...history.weeks.slice(0, 3), { counts, open: closed }] });
    expect(expected(3 * 24 + 10, true, 1)).toBeCloseTo(5, 0);
    expect(expected(3 * 24 + 10, false, 1)).toBeCloseTo(1, 0);
  });

  it('given nothing, or next to nothing, then it says so instead of guessing', () => {
    const nothing = { slotsPerDay: 24, weeks: [] };
    expect(learn(nothing).expected(5, true, 1)).toBe(0);
    expect(errorOf(nothing)).toBeUndefined();
    expect(errorOf(exact([1, 1]))).toBeUndefined();
    expect(errorOf(exact([0, 0, 0, 0]))).toBeUndefined();
  });

  it('is never negative or endless, whatever came', () => {
    const week = fc.record({
      counts: fc.array(fc.nat(1000), { minLength: 14, maxLength: 14 }),
      open: fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
    });
    fc.assert(
      fc.property(fc.array(week, { maxLength: 12 }), fc.nat(13), fc.boolean(), (weeks, slot, isOpen) => {
        const found = learn({ slotsPerDay: 2, weeks }).expected(slot, isOpen, 3);
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThanOrEqual(4000);
      }),
    );
  });

  it('Poisson’s mean deviation is the sum it is defined as', () => {
    for (const mean of [0.3, 1, 2.5, 17]) {
      let [term, sum] = [Math.exp(-mean), 0];
      for (let k = 0; k < 200; k += 1) {
        sum += term * Math.abs(k - mean);
        term *= mean / (k + 1);
      }
      expect(poissonDeviation(mean)).toBeCloseTo(sum, 9);
    }
  });
});

describe('slots', () => {
  const vienna = { timeZone: 'Europe/Vienna', intervalMs: 30 * MINUTE_MS };

  it('are those of the wall, also where the clocks change', () => {
    // 25 October 2026, 03:00 summer time, becomes 02:00.
    const before = slotsBetween(vienna, Date.UTC(2026, 9, 24, 6, 10), Date.UTC(2026, 9, 24, 7));
    const after = slotsBetween(vienna, Date.UTC(2026, 9, 26, 7, 10), Date.UTC(2026, 9, 26, 8));
    expect(before.map(({ wall }) => slotOfWeek(wall, vienna.intervalMs) % 48)).toEqual([16, 17]);
    expect(after.map(({ wall }) => slotOfWeek(wall, vienna.intervalMs) % 48)).toEqual([16, 17]);
    expect(slotOfWeek(after[0]?.wall ?? 0, vienna.intervalMs)).toBe(16);
    const night = slotsBetween(vienna, Date.UTC(2026, 9, 25, 0), Date.UTC(2026, 9, 25, 2));
    expect(night.map(({ wall }) => (wall % DAY_MS) / HOUR_MS)).toEqual([2, 2.5, 2, 2.5]);
    const midnight = new Date(midnightBefore(vienna, Date.UTC(2026, 9, 25, 12))).toISOString();
    expect(midnight).toBe('2026-10-24T22:00:00.000Z');
  });

  it('make weeks back from midnight, without what was before the first arrival', () => {
    const utc = { timeZone: 'UTC', intervalMs: HOUR_MS };
    const end = Date.UTC(2026, 10, 18);
    const at = end - WEEK_MS - 5 * HOUR_MS;
    const history = historyOf(utc, slotsBetween(utc, end - 4 * WEEK_MS, end), { end, arrivals: new Map([[at, 7]]) });
    expect(history.weeks).toHaveLength(2);
    expect(history.weeks[0]?.counts[slotOfWeek(at, HOUR_MS)]).toBe(7);
    expect([weeksAhead(end, end), weeksAhead(end + WEEK_MS, end)]).toEqual([1, 2]);
  });
});

describe('need', () => {
  const terms = {
    ...{ handlingMs: 3 * MINUTE_MS, target: 0.8, withinMs: 20_000, occupancy: 0.85, shrinkage: 0.3, concurrency: 1 },
    closedElsewhere: false,
  };
  const interval = (hour: number, arrivals: number, isOpen = true) => ({
    ...{ from: hour * HOUR_MS, to: hour * HOUR_MS + 30 * MINUTE_MS, arrivals, isOpen },
  });

  it('given a hundred calls of three minutes in half an hour, then fourteen at work and twenty planned', () => {
    const [need] = [...needs([interval(9, 100)], terms)];
    expect(need).toMatchObject({ load: 10, agents: 14, scheduled: 20 });
    expect(need?.service?.inTime).toBeCloseTo(0.888, 3);
    expect([...needs([interval(9, 100)], { ...terms, concurrency: 3 })][0]?.agents).toBe(5);
    expect([...needs([interval(9, 100)], { ...terms, patienceMs: MINUTE_MS })][0]?.agents).toBeLessThan(14);
  });

  it('given closed time, then nobody is there, and what came is worked off while it is open next', () => {
    const day = [
      interval(6, 10, false),
      interval(7, 20, false),
      interval(8, 5),
      interval(9, 5),
      interval(10, 1, false),
    ];
    const found = [...needs(day, terms)];
    expect(found.map(({ agents }) => agents > 0)).toEqual([false, false, true, true, false]);
    expect(found.map(({ held }) => held)).toEqual([0, 0, 15, 15, 0]);
    expect([...needs(day, { ...terms, closedElsewhere: true })][2]).toMatchObject({ held: 0, load: 0.5 });
  });

  it('given hours of a calendar, then slots know whether they are open', () => {
    const hours = compileCalendar({
      timeZone: 'Europe/Vienna',
      hours: [{ days: ['mon'], from: '08:15', to: '09:00' }],
    });
    if (!hours.ok) throw new Error('the calendar is wrong');
    const grid = { timeZone: 'Europe/Vienna', intervalMs: 30 * MINUTE_MS, calendar: hours.calendar };
    const monday = slotsBetween(grid, Date.UTC(2026, 10, 23, 6, 30), Date.UTC(2026, 10, 23, 9));
    expect(monday.map(({ isOpen }) => isOpen)).toEqual([false, true, true, false, false]);
  });
});
