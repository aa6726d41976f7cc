/** Seeded chance: the same seed, the same choices. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Chance {
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  /** True in this share of cases. */
  happens(share: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/** Chance for one named purpose; draws for one never move another's. */
export function createChance(seed: number, purpose: string): Chance {
  const generator = xoroshiro128plus(mix(seed, purpose));
  const whole = (from: number, to: number): number => uniformInt(generator, from, to);
  return {
    whole,
    happens: (share) => whole(0, 999_999) < share * 1_000_000,
    pick: <T>(list: readonly T[]): T => {
      if (list.length === 0) throw new Error('nothing to choose from');
      return list[whole(0, list.length - 1)] as T;
    },
  };
}

/** FNV-1a over the purpose, begun with the seed. */
function mix(seed: number, purpose: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const byte of new TextEncoder().encode(purpose)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}
