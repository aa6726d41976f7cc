/** Two arms compared: what a strategy is worth, told by the share of items that was drawn at random. */

/** Of what was measured on many. */
export interface Sample {
  readonly count: number;
  readonly mean: number;
  /** Of the sample; absent below two. */
  readonly variance?: number | undefined;
}

/** How many of how many. */
export interface Share {
  readonly count: number;
  readonly hits: number;
}

/** The first less the second, with its 95 % confidence interval. */
export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** 97.5 % of the normal distribution lie below. */
const Z = 1.959964;

const around = (value: number, center: number, error: number): Difference => ({
  value,
  low: center - Z * error,
  high: center + Z * error,
});

/** Welch's, by the normal distribution: honest from some thirty in each arm. `undefined`: one has fewer than two. */
export function differenceOfMeans(one: Sample, other: Sample): Difference | undefined {
  if (one.variance === undefined || other.variance === undefined || one.count < 2 || other.count < 2) return undefined;
  const value = one.mean - other.mean;
  return around(value, value, Math.sqrt(one.variance / one.count + other.variance / other.count));
}

/** Agresti and Caffo (2000): a hit and a miss are added to both, so that few, or all alike, are not taken for certain. */
export function differenceOfShares(one: Share, other: Share): Difference | undefined {
  if (one.count === 0 || other.count === 0) return undefined;
  const [first, second] = [one, other].map(({ count, hits }) => ({ n: count + 2, p: (hits + 1) / (count + 2) }));
  if (first === undefined || second === undefined) return undefined;
  const error = Math.sqrt((first.p * (1 - first.p)) / first.n + (second.p * (1 - second.p)) / second.n);
  const { low, high } = around(0, first.p - second.p, error);
  return { value: one.hits / one.count - other.hits / other.count, low: Math.max(-1, low), high: Math.min(1, high) };
}
