import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fleet } from '@switchboard/fleet';
import { apiFleet, checkAccess, faultsOf, fuzzApi, table } from './index.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const seed = 20_261_122;

let fleet: Fleet;
beforeAll(async () => {
  fleet = await apiFleet(root);
});
afterAll(() => fleet.stop());

describe('the REST doors', () => {
  it('given any token, then a route opens to the scopes it declares and to nothing else', async () => {
    const report = await checkAccess({ fleet, seed });
    process.stdout.write(
      `${String(report.asked)} pairs of route and token, ${String(report.routes)} routes, seed ${String(seed)}\n`,
    );
    expect(report.faults).toEqual([]);
  }, 180_000);

  it('given good, odd and wrong requests, then every answer is one that the document describes, and none a 5xx', async () => {
    const report = await fuzzApi({ fleet, seed, callsPerRoute: 15 });
    process.stdout.write(`${table(report)}\n`);
    expect(faultsOf(report)).toEqual([]);
  }, 180_000);
});
