/** Rows to columns at least cost: the assignment problem, solved exactly (Hungarian method, Munkres 1957). */
import { munkres } from 'munkres';

/** A pair that may not be. */
export const FORBIDDEN = Infinity;

/** Far above any sum of real costs, and small enough to be added up exactly. */
const NEVER = 1e13;

/**
 * As many pairs as possible, and among those the cheapest in sum.
 * @param costs a row each, all of one length; costs below 1e11 either way, a hundred rows at most, `FORBIDDEN` where there may be no pair
 * @returns the column of each row; `undefined`: none is left for it
 */
export function assignAtLeastCost(costs: readonly (readonly number[])[]): (number | undefined)[] {
  const columns: (number | undefined)[] = costs.map(() => undefined);
  if ((costs[0]?.length ?? 0) === 0) return columns;
  const filled = costs.map((row) => row.map((cost) => (cost === FORBIDDEN ? NEVER : cost)));
  for (const [row, column] of munkres(filled)) if (costs[row]?.[column] !== FORBIDDEN) columns[row] = column;
  return columns;
}
