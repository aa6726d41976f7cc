/**
 * What a queue's recent past teaches about waiting in it: plain numbers, so that they are kept as they are. Spans in ms.
 * Only the newest count; a queue that changes is known anew after some dozens of items.
 */

/** How far off what was told when work came has been; the newest count most. */
export interface Accuracy {
  /** Of how many, ever. */
  count: number;
  /** What the sums below are of: the newest counts one, those before ever less. */
  weight: number;
  /** Real less told. */
  errorMs: number;
  absoluteMs: number;
  /** Share that came within the range, as a sum. */
  within: number;
  /** The absolute error of the simplest rule: the mean of the last waits. */
  simplestMs: number;
}

/**
 * Which quantile of the ratios is told as the half. It is moved until as many outcomes are above as below (online quantile
 * tracking, as in adaptive conformal inference, Gibbs and Candès 2021): outcomes of a rush come late, and those of before
 * say too little then.
 */
export interface Levels {
  median: number;
}

/**
 * How far real waits came to lie outside of ranges before these were corrected, by side, as logarithms of what they would
 * have to be stretched by; below 0: so far inside. Another list each time.
 */
export interface Misses {
  low: readonly number[];
  high: readonly number[];
}

export interface Learned {
  /** From the offer to the end of the work. */
  readonly handlingMs: number[];
  /** From the offer to its acceptance. */
  readonly answerMs: number[];
  /** Waits of those who had to, since they were first seen. */
  readonly waitMs: number[];
  /** The real wait over the reckoned one, by class; another list each time. */
  readonly ratios: Record<string, readonly number[]>;
  readonly levels: Levels;
  readonly misses: Misses;
  readonly accuracy: Accuracy;
}

/** So many of the newest are kept. */
const KEPT = { handling: 100, answers: 40, waits: 20, ratios: 60, misses: 300 };
/** Below that nothing is said. */
const LEAST_HANDLED = 5;
/** Below that a class says nothing of its own. */
export const LEAST_RATIOS = 20;
/** An outcome so many ago counts a third as much (1/e). */
const REMEMBERED = 200;

/** Share of outcomes that are meant to be on the one side of what is told. */
export const MEANT = { low: 0.1, median: 0.5, high: 0.9 } as const;
/** How far one outcome moves a level. */
const MOVE = 0.02;

export const createLearned = (): Learned => ({
  handlingMs: [],
  answerMs: [],
  waitMs: [],
  ratios: {},
  levels: { median: MEANT.median },
  misses: { low: [], high: [] },
  accuracy: { count: 0, weight: 0, errorMs: 0, absoluteMs: 0, within: 0, simplestMs: 0 },
});

/** As it was kept, maybe by an earlier version that knew less. */
export function learnedFrom(kept: Partial<Learned>): Learned {
  const untaught = createLearned();
  const accuracy = { ...untaught.accuracy, ...kept.accuracy };
  const levels = { median: kept.levels?.median ?? MEANT.median };
  return { ...untaught, ...kept, levels, misses: { ...untaught.misses, ...kept.misses }, accuracy };
}

export function noteHandling({ handlingMs }: Learned, ms: number): void {
  push(handlingMs, Math.round(ms), KEPT.handling);
}

export function noteAnswer({ answerMs }: Learned, ms: number): void {
  push(answerMs, Math.round(ms), KEPT.answers);
}

export function noteWait({ waitMs }: Learned, ms: number): void {
  push(waitMs, Math.round(ms), KEPT.waits);
}

export function noteRatio({ ratios }: Learned, classes: readonly string[], ratio: number): void {
  for (const name of classes) ratios[name] = [...(ratios[name] ?? []), rounded(ratio)].slice(-KEPT.ratios);
}

/** What was told when it came. */
export interface Told {
  readonly medianMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  /** By the simplest rule. */
  readonly simplestMs: number;
}

function moveLevels(levels: Levels, { medianMs }: Told, waitedMs: number): void {
  const moved = levels.median + MOVE * (Number(waitedMs > medianMs) - (1 - MEANT.median));
  levels.median = Math.min(0.99, Math.max(0.01, moved));
}

export function noteMiss({ misses }: Learned, { low, high }: { readonly low: number; readonly high: number }): void {
  misses.low = [...misses.low, rounded(low)].slice(-KEPT.misses);
  misses.high = [...misses.high, rounded(high)].slice(-KEPT.misses);
}

export function noteOutcome({ accuracy, levels }: Learned, told: Told, waitedMs: number): void {
  moveLevels(levels, told, waitedMs);
  const kept = Math.exp(-1 / REMEMBERED);
  const error = waitedMs - told.medianMs;
  accuracy.count += 1;
  accuracy.weight = accuracy.weight * kept + 1;
  accuracy.errorMs = Math.round(accuracy.errorMs * kept + error);
  accuracy.absoluteMs = Math.round(accuracy.absoluteMs * kept + Math.abs(error));
  accuracy.within = accuracy.within * kept + Number(waitedMs >= told.lowMs && waitedMs <= told.highMs);
  accuracy.simplestMs = Math.round(accuracy.simplestMs * kept + Math.abs(waitedMs - told.simplestMs));
}

export interface ToldAccuracy {
  readonly count: number;
  /** Real less told, on the average: above 0, people wait longer than they are told. */
  readonly biasMs: number;
  readonly meanAbsoluteErrorMs: number;
  /** Share that came within the range; 0.8 is meant. */
  readonly coverage: number;
  /** What the mean of the last twenty waits would have been off. */
  readonly simplestErrorMs: number;
}

/** `undefined`: nothing was told and came yet. */
export function accuracyOf({ accuracy }: Pick<Learned, 'accuracy'>): ToldAccuracy | undefined {
  const { count, weight, errorMs, absoluteMs, within, simplestMs } = accuracy;
  if (weight === 0) return undefined;
  return {
    count,
    biasMs: Math.round(errorMs / weight),
    meanAbsoluteErrorMs: Math.round(absoluteMs / weight),
    coverage: Math.round((within / weight) * 1000) / 1000,
    simplestErrorMs: Math.round(simplestMs / weight),
  };
}

/** From the offer to the end; `undefined`: too few were seen. */
export function meanHandlingMs({ handlingMs }: Learned): number | undefined {
  return handlingMs.length < LEAST_HANDLED ? undefined : mean(handlingMs);
}

export const meanAnswerMs = ({ answerMs }: Learned): number => mean(answerMs);

/** The simplest rule: the mean of the last twenty waits. */
export const meanWaitMs = ({ waitMs }: Learned): number => mean(waitMs);

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

function push(values: number[], value: number, most: number): void {
  values.push(value);
  if (values.length > most) values.shift();
}
