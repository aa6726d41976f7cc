/**
 * What an evaluation can cost at most, known before it begins: a polynomial in the items of the longest list of the
 * facts, and the same once more for each character of their longest text. One unit is one step of the evaluator,
 * about 20 ns.
 */

/** Coefficients by power of the longest list's length. */
type Polynomial = readonly number[];

export interface Cost {
  readonly steps: Polynomial;
  readonly perCharacter: Polynomial;
}

/** Sizes the cost depends on. */
export interface Extent {
  readonly longestList: number;
  readonly longestText: number;
}

export const FREE: Cost = { steps: [], perCharacter: [] };

export const steps = (...coefficients: number[]): Cost => ({ steps: coefficients, perCharacter: [] });

export const perCharacter = (units: number): Cost => ({ steps: [1], perCharacter: [units] });

function add(a: Polynomial, b: Polynomial): Polynomial {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  return longer.map((coefficient, power) => coefficient + (shorter[power] ?? 0));
}

export function sum(costs: readonly Cost[]): Cost {
  return costs.reduce(
    (a, b) => ({ steps: add(a.steps, b.steps), perCharacter: add(a.perCharacter, b.perCharacter) }),
    FREE,
  );
}

/** The cost of a loop's body, as often as the loop runs: a known number of times, or once an item of a list. */
export function repeated(body: Cost, times: number | 'each item'): Cost {
  const repeat = (p: Polynomial): Polynomial =>
    times === 'each item' ? [0, ...p] : p.map((coefficient) => coefficient * times);
  return { steps: repeat(body.steps), perCharacter: repeat(body.perCharacter) };
}

const at = (p: Polynomial, n: number): number => p.reduceRight((total, coefficient) => total * n + coefficient, 0);

/** Units an evaluation costs at most. */
export function estimate(cost: Cost, extent: Extent): number {
  return at(cost.steps, extent.longestList) + extent.longestText * at(cost.perCharacter, extent.longestList);
}
