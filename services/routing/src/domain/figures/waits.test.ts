import { describe, expect, it } from 'vitest';
import { anyQueue } from '../../testing/house.ts';
import { createRandom } from '../../testing/match-instances.ts';
import { caseFacts } from '../../testing/orders.ts';
import type { Arrival, Simulation, Staff } from '../simulation/types.ts';
import { estimateOf, missOf, reckon } from './estimate.ts';
import { accuracyOf, createLearned, learnedFrom, noteHandling, noteMiss, noteOutcome, noteRatio } from './learned.ts';
import type { Learned } from './learned.ts';
import { simulateWaits } from './simulated.ts';

const BEGIN = Date.UTC(2026, 2, 2, 9);
const MINUTE_MS = 60_000;

const agent = (id: string): Staff => ({
  ...{ id, capacity: { default: 1 } },
  facts: { id, team: 't', skills: {}, languages: [], territories: [], products: [] },
});

/** By chance: exponential handling times of ten minutes, eight agents, so busy as is said. */
function world(seed: number, items: number, busy: (n: number) => number): Simulation {
  const random = createRandom(seed);
  const exponential = (mean: number): number => -Math.log(1 - random()) * mean;
  const staff = Array.from({ length: 8 }, (_, n) => agent(`a${String(n)}`));
  let at = 0;
  const arrivals = Array.from({ length: items }, (_, n): Arrival => {
    at += exponential((10 * MINUTE_MS) / (8 * busy(n)));
    const id = `i${String(n)}`;
    const facts = { case: caseFacts(id), contact: { channel: 'phone', attributes: {} }, customer: {} };
    return {
      id,
      queueId: 'default',
      channel: 'phone',
      priority: 1 + Math.floor(random() * 5),
      enqueuedAt: BEGIN + at,
      facts,
    };
  });
  const times = new Map(arrivals.map(({ id }) => [id, exponential(10 * MINUTE_MS)]));
  return {
    ...{ arrivals, staff, queues: [anyQueue] },
    workOf: ({ id }) => ({ handlingMs: times.get(id) ?? 0, isHandedOff: false }),
  };
}

describe('estimates of waits', () => {
  it('given 85 % occupancy by chance, then they are half as far off as the mean of the last waits, and the range holds', () => {
    const { report, accuracy } = simulateWaits(world(11, 6000, () => 0.85));
    expect(report.occupancy).toBeCloseTo(0.85, 1);
    expect(accuracy.told).toBeGreaterThan(2000);
    expect(accuracy.meanAbsoluteErrorMs).toBeLessThan(0.6 * accuracy.simplestErrorMs);
    expect(Math.abs(accuracy.biasMs)).toBeLessThan(0.2 * accuracy.meanWaitMs);
    expect(accuracy.coverage).toBeGreaterThan(0.74);
    expect(accuracy.coverage).toBeLessThan(0.86);
  });

  it('given peaks that the last hour says nothing of, then the range still holds for eight of ten', () => {
    const { accuracy } = simulateWaits(world(5, 6000, (n) => (n % 600 < 150 ? 1.3 : 0.7)));
    expect(accuracy.meanAbsoluteErrorMs).toBeLessThan(0.6 * accuracy.simplestErrorMs);
    expect(accuracy.coverage).toBeGreaterThan(0.78);
    expect(accuracy.coverage).toBeLessThan(0.83);
  });
});

it('given what an earlier version kept, then it goes on from there', () => {
  const { levels: _, ...before } = createLearned();
  for (let n = 0; n < 30; n += 1) noteRatio(before as Learned, ['any'], 2);
  const learned = learnedFrom(JSON.parse(JSON.stringify(before)) as Partial<Learned>);
  const reckoned = { ms: MINUTE_MS, ends: 1, betweenMs: 1000 };
  const told = estimateOf(reckoned, 3, learned);
  expect(told).toMatchObject({ method: 'learned', medianMs: 2 * MINUTE_MS + 1000 });
  noteOutcome(learned, { ...told, simplestMs: 0 }, MINUTE_MS);
  expect(accuracyOf(learned)?.biasMs).toBe(-MINUTE_MS - 1000);
});

