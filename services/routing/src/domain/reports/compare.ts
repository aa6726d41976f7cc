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

interface Belief {
  readonly shrunk: number;
  readonly variance: number;
}

/** Those who are nearly as uncertain, as uncertain as the most uncertain of them. */
interface Class {
  readonly variance: number;
  /** Who they are, and what is believed of each, from the lowest. */
  readonly members: Uint32Array;
  readonly shrunk: Float64Array;
}

/** How much more uncertain the last of a class may be than the first: what is surely so is so at 99 to 99.2 %. */
const CLASS = 1.05;
/** Where uncertainties differ by so much that there would be more classes, those are wider. */
const MOST_CLASSES = 100;

function classesOf(beliefs: readonly Belief[]): Class[] {
  const logs = beliefs.map(({ variance }) => Math.log(variance));
  const least = logs.reduce((a, b) => Math.min(a, b), Infinity);
  const most = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  const width = Math.max(Math.log(CLASS), (most - least) / (MOST_CLASSES - 1));
  const byClass = Map.groupBy(beliefs.keys(), (at) => Math.floor(((logs[at] ?? 0) - least) / width));
  const shrunkOf = (at: number): number => beliefs[at]?.shrunk ?? 0;
  return [...byClass.values()].map((members) => {
    members.sort((a, b) => shrunkOf(a) - shrunkOf(b));
    return {
      variance: members.reduce((variance, at) => Math.max(variance, beliefs[at]?.variance ?? 0), 0),
      members: Uint32Array.from(members),
      shrunk: Float64Array.from(members, shrunkOf),
    };
  });
}

/**
 * Behind all who are surely lower, before all who are surely higher. How far two have to be apart depends on how uncertain
 * both are: the same for two classes, which are then passed through once, side by side. So it takes time in proportion to
 * how many there are, by at most a hundred.
 */
function placesOf(beliefs: readonly Belief[]): Compared['place'][] {
  const classes = classesOf(beliefs);
  const lower = new Uint32Array(beliefs.length);
  const higher = new Uint32Array(beliefs.length);
  for (const one of classes) for (const other of classes) countApart(one, other, { lower, higher });
  return beliefs.map((_, at) => ({ from: 1 + (lower[at] ?? 0), to: beliefs.length - (higher[at] ?? 0) }));
}

/** Of one class, how many of the other are surely lower than each, and surely higher. */
function countApart(
  { members, shrunk, variance }: Class,
  other: Class,
  { lower, higher }: { readonly lower: Uint32Array; readonly higher: Uint32Array },
): void {
  const apart = WITHIN_99 * Math.sqrt(variance + other.variance);
  const { length } = other.shrunk;
  let [below, notAbove] = [0, 0];
  for (let n = 0; n < members.length; n += 1) {
    const at = members[n] ?? 0;
    const own = shrunk[n] ?? 0;
    while (below < length && (other.shrunk[below] ?? 0) < own - apart) below += 1;
    while (notAbove < length && (other.shrunk[notAbove] ?? 0) <= own + apart) notAbove += 1;
    lower[at] = (lower[at] ?? 0) + below;
    higher[at] = (higher[at] ?? 0) + length - notAbove;
  }
}
