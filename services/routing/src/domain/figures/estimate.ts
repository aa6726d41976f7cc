/**
 * How long somebody will wait who has so many before them:
 *
 *     reckoned = time to answer an offer + k * handling time / places        k = ahead - free places + 1, at least 0
 *
 * as k ends of work have to come first, and `places` agents' hands bring one every `handling / places`. That knows
 * nothing of who comes later and ranks before, of agents who come and go, of handling times that differ. So it is
 * corrected by what came of it lately: the tenth, the half and nine tenths of real over reckoned, for items like it (as
 * many before them, of the same priority). Where too few are known, the range is that of a sum of k exponential times
 * (Gamma; its quantiles by Wilson and Hilferty 1931).
 *
 * Either range says too little where the next hour is not like the last. So it is stretched by what would have made nine of
 * ten of the last few hundred outcomes lie within, on either side: split conformal prediction around quantiles (Romano,
 * Patterson and Candès 2019), by factors instead of sums, and with what came before alone.
 */
import { LEAST_RATIOS, meanAnswerMs, meanHandlingMs, MEANT } from './learned.ts';
import type { Learned } from './learned.ts';

/** Why nobody can say how long it takes. `held`: it is not offered for now, as it asks itself, or being too old. */
export const unknowns = ['closed', 'nobody-at-work', 'held', 'too-little-history'] as const;
export type Unknown = (typeof unknowns)[number];

/** How somebody stands in line. */
export interface Standing {
  /** Expected number of those who are served before them by the same hands; a fraction where hands are shared. */
  readonly ahead: number;
  /** Items that those who may serve them, and are at work, can hold at once. */
  readonly places: number;
  /** Of those, not taken. */
  readonly free: number;
}

export interface Reckoned {
  readonly ms: number;
  /** Ends of work that have to come first. */
  readonly ends: number;
  /** Between two of them, ms. */
  readonly betweenMs: number;
}

/** `reckoned`: from places and handling times alone; `learned`: corrected by what came of it lately. */
export const methods = ['reckoned', 'learned'] as const;
export type Method = (typeof methods)[number];

export interface Estimate {
  readonly medianMs: number;
  /** In one of ten cases it is less. */
  readonly lowMs: number;
  /** In one of ten cases it is more. */
  readonly highMs: number;
  readonly method: Method;
}

/** What can be told apart, ms. */
const grainOf = ({ betweenMs }: Reckoned): number => Math.max(1000, betweenMs);

/** `undefined`: nobody is there, or nobody knows yet how long work takes. `house`: all queues together. */
export function reckon({ ahead, places, free }: Standing, own: Learned, house: Learned): Reckoned | undefined {
  const handling = meanHandlingMs(own) ?? meanHandlingMs(house);
  if (handling === undefined || places <= 0) return undefined;
  const ends = Math.max(0, ahead - free + 1);
  const betweenMs = handling / places;
  return { ms: meanAnswerMs(own) + ends * betweenMs, ends, betweenMs };
}

export function estimateOf(reckoned: Reckoned, priority: number, learned: Learned): Estimate {
  return rounded(stretched(rangeOf(reckoned, priority, learned), reckoned, learned));
}

/** Before it is corrected by how ranges did. */
export function rangeOf(reckoned: Reckoned, priority: number, learned: Learned): Estimate {
  const ratios = classesOf(reckoned, priority)
    .map((name) => learned.ratios[name] ?? [])
    .find(({ length }) => length >= LEAST_RATIOS);
  return ratios === undefined ? byChance(reckoned) : corrected(reckoned, ratios, learned.levels.median);
}

/** By how much the range would have to be stretched on either side to hold what came; as logarithms, below 0: it does. */
export function missOf(
  { lowMs, highMs }: Estimate,
  reckoned: Reckoned,
  waitedMs: number,
): { readonly low: number; readonly high: number } {
  const grain = grainOf(reckoned);
  return { low: Math.log((lowMs + grain) / (waitedMs + grain)), high: Math.log((waitedMs + grain) / (highMs + grain)) };
}

/** Fewer outcomes correct nothing. */
const LEAST_MISSES = 30;

/**
 * The least stretch with which nine of ten of those outcomes, and of one that is like them, lie on its inner side: of n,
 * the one at place ceil(0.9 (n + 1)).
 */
function stretchOf(misses: readonly number[]): number {
  if (misses.length < LEAST_MISSES) return 1;
  const ordered = inOrder(misses);
  const place = Math.min(ordered.length, Math.ceil(MEANT.high * (ordered.length + 1)));
  return Math.exp(ordered[place - 1] ?? 0);
}

function stretched(range: Estimate, reckoned: Reckoned, { misses }: Learned): Estimate {
  const { lowMs, medianMs, highMs } = range;
  const grain = grainOf(reckoned);
  const low = Math.max(0, (lowMs + grain) / stretchOf(misses.low) - grain);
  const high = (highMs + grain) * stretchOf(misses.high) - grain;
  return { ...range, lowMs: Math.min(medianMs, low), highMs: Math.max(medianMs, high) };
}

/** The real wait over the reckoned one; both with a grain more, so that short waits do not count for much. */
export const ratioOf = (reckoned: Reckoned, waitedMs: number): number =>
  (waitedMs + grainOf(reckoned)) / (reckoned.ms + grainOf(reckoned));

/** What an item is like, from the narrowest class to the widest. */
export function classesOf({ ends }: Reckoned, priority: number): string[] {
  const many = ends === 0 ? 'none' : ends <= 3 ? 'few' : ends <= 12 ? 'some' : 'many';
  const wide = ends === 0 ? [] : ['any'];
  return [`${many} ${String(priority)}`, many, ...wide];
}

/** Asked for everybody who waits: sorted once. */
const sorted = new WeakMap<readonly number[], readonly number[]>();

function inOrder(values: readonly number[]): readonly number[] {
  const known = sorted.get(values) ?? [...values].sort((a, b) => a - b);
  sorted.set(values, known);
  return known;
}

function corrected(reckoned: Reckoned, ratios: readonly number[], median: number): Estimate {
  const ordered = inOrder(ratios);
  const grain = grainOf(reckoned);
  const at = (share: number): number => Math.max(0, quantile(ordered, share) * (reckoned.ms + grain) - grain);
  const medianMs = at(median);
  const [lowMs, highMs] = [Math.min(medianMs, at(MEANT.low)), Math.max(medianMs, at(MEANT.high))];
  return { lowMs, medianMs, highMs, method: 'learned' };
}

/** Of nine tenths and one tenth of a normal distribution. */
const Z = 1.2816;

function byChance({ ms, ends, betweenMs }: Reckoned): Estimate {
  const k = Math.max(1, ends);
  const sum = ends * betweenMs;
  const at = (z: number): number => Math.max(0, ms - sum + sum * (1 - 1 / (9 * k) + z / (3 * Math.sqrt(k))) ** 3);
  return { lowMs: at(-Z), medianMs: at(0), highMs: at(Z), method: 'reckoned' };
}

const rounded = ({ lowMs, medianMs, highMs, method }: Estimate): Estimate => ({
  lowMs: Math.round(lowMs),
  medianMs: Math.round(medianMs),
  highMs: Math.round(highMs),
  method,
});

/** Between the values that are there; of values in order, at least one. */
function quantile(ordered: readonly number[], share: number): number {
  const place = share * (ordered.length - 1);
  const below = ordered[Math.floor(place)] ?? 0;
  const above = ordered[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