describe('an estimate', () => {
  const taught = createLearned();
  for (let n = 0; n < 10; n += 1) noteHandling(taught, 10 * MINUTE_MS);

  it('counts ends of work that have to come first, and nobody knows without history or agents', () => {
    const standing = { ahead: 4, places: 5, free: 0 };
    expect(reckon(standing, taught, createLearned())).toEqual({
      ms: 10 * MINUTE_MS,
      ends: 5,
      betweenMs: 2 * MINUTE_MS,
    });
    expect(reckon(standing, createLearned(), taught)?.ms).toBe(10 * MINUTE_MS);
    expect(reckon({ ...standing, free: 5 }, taught, taught)).toMatchObject({ ms: 0, ends: 0 });
    expect(reckon(standing, createLearned(), createLearned())).toBeUndefined();
    expect(reckon({ ...standing, places: 0 }, taught, taught)).toBeUndefined();
  });

  it('has a range by chance first, then by what came of those like it', () => {
    const reckoned = { ms: 10 * MINUTE_MS, ends: 5, betweenMs: 2 * MINUTE_MS };
    const chance = estimateOf(reckoned, 3, taught);
    expect(chance).toMatchObject({ method: 'reckoned' });
    // Quantiles of Gamma(5) with a mean of five, out of tables: 2.43, 4.67, 7.99.
    expect(chance.lowMs / MINUTE_MS).toBeCloseTo(2 * 2.43, 1);
    expect(chance.medianMs / MINUTE_MS).toBeCloseTo(2 * 4.67, 1);
    expect(chance.highMs / MINUTE_MS).toBeCloseTo(2 * 7.99, 1);
    for (let n = 0; n < 30; n += 1) noteRatio(taught, ['some 3'], 1.5 + n / 100);
    expect(estimateOf(reckoned, 3, taught)).toMatchObject({ method: 'learned', medianMs: 1_064_400 });
    expect(estimateOf(reckoned, 1, taught)).toEqual(chance);
  });

  it('has its range stretched by what nine of ten of the last ranges lacked, once there are enough of them', () => {
    const reckoned = { ms: 10 * MINUTE_MS, ends: 5, betweenMs: 2 * MINUTE_MS };
    const learned = createLearned();
    const chance = estimateOf(reckoned, 3, learned);
    // Every tenth wait is twice as long as the range allows, grains apart; none is below it.
    const waited = (n: number): number =>
      n % 10 === 0 ? 2 * (chance.highMs + reckoned.betweenMs) - reckoned.betweenMs : chance.medianMs;
    for (let n = 0; n < 29; n += 1) noteMiss(learned, missOf(chance, reckoned, waited(n)));
    expect(estimateOf(reckoned, 3, learned)).toEqual(chance);
    for (let n = 29; n < 60; n += 1) noteMiss(learned, missOf(chance, reckoned, waited(n)));
    const told = estimateOf(reckoned, 3, learned);
    // Of 61, the 55th: one of the six that were too long.
    expect((told.highMs + reckoned.betweenMs) / (chance.highMs + reckoned.betweenMs)).toBeCloseTo(2, 2);
    expect(told.medianMs).toBe(chance.medianMs);
    // Nobody waited less: it may begin later, up to the half.
    expect(told.lowMs).toBeGreaterThan(chance.lowMs);
    expect(told.lowMs).toBeLessThanOrEqual(told.medianMs);
  });

  it('is compared with what came', () => {
    const learned = createLearned();
    expect(accuracyOf(learned)).toBeUndefined();
    const told = { lowMs: 50, medianMs: 100, highMs: 200, simplestMs: 90 };
    noteOutcome(learned, told, 150);
    noteOutcome(learned, told, 250);
    expect(accuracyOf(learned)).toMatchObject({
      count: 2,
      biasMs: 100,
      meanAbsoluteErrorMs: 100,
      simplestErrorMs: 110,
    });
    expect(accuracyOf(learned)?.coverage).toBeCloseTo(0.5, 1);
  });
});
