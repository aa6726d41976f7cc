/** A short mixture of faults, for every run of the tests; `npm run prove` has all of them. */
import path from 'node:path';
import { createChance } from './chance.ts';
import { faultNamed } from './faults/all.ts';
import { openHouse, type House, type Verdict } from './house.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const quick = ['connections reset', 'connections cut', 'kill -9 of PostgreSQL', 'a slow network'];

export interface Mix {
  readonly house: House;
  /** A replica killed, then two of the quick faults. */
  round(): Promise<Verdict>;
}

export async function openMix(bus: 'kafka' | 'embedded', seed: number): Promise<Mix> {
  const house = await openHouse({ root, bus, seed });
  const chance = createChance(seed, 'mixture');
  const faults = ['kill -9 of one replica', chance.pick(quick), chance.pick(quick)].map(faultNamed);
  return { house, round: () => house.round(faults) };
}
