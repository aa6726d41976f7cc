/**
 * Which of many differ, and which only seem to: a random-effects model over estimates of unlike certainty. How much they
 * differ beyond chance is DerSimonian and Laird's (1986) estimate; each is drawn towards the mean by as much as it is
 * uncertain (empirical Bayes), so that who did little is not called the best or the worst of all.
 */

export interface Estimate {
  /** How far from what was expected. */
  readonly effect: number;
  /** Of the effect, above 0. */
  readonly variance: number;
}

export type Standing = 'below' | 'alike' | 'above';

export interface Compared {
  /** The effect as it is believed. */
  readonly shrunk: number;
  readonly standing: Standing;
  /** From the lowest on: the first and the last place that the data leave open, 1 to as many as there are. */
  readonly place: { readonly from: number; readonly to: number };
}

export interface Comparison {
  /** Whether they differ by more than chance; if not, all are alike. */
  readonly toldApart: boolean;
  /** Variance between them beyond chance. */
  readonly between: number;
  /** In the order of the estimates. */
  readonly each: readonly Compared[];
}

/** 95 % of a normal distribution lie within. */
export const WITHIN_95 = 1.959964;
/** 99 %: so many pairs are compared. */
const WITHIN_99 = 2.575829;
/** One-sided, 5 %. */
const BEYOND_5 = 1.644854;

export function compare(estimates: readonly Estimate[]): Comparison {
  const weights = estimates.map(({ variance }) => 1 / variance);
  const sum = total(weights);
  const mean = total(estimates.map(({ effect }, n) => effect * (weights[n] ?? 0))) / (sum || 1);
  const spread = total(estimates.map(({ effect }, n) => (weights[n] ?? 0) * (effect - mean) ** 2));
  const freedom = estimates.length - 1;
  const scale = sum - total(weights.map((weight) => weight ** 2)) / (sum || 1);
  const between = freedom < 1 || scale <= 0 ? 0 : Math.max(0, (spread - freedom) / scale);
  const toldApart = between > 0 && isBeyondChance(spread, freedom);
  if (!toldApart) return { toldApart, between, each: estimates.map(() => alike(mean, estimates.length)) };
  const beliefs = estimates.map(({ effect, variance }) => ({
    shrunk: mean + ((effect - mean) * between) / (between + variance),
    variance: (between * variance) / (between + variance),
  }));
  const places = placesOf(beliefs);
  const each = beliefs.map(({ shrunk, variance }, n): Compared => {
    const isFar = Math.abs(shrunk - mean) > WITHIN_95 * Math.sqrt(variance);
    const standing = !isFar ? 'alike' : shrunk < mean ? 'below' : 'above';
    return { shrunk, standing, place: places[n] ?? { from: 1, to: estimates.length } };
  });
  return { toldApart, between, each };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const alike = (mean: number, count: number): Compared => ({
  shrunk: mean,
  standing: 'alike',
  place: { from: 1, to: count },
});

/** Chi-squared with so many degrees of freedom exceeds this in less than 5 of 100 cases (Wilson and Hilferty 1931). */
function isBeyondChance(spread: number, freedom: number): boolean {
  const part = 2 / (9 * freedom);
  return (Math.cbrt(spread / freedom) - (1 - part)) / Math.sqrt(part) > BEYOND_5;
}

/** Behind all who are surely lower, before all who are surely higher. */
function placesOf(beliefs: readonly { readonly shrunk: number; readonly variance: number }[]): Compared['place'][] {
  return beliefs.map((one) => {
    let [lower, higher] = [0, 0];
    for (const other of beliefs) {
      const apart = WITHIN_99 * Math.sqrt(one.variance + other.variance);
      if (other.shrunk < one.shrunk - apart) lower += 1;
      else if (other.shrunk > one.shrunk + apart) higher += 1;
    }
    return { from: 1 + lower, to: beliefs.length - higher };
  });
}
