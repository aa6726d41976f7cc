/** What the model looks at: the numbers of a sight, and what became of promises that share a trait with it. */
import { logit } from './shapes.ts';
import type { Memory } from './similar.ts';
import type { Numbers, Sight } from './sight.ts';

/** Numbers in the order of the model's columns, and which way they may move the risk: +1 up alone, 0 either. */
const NUMBERS = {
  share: 1,
  targetHours: 0,
  openAhead: 0,
  hourOfDay: 0,
  dayOfWeek: 0,
  weekendAhead: 0,
  weekendPast: 0,
  priority: 0,
  priorityChanges: 0,
  pausedShare: 0,
  pausedNow: 0,
  pauses: 0,
  handOffs: 0,
  returns: 0,
  hoursWithTeam: 0,
  quietHours: 0,
  ahead: 0,
  backlog: 0,
  pace: 0,
  waitDays: 0,
  loadDays: 0,
  aheadPerHour: 0,
} as const satisfies Record<keyof Numbers, 0 | 1>;

export const numberNames = Object.keys(NUMBERS) as (keyof Numbers)[];

/** The trait that all promises have in common. */
export const EVERY = '';

/**
 * `similar:team`: how much likelier promises of the same team that were open as long were broken than all that were, in
 * log-odds. The difference, since how many are broken on the whole changes with time.
 */
export const likenessName = (trait: string): string => `similar:${trait}`;

/** Traits of two others: handling differs by both together. */
export const pairs: readonly (readonly [string, string])[] = [['team', 'reason']];

export function pairedTraits(traits: Sight['traits']): Record<string, string> {
  const all: Record<string, string> = { ...traits };
  for (const [a, b] of pairs) {
    const [one, other] = [traits[a], traits[b]];
    if (one !== undefined && other !== undefined) all[`${a}+${b}`] = `${one}\n${other}`;
  }
  return all;
}

export function featureNames(traits: readonly string[]): string[] {
  return [...numberNames, ...traits.map(likenessName)];
}

export function directionsOf(traits: readonly string[]): (0 | 1)[] {
  return [...numberNames.map((name) => NUMBERS[name]), ...traits.map(() => 1 as const)];
}

/** One row of the model's table; NaN where a number is not known. */
export function rowOf({ at, numbers, traits }: Sight, memory: Memory, dimensions: readonly string[]): Float64Array {
  const row = new Float64Array(numberNames.length + dimensions.length);
  for (const [index, name] of numberNames.entries()) row[index] = numbers[name] ?? NaN;
  const all = pairedTraits(traits);
  const share = numbers.share ?? 0;
  const every = logit(memory.recall(EVERY, undefined, share, at).share);
  for (const [index, trait] of dimensions.entries()) {
    const value = all[trait];
    const likeness = value === undefined ? NaN : logit(memory.recall(trait, value, share, at).share) - every;
    row[numberNames.length + index] = likeness;
  }
  return row;
}
