import { describe, expect, test } from 'vitest';
import {
  areaUnderRoc,
  brier,
  calibrationBins,
  calibrationError,
  flagFrom,
  shareOf,
  thresholdAtRecall,
} from './metrics.ts';

const judged = (...pairs: readonly (readonly [number, boolean])[]) =>
  pairs.map(([probability, happened]) => ({ probability, happened }));

describe('metrics', () => {
  const four = judged([0.1, false], [0.4, false], [0.35, true], [0.8, true]);

  test('the area under the ROC curve of a textbook example is 3/4', () => {
    expect(areaUnderRoc(four)).toBeCloseTo(0.75);
  });
  test('ties count half, and the order of rows does not matter', () => {
    expect(areaUnderRoc(judged([0.5, true], [0.5, false]))).toBe(0.5);
    expect(areaUnderRoc([...four].reverse())).toBe(areaUnderRoc(four));
  });
  test('the area is the share of pairs in the right order', () => {
    const many = Array.from({ length: 60 }, (_, n) => ({ probability: ((n * 37) % 23) / 23, happened: n % 3 === 0 }));
    let right = 0;
    let pairs = 0;
    for (const a of many.filter(({ happened }) => happened)) {
      for (const b of many.filter(({ happened }) => !happened)) {
        pairs += 1;
        right += a.probability > b.probability ? 1 : a.probability === b.probability ? 0.5 : 0;
      }
    }
    expect(areaUnderRoc(many)).toBeCloseTo(right / pairs, 10);
  });
  test('Brier is the mean of squared errors', () => {
    expect(brier(four)).toBeCloseTo((0.01 + 0.16 + 0.4225 + 0.04) / 4);
    expect(shareOf(four)).toBe(0.5);
  });
  test('flags from the threshold that finds enough', () => {
    expect(thresholdAtRecall(four, 0.9)).toBe(0.35);
    expect(flagFrom(four, 0.35)).toMatchObject({ flagged: 3, falseAlarms: 1, recall: 1 });
    expect(flagFrom(four, 0.35).precision).toBeCloseTo(2 / 3);
    expect(thresholdAtRecall(four, 0.5)).toBe(0.8);
  });
  test('bins are of as many each, and honest probabilities have no error', () => {
    const honest = Array.from({ length: 1000 }, (_, n) => ({ probability: 0.2, happened: n % 5 === 0 }));
    expect(calibrationBins(honest, 10).map(({ count }) => count)).toEqual(Array.from({ length: 10 }, () => 100));
    expect(calibrationError(honest)).toBeCloseTo(0);
    const [bin] = calibrationBins(honest, 1);
    expect(bin?.low).toBeLessThan(0.2);
    expect(bin?.high).toBeGreaterThan(0.2);
  });
});
