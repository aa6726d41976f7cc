import { describe, expect, it } from 'vitest';
import { createRandom } from '../../testing/match-instances.ts';
import { differenceOfMeans, differenceOfShares } from './arms.ts';
import type { Sample } from './arms.ts';

function sampleOf(values: readonly number[]): Sample {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { count, mean, variance };
}

describe('two arms', () => {
  it('given means, then the difference is told with its interval, and with too few none', () => {
    const difference = differenceOfMeans(
      { count: 100, mean: 50, variance: 400 },
      { count: 25, mean: 60, variance: 900 },
    );
    // The error is the root of 4 + 36.
    expect(difference?.value).toBe(-10);
    expect(difference?.low).toBeCloseTo(-10 - 1.96 * Math.sqrt(40), 2);
    expect(difference?.high).toBeCloseTo(-10 + 1.96 * Math.sqrt(40), 2);
    expect(differenceOfMeans({ count: 1, mean: 1 }, { count: 9, mean: 1, variance: 1 })).toBeUndefined();
  });

  it('given shares, then all alike is not taken for certain', () => {
    expect(differenceOfShares({ count: 0, hits: 0 }, { count: 5, hits: 1 })).toBeUndefined();
    const { value = 1, low = 0, high = 0 } = differenceOfShares({ count: 5, hits: 5 }, { count: 5, hits: 5 }) ?? {};
    expect(value).toBe(0);
    expect(low).toBeLessThan(-0.1);
    expect(high).toBeGreaterThan(0.1);
    const many = differenceOfShares({ count: 10_000, hits: 9000 }, { count: 10_000, hits: 8000 });
    expect(many?.value).toBeCloseTo(0.1);
    expect(many?.low).toBeCloseTo(0.09, 2);
    expect(many?.high).toBeCloseTo(0.11, 2);
  });

  it('given many experiments whose difference is known, then the interval holds it in about 95 of 100', () => {
    const random = createRandom(7);
    let [means, shares] = [0, 0];
    for (let n = 0; n < 2000; n += 1) {
      const one = sampleOf(Array.from({ length: 40 }, () => random() * 10));
      const other = sampleOf(Array.from({ length: 60 }, () => 3 + random() * 4));
      const mean = differenceOfMeans(one, other);
      if (mean !== undefined && mean.low <= 0 && mean.high >= 0) means += 1;
      const hits = (count: number, share: number) =>
        Array.from({ length: count }, () => random() < share).filter(Boolean).length;
      const share = differenceOfShares({ count: 40, hits: hits(40, 0.9) }, { count: 60, hits: hits(60, 0.7) });
      if (share !== undefined && share.low <= 0.2 && share.high >= 0.2) shares += 1;
    }
    for (const held of [means, shares]) {
      expect(held / 2000).toBeGreaterThan(0.93);
      expect(held / 2000).toBeLessThan(0.98);
    }
  });
});
