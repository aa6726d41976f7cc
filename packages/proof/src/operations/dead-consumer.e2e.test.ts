/** A consumer that can never read on: the replica says that it is of no use, and its process ends. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startFleet } from '@switchboard/fleet';
import { eventually } from '@switchboard/testing';
import { Client } from 'pg';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../../..');

test('on the embedded bus turns readiness and ends the process', { timeout: 120_000 }, async () => {
  const fleet = await startFleet({ root, bus: 'embedded', services: ['intake'], env: { SHUTDOWN_DELAY: '2000' } });
  try {
    const [replica] = fleet.of('intake');
    const died = replica?.died();
    const admin = new Client({ connectionString: fleet.adminUrl });
    await admin.connect();
    await admin.query('drop schema bus cascade');
    await admin.end();

    await eventually(async () => {
      const answer = await fetch(`${replica?.url ?? ''}/health/ready`);
      expect(answer.status).toBe(503);
      expect(await answer.text()).toContain('consumer:');
    });
    expect(String(await died)).toContain('exit code 1');
    expect(readFileSync(replica?.logFile ?? '', 'utf8')).toContain('the consumer died');
  } finally {
    await fleet.stop();
  }
});
