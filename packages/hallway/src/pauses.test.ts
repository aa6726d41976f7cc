import { expect, test } from 'vitest';
import { createPauses } from './pauses.ts';

test('pauses are brief for five seconds of looks in vain, then long, and brief again once something was found', () => {
  const pauses = createPauses(1000, 4000);
  const looks = (count: number): number[] => Array.from({ length: count }, () => pauses.inVain());

  expect(looks(6)).toEqual([1000, 1000, 1000, 1000, 1000, 4000]);
  pauses.found();
  expect(looks(6)).toEqual([1000, 1000, 1000, 1000, 1000, 4000]);
});
