/**
 * Waiting as it is told and as it turns out. Everybody who still waits at a look is reckoned once, when they are first
 * seen, and compared with what came; nothing is written for that. What is over before the next look, within a second or
 * so, was told nothing and is no part of it.
 */
import type { Memory } from '../matching/types.ts';
import { classesOf, estimateOf, missOf, rangeOf, ratioOf, reckon } from './estimate.ts';
import type { Estimate, Reckoned, Unknown } from './estimate.ts';
import {
  createLearned,
  meanWaitMs,
  noteAnswer,
  noteHandling,
  noteMiss,
  noteOutcome,
  noteRatio,
  noteWait,
} from './learned.ts';
import type { Learned } from './learned.ts';
import { placing } from './line.ts';
import type { Place } from './line.ts';

/** What is said of one who waits. */
export interface Forecast {
  readonly place: Place;
  /** Those before, as a whole number; absent where nobody serves anybody. */
  readonly ahead?: number | undefined;
  readonly estimate: Estimate | Unknown;
}

interface First {
  readonly queueId: string;
  /** ms. */
  readonly at: number;
  readonly priority: number;
  readonly reckoned: Reckoned;
  readonly told: Estimate;
  /** As told, but for the correction. */
  readonly range: Estimate;
  readonly simplestMs: number;
}

export interface Waits {
  /** Queue -> what it teaches. */
  readonly learned: Map<string, Learned>;
  /** All queues together. */
  readonly house: Learned;
  readonly firsts: Map<string, First>;
  /** Item -> when it was offered last, ms. */
  readonly offered: Map<string, number>;
  /** Item -> when it was offered to who accepted it, ms. */
  readonly taken: Map<string, number>;
}

export const createWaits = (): Waits => ({
  learned: new Map(),
  house: createLearned(),
  firsts: new Map(),
  offered: new Map(),
  taken: new Map(),
});

export function learnedOf({ learned }: Waits, queueId: string): Learned {
  const own = learned.get(queueId) ?? createLearned();
  learned.set(queueId, own);
  return own;
}

/** Everybody who waits, in order. */
export const lookAtWaits = (waits: Waits, memory: Memory, now: Date): Forecast[] =>
  [...lookingAtWaits(waits, memory, now)].filter((forecast) => forecast !== undefined);

/** The same for whoever does something else in between; `undefined`: all agents were just asked something. */
export function* lookingAtWaits(waits: Waits, memory: Memory, now: Date): Generator<Forecast | undefined, void> {
  for (const place of placing(memory, now)) yield place && forecastOf(waits, place, now.getTime());
}

function forecastOf(waits: Waits, place: Place, at: number): Forecast {
  const { entry, standing } = place;
  if (typeof standing === 'string') return { place, estimate: standing };
  const own = learnedOf(waits, entry.queueId);
  const ahead = Math.round(standing.ahead);
  const reckoned = reckon(standing, own, waits.house);
  if (reckoned === undefined) return { place, ahead, estimate: 'too-little-history' };
  const estimate = estimateOf(reckoned, entry.priority, own);
  const { id, queueId, priority } = entry;
  if (!waits.firsts.has(id)) {
    const range = rangeOf(reckoned, priority, own);
    waits.firsts.set(id, { queueId, at, priority, reckoned, told: estimate, range, simplestMs: meanWaitMs(own) });
  }
  return { place, ahead, estimate };
}

/** Instants in ms. */
interface Happened {
  readonly id: string;
  readonly queueId: string;
  readonly at: number;
}

export function noteOffered({ offered }: Waits, { id, at }: Happened): void {
  offered.set(id, at);
}

export interface Outcome {
  readonly told: Estimate;
  /** What the mean of the last waits would have been told. */
  readonly simplestMs: number;
  readonly waitedMs: number;
}

/** Answers how what was told of it turned out; `undefined`: nothing was. */
export function noteTaken(waits: Waits, { id, queueId, at }: Happened): Outcome | undefined {
  const own = learnedOf(waits, queueId);
  const offeredAt = waits.offered.get(id) ?? at;
  waits.offered.delete(id);
  waits.taken.set(id, offeredAt);
  noteAnswer(own, at - offeredAt);
  const first = waits.firsts.get(id);
  waits.firsts.delete(id);
  if (first?.queueId !== queueId) return undefined;
  const waitedMs = at - first.at;
  noteWait(own, waitedMs);
  noteOutcome(own, { ...first.told, simplestMs: first.simplestMs }, waitedMs);
  noteMiss(own, missOf(first.range, first.reckoned, waitedMs));
  noteRatio(own, classesOf(first.reckoned, first.priority), ratioOf(first.reckoned, waitedMs));
  return { told: first.told, simplestMs: first.simplestMs, waitedMs };
}

export function noteDone(waits: Waits, { id, queueId, at }: Happened): void {
  const since = waits.taken.get(id);
  forgetWait(waits, id);
  if (since === undefined) return;
  noteHandling(learnedOf(waits, queueId), at - since);
  noteHandling(waits.house, at - since);
}

/** It left, or waits anew: nothing is to be learned of it. */
export function forgetWait({ firsts, offered, taken }: Waits, id: string): void {
  firsts.delete(id);
  offered.delete(id);
  taken.delete(id);
}
