import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrated, fitCalibration } from './calibration.ts';
import { boost, logit, logOdds, quantileEdges, scoreAt, sigmoid } from './shapes.ts';
import type { Table } from './shapes.ts';

const step = { rounds: 40, rate: 0.3, leastWeight: 0.5, penalty: 1 };
const plain = (rows: readonly (readonly number[])[], outcomes: readonly number[]): Table => ({
  rows: rows.map((row) => Float64Array.from(row)),
  outcomes: Uint8Array.from(outcomes),
  weights: new Float64Array(rows.length).fill(1),
});

/** A deterministic stream of numbers from 0 to 1 (Park and Miller). */
function stream(seed: number): () => number {
  let state = seed % 2_147_483_647;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('an additive model', () => {
  test('without stumps says how often it happened', () => {
    const model = boost(plain([[0], [1], [2], [3]], [1, 0, 0, 0]), { ...step, rounds: 0, directions: [0] });
    expect(sigmoid(model.constant)).toBeCloseTo(1.5 / 5);
  });

  test('takes the first step that Newton takes', () => {
    // Half happened: p is 1/2 everywhere, the gradient of a row ±1/2, its weight 1/4.
    const table = plain([[0], [0], [0], [1], [1], [1]], [0, 0, 0, 1, 1, 1]);
    const model = boost(table, { rounds: 1, rate: 1, leastWeight: 0, penalty: 0, directions: [0] });
    expect(model.constant).toBeCloseTo(0);
    expect(model.shapes[0]?.edges).toEqual([0]);
    expect(model.shapes[0]?.scores).toEqual([-2, 2].map((one) => expect.closeTo(one) as number));
  });

  test('finds which of two features matters, and the shape of it', () => {
    const next = stream(7);
    const rows = Array.from({ length: 4000 }, () => [next(), next()]);
    const odds = (x: number): number => (x < 0.3 ? -2 : x < 0.7 ? 0 : 2);
    const outcomes = rows.map(([x = 0]) => (next() < sigmoid(odds(x)) ? 1 : 0));
    const { constant, shapes } = boost(plain(rows, outcomes), { ...step, rounds: 60, directions: [0, 0] });
    const [first, second] = shapes;
    if (first === undefined || second === undefined) throw new Error('two features, two shapes');
    for (const x of [0.1, 0.5, 0.9]) expect(constant + scoreAt(first, x)).toBeCloseTo(odds(x), 0);
    const spread = Math.max(...second.scores) - Math.min(...second.scores);
    expect(spread).toBeLessThan(0.8);
  });

  test('learns what is not known as a value of its own', () => {
    const rows = Array.from({ length: 300 }, (_, n) => [n % 3 === 0 ? NaN : n % 7]);
    const outcomes = rows.map(([x]) => (Number.isNaN(x) ? 1 : 0));
    const model = boost(plain(rows, outcomes), { ...step, directions: [0] });
    expect(sigmoid(logOdds(model, Float64Array.of(NaN)))).toBeGreaterThan(0.8);
    expect(sigmoid(logOdds(model, Float64Array.of(3)))).toBeLessThan(0.2);
  });

  test('never lowers the odds where it promised to raise them alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 1 })), {
          minLength: 20,
          maxLength: 120,
        }),
        (pairs) => {
          const table = plain(
            pairs.map(([x]) => [x]),
            pairs.map(([, happened]) => happened),
          );
          const { scores = [] } = boost(table, { ...step, directions: [1] }).shapes[0] ?? {};
          for (const [n, score] of scores.entries())
            expect(score).toBeGreaterThanOrEqual((scores[n - 1] ?? -Infinity) - 1e-9);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('adds to what another model says', () => {
    const table = plain([[0], [0], [1], [1]], [0, 0, 1, 1]);
    const offset = Float64Array.of(-9, -9, 9, 9);
    const rest = boost({ ...table, offset }, { ...step, directions: [0] });
    expect(rest.constant).toBe(0);
    expect(Math.abs(logOdds(rest, Float64Array.of(1)))).toBeLessThan(0.1);
  });

  test('cuts between values that differ', () => {
    expect(
      quantileEdges(
        [[3], [3], [3]].map((row) => Float64Array.from(row)),
        0,
      ),
    ).toEqual([]);
    expect(
      quantileEdges(
        [[1], [2], [NaN]].map((row) => Float64Array.from(row)),
        0,
      ),
    ).toEqual([1]);
  });
});

describe('calibration', () => {
  test('finds the scaling that odds were distorted by', () => {
    const next = stream(11);
    const truth = Array.from({ length: 20_000 }, () => 4 * (next() - 0.5));
    const outcomes = Uint8Array.from(truth, (odds) => (next() < sigmoid(odds) ? 1 : 0));
    const { slope, shift } = fitCalibration(
      Float64Array.from(truth, (odds) => 3 * odds + 2),
      outcomes,
    );
    expect(slope).toBeCloseTo(1 / 3, 1);
    expect(shift).toBeCloseTo(-2 / 3, 1);
  });

  test('makes the mean of what is said that of what came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -6, max: 6, noNaN: true }), fc.boolean()), { minLength: 60 }),
        (pairs) => {
          const odds = Float64Array.from(pairs, ([one]) => one);
          const outcomes = Uint8Array.from(pairs, ([, happened]) => (happened ? 1 : 0));
          const found = fitCalibration(odds, outcomes);
          fc.pre(found.slope > 0 && outcomes.includes(1) && outcomes.includes(0));
          const said = odds.reduce((sum, one) => sum + calibrated(found, one), 0) / pairs.length;
          const came = outcomes.reduce((sum, one) => sum + one, 0) / pairs.length;
          // Platt's smoothing and the prior move it a little.
          expect(Math.abs(said - came)).toBeLessThan(0.05);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('finds the least loss: a little to either side is worse', () => {
    const next = stream(23);
    const odds = Float64Array.from({ length: 400 }, () => 10 * next() - 4);
    const outcomes = Uint8Array.from(odds, (one) => (next() < sigmoid(0.5 * one - 1) ? 1 : 0));
    const happened = outcomes.reduce((sum, one) => sum + one, 0);
    const wanted = [1 / (outcomes.length - happened + 2), (happened + 1) / (happened + 2)];
    const loss = (slope: number, shift: number): number =>
      odds.reduce(
        (sum, x, at) => {
          const p = sigmoid(slope * x + shift);
          const target = wanted[outcomes[at] ?? 0] ?? 0;
          return sum - target * Math.log(p) - (1 - target) * Math.log(1 - p);
        },
        ((slope - 1) ** 2 + 0.01 * shift ** 2) / 2,
      );
    const { slope, shift } = fitCalibration(odds, outcomes);
    for (const [a, b] of [
      [1e-4, 0],
      [-1e-4, 0],
      [0, 1e-4],
      [0, -1e-4],
    ] as const) {
      expect(loss(slope + a, shift + b)).toBeGreaterThan(loss(slope, shift));
    }
  });

  test('keeps the order, and leaves alone what cannot be judged', () => {
    const reversed = fitCalibration(Float64Array.of(-2, -1, 1, 2), Uint8Array.of(1, 1, 0, 0));
    expect(reversed.slope).toBeGreaterThanOrEqual(0);
    expect(fitCalibration(Float64Array.of(1, 2), Uint8Array.of(1, 1))).toEqual({ slope: 1, shift: 0 });
    expect(calibrated({ slope: 1, shift: 0 }, logit(0.3))).toBeCloseTo(0.3);
  });
});
