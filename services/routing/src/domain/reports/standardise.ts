/**
 * What an agent did, beside what the others did with the same mix of work: indirect standardisation. Work is of one sort
 * where queue, channel, reason and priority are the same. What is expected of an agent is what all others showed with
 * each sort; sorts that few others had lean on their queue and channel, those on everything.
 */
import { compare, WITHIN_95 } from './compare.ts';
import type { Comparison, Standing } from './compare.ts';

/** What one agent did with one sort of work. */
export interface Cell {
  readonly agentId: string;
  readonly queueId: string;
  readonly channel: string;
  readonly reason: string;
  readonly priority: number;
  readonly offered: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly missed: number;
  /** Taken back before they could answer. */
  readonly withdrawn: number;
  readonly completed: number;
  /** Handling times that are known: how many, their sum in ms, the sums of their logarithms and of the squares of those. */
  readonly timed: number;
  readonly handlingMs: number;
  readonly logSum: number;
  readonly logSquares: number;
}

export const measures = ['handling', 'acceptance', 'missing'] as const;
/** Handling time (geometric mean, ms), and the shares of the answered and missed offers that were accepted, and missed. */
export type Measure = (typeof measures)[number];

export interface Standardised {
  readonly observed: number;
  /** Of the others, with the same mix. */
  readonly expected: number;
  /** Observed over expected, with its 95 % interval. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly standing: Standing;
  readonly place: { readonly from: number; readonly to: number };
}

/** What one measure adds up: so many, and their sum. */
interface Sum {
  count: number;
  sum: number;
}

const takes: Readonly<Record<Measure, (cell: Cell) => Sum>> = {
  handling: ({ timed, logSum }) => ({ count: timed, sum: logSum }),
  acceptance: ({ accepted, rejected, missed }) => ({ count: accepted + rejected + missed, sum: accepted }),
  missing: ({ accepted, rejected, missed }) => ({ count: accepted + rejected + missed, sum: missed }),
};

/** What a wider sort says counts as much as so many pieces of work of the sort itself. */
const PRIOR = 10;

export interface MeasureReport {
  /** Whether the data tell agents apart at all. */
  readonly toldApart: boolean;
  /** Agents who have something to be compared with. */
  readonly byAgent: ReadonlyMap<string, Standardised>;
}

export function standardise(cells: readonly Cell[], measure: Measure): MeasureReport {
  const take = takes[measure];
  const counted = cells.filter((cell) => take(cell).count > 0);
  const sums = createSums(counted, take);
  const variance = measure === 'handling' ? pooledVariance(counted) : undefined;
  const found = [...Map.groupBy(counted, ({ agentId }) => agentId)].flatMap(([agentId, own]) => {
    const raw = rawOf(own, { take, sums, variance });
    return raw === undefined ? [] : [{ agentId, ...raw }];
  });
  const comparison = compare(
    found.map(({ observed, expected, variance: of }) => ({ effect: observed - expected, variance: of })),
  );
  const shown = measure === 'handling' ? timesOf : sharesOf;
  return {
    toldApart: comparison.toldApart,
    byAgent: new Map(found.map((raw, n) => [raw.agentId, { ...shown(raw), ...placeIn(comparison, n) }])),
  };
}

const placeIn = ({ each }: Comparison, n: number): Pick<Standardised, 'standing' | 'place'> => {
  const { standing, place } = each[n] ?? { standing: 'alike', place: { from: 1, to: each.length } };
  return { standing, place };
};

interface Raw {
  readonly observed: number;
  readonly expected: number;
  /** Of the difference. */
  readonly variance: number;
}

interface Basis {
  readonly take: (cell: Cell) => Sum;
  readonly sums: Sums;
  /** Of one piece of work; absent: of a share. */
  readonly variance: number | undefined;
}

/** `undefined`: there is nobody else. */
function rawOf(own: readonly Cell[], { take, sums, variance }: Basis): Raw | undefined {
  const all = addUp(own.map(take));
  let [expected, ownVariance, othersVariance] = [0, 0, 0];
  for (const cell of own) {
    const others = sums.others(cell);
    if (others === undefined) return undefined;
    const share = take(cell).count / all.count;
    const of = variance ?? others.mean * (1 - others.mean);
    expected += share * others.mean;
    ownVariance += share * of;
    othersVariance += (share ** 2 * of) / (others.count + PRIOR);
  }
  const least = 1e-9;
  return {
    observed: all.sum / all.count,
    expected,
    variance: Math.max(least, ownVariance / all.count + othersVariance),
  };
}

function addUp(all: readonly Sum[]): Sum {
  return all.reduce((sum, one) => ({ count: sum.count + one.count, sum: sum.sum + one.sum }), { count: 0, sum: 0 });
}

interface Sums {
  /** What the others than the cell's agent showed with its sort, and with how much work; `undefined`: there are none. */
  others(cell: Cell): { readonly mean: number; readonly count: number } | undefined;
}

const sortOf = ({ queueId, channel, reason, priority }: Cell): string =>
  JSON.stringify([queueId, channel, reason, priority]);
const laneOf = ({ queueId, channel }: Cell): string => JSON.stringify([queueId, channel]);

/** From the narrowest to the widest; asked again for each measure. */
const known = new WeakMap<Cell, readonly string[]>();
function keysOf(cell: Cell): readonly string[] {
  const keys = known.get(cell) ?? [sortOf(cell), laneOf(cell), ''];
  known.set(cell, keys);
  return keys;
}
const LEVELS = [0, 1, 2] as const;

function createSums(cells: readonly Cell[], take: (cell: Cell) => Sum): Sums {
  const all = LEVELS.map((level) => group(cells, (cell) => keysOf(cell)[level] ?? '', take));
  const own = LEVELS.map((level) => group(cells, (cell) => `${keysOf(cell)[level] ?? ''} ${cell.agentId}`, take));
  const mean = addUp(cells.map(take));
  const least = 0.5 / (mean.count + 1);
  const isShare = cells.every((cell) => take(cell).sum <= take(cell).count);
  return {
    others: (cell) => {
      const levels = keysOf(cell).map((key, n) => {
        const [every, mine] = [all[n]?.get(key), own[n]?.get(`${key} ${cell.agentId}`)];
        return { count: (every?.count ?? 0) - (mine?.count ?? 0), sum: (every?.sum ?? 0) - (mine?.sum ?? 0) };
      });
      const widest = levels[2];
      if (widest === undefined || widest.count < 1) return undefined;
      let value = widest.sum / widest.count;
      for (const { count, sum } of levels.slice(0, 2).reverse()) value = (sum + PRIOR * value) / (count + PRIOR);
      // A share of none or all would leave no room for chance.
      const bounded = isShare ? Math.min(1 - least, Math.max(least, value)) : value;
      return { mean: bounded, count: levels[0]?.count ?? 0 };
    },
  };
}

function group(cells: readonly Cell[], keyOf: (cell: Cell) => string, take: (cell: Cell) => Sum): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const cell of cells) {
    const { count, sum } = take(cell);
    const key = keyOf(cell);
    const before = sums.get(key);
    if (before === undefined) sums.set(key, { count, sum });
    else {
      before.count += count;
      before.sum += sum;
    }
  }
  return sums;
}

/** Of the logarithm of one handling time, within what one agent did with one sort; where that cannot be told, of one e-fold. */
function pooledVariance(cells: readonly Cell[]): number {
  let [squares, freedom] = [0, 0];
  for (const { timed, logSum, logSquares } of cells) {
    squares += Math.max(0, logSquares - logSum ** 2 / timed);
    freedom += timed - 1;
  }
  return freedom < 1 || squares === 0 ? 1 : squares / freedom;
}

function timesOf({ observed, expected, variance }: Raw): Omit<Standardised, 'standing' | 'place'> {
  const [effect, margin] = [observed - expected, WITHIN_95 * Math.sqrt(variance)];
  return {
    observed: Math.exp(observed),
    expected: Math.exp(expected),
    ratio: Math.exp(effect),
    low: Math.exp(effect - margin),
    high: Math.exp(effect + margin),
  };
}

function sharesOf({ observed, expected, variance }: Raw): Omit<Standardised, 'standing' | 'place'> {
  const margin = WITHIN_95 * Math.sqrt(variance);
  return {
    observed,
    expected,
    ratio: observed / expected,
    low: Math.max(0, observed - margin) / expected,
    high: (observed + margin) / expected,
  };
}
