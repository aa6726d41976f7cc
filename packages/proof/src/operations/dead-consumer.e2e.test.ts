import path from 'node:path';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { watchDeath } from './dead-consumer.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

test('a dead consumer on the embedded bus turns readiness and ends the process', { timeout: 120_000 }, async () => {
  const { said, ended, log } = await watchDeath({
    root,
    async ruin({ adminUrl }) {
      const admin = new Client({ connectionString: adminUrl });
      await admin.connect();
      await admin.query('drop schema bus cascade');
      await admin.end();
    },
  });

  expect(said).toContain('consumer:');
  expect(ended).toContain('exit code 1');
  expect(log).toContain('the consumer died');
});
