/** Seeded chance: the same seed, the same day. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Chance {
  /** From 0, below 1. */
  share(): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  between(from: number, to: number): number;
  /** True in this share of cases. */
  happens(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** A key, as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
}

/** Chance for one named purpose; draws for one never move another's. */
export function createChance(seed: number, purpose: string): Chance {
  const generator = xoroshiro128plus(mix(seed, purpose));
  const share = (): number => uniformFloat64(generator);
  return {
    share,
    whole: (from, to) => uniformInt(generator, from, to),
    between: (from, to) => from + share() * (to - from),
    happens: (probability) => share() < probability,
    pick: (list) => list[uniformInt(generator, 0, list.length - 1)] ?? list[0],
    weighted: (weights) => weighted(weights, share()),
  };
}

function weighted<K extends string>(weights: Readonly<Record<K, number>>, share: number): K {
  const entries = Object.entries(weights) as [K, number][];
  let left = share * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  const last = entries.findLast(([, weight]) => weight > 0);
  if (last === undefined) throw new Error('nothing to choose from');
  return last[0];
}

/** FNV-1a over the purpose, begun with the seed. */
function mix(seed: number, purpose: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const byte of new TextEncoder().encode(purpose)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}
