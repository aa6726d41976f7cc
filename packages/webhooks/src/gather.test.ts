import { describe, expect, test } from 'vitest';
import { gathered } from './gather.ts';

describe('look-ups', () => {
  test('that are asked for together are one, each with its own answer', async () => {
    const looks: (readonly number[])[] = [];
    const double = gathered((keys: readonly number[]) => {
      looks.push(keys);
      return Promise.resolve(keys.map((key) => key * 2));
    }, 3);

    expect(await Promise.all([1, 2, 3, 4].map(double))).toEqual([2, 4, 6, 8]);
    expect(await double(5)).toBe(10);

    expect(looks).toEqual([[1, 2, 3], [4], [5]]);
  });

  test('that fail are told to all who asked, and to nobody after them', async () => {
    let fails = true;
    const find = gathered(
      (keys: readonly number[]) => (fails ? Promise.reject(new Error('away')) : Promise.resolve(keys)),
      10,
    );

    const both = await Promise.allSettled([find(1), find(2)]);
    fails = false;

    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await find(3)).toBe(3);
  });
});
