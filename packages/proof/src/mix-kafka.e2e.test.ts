/** A short mixture of faults, for every run of the tests; `npm run prove` has all of them. */
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChance } from './chance.ts';
import { faultNamed } from './faults/all.ts';
import { openHouse, type House } from './house.ts';

const seed = 8;
const quick = ['connections reset', 'connections cut', 'kill -9 of PostgreSQL', 'a slow network'];

let house: House;
beforeAll(async () => {
  house = await openHouse({ root: path.resolve(import.meta.dirname, '../../..'), bus: 'kafka', seed });
}, 240_000);
afterAll(() => house.stop(), 60_000);

test(`nothing is lost, doubled or out of order (seed ${String(seed)})`, { timeout: 240_000 }, async () => {
  const chance = createChance(seed, 'mixture');
  const faults = [faultNamed('kill -9 of one replica'), faultNamed(chance.pick(quick)), faultNamed(chance.pick(quick))];

  const { findings } = await house.round(faults);

  expect(findings).toEqual([]);
  expect(house.ledger.contacts.length).toBeGreaterThan(10);
});
