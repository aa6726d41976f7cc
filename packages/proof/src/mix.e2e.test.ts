import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMix, type Mix } from './mix.ts';

const seed = 7;
let mix: Mix;
beforeAll(async () => {
  mix = await openMix('embedded', seed);
}, 240_000);
afterAll(() => mix.house.stop(), 60_000);

test(`nothing is lost, doubled or out of order (seed ${String(seed)})`, { timeout: 240_000 }, async () => {
  const { findings } = await mix.round();

  expect(findings).toEqual([]);
  expect(mix.house.ledger.contacts.length).toBeGreaterThan(10);
});
