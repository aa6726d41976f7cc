import { describe, expect, it } from 'vitest';
import { createChance } from './chance.ts';

describe('seeded chance', () => {
  it('given one seed and purpose, draws the same again', () => {
    const draw = (seed: number, purpose: string): number[] => {
      const chance = createChance(seed, purpose);
      return Array.from({ length: 20 }, () => chance.whole(0, 1_000_000));
    };
    expect(draw(7, 'day')).toEqual(draw(7, 'day'));
    expect(draw(7, 'day')).not.toEqual(draw(8, 'day'));
    expect(draw(7, 'day')).not.toEqual(draw(7, 'agents'));
  });

  it('given weights, draws about as often as they say, and never what has none', () => {
    const chance = createChance(1, 'weights');
    const drawn = Array.from({ length: 4000 }, () => chance.weighted({ often: 3, seldom: 1, never: 0 }));
    const often = drawn.filter((key) => key === 'often').length;
    expect(often).toBeGreaterThan(2800);
    expect(often).toBeLessThan(3200);
    expect(drawn).not.toContain('never');
  });
});
