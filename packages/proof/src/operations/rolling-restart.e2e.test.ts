/** Short and of one version; `npm run prove` replaces all five services, also those of the version landed before. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { restartFindings } from './findings.ts';
import { rollingRestart } from './rolling-restart.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

test('replicas are replaced under load, nothing is lost and nobody gets a 5xx', { timeout: 180_000 }, async () => {
  const result = await rollingRestart({ root, bus: 'embedded', services: ['intake', 'routing'] });

  expect(restartFindings(result, 4)).toEqual([]);
});
