import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@switchboard/testing';
import { startFleet, type Fleet } from './index.ts';

const root = path.resolve(import.meta.dirname, '../../..');

let fleet: Fleet;
beforeAll(async () => {
  fleet = await startFleet({ root, bus: 'embedded', replicas: 2, services: ['intake'] });
});
afterAll(() => fleet.stop());

describe('a fleet', () => {
  it('runs every replica as a process of its own', async () => {
    const [first, second] = fleet.of('intake');
    expect(first?.pid).not.toBe(second?.pid);
    for (const replica of fleet.of('intake')) expect((await fetch(`${replica.url}/health/ready`)).status).toBe(200);
  });

  it('kills a replica and starts it again at its address', async () => {
    const [first] = fleet.of('intake');
    await first?.kill();
    expect(first?.pid).toBe(0);
    await expect(fetch(first?.url ?? '')).rejects.toThrow();
    await first?.start();
    expect((await fetch(`${first?.url ?? ''}/health/ready`)).status).toBe(200);
  });

  it('kills the database and puts it back under running services', async () => {
    const postmaster = fleet.postgres.pid;
    await fleet.postgres.kill();
    await fleet.postgres.restart();
    expect(fleet.postgres.pid).not.toBe(postmaster);
    await eventually(async () => {
      for (const replica of fleet.of('intake')) expect((await fetch(`${replica.url}/health/ready`)).status).toBe(200);
    });
  });
});
