import path from 'node:path';
import { expect, test } from 'vitest';
import { readIncidents } from './incident-log.ts';
import { bestCut } from './outcomes.ts';

/** Reads the real log that lies beside the checkout; where it is absent, the run says that this file is left out. */
test('the real log is read whole, and its cut for priority 3 is found', async () => {
  const root = path.resolve(import.meta.dirname, '../../../..');
  const incidents = await readIncidents(path.join(root, '../shared/data/incidents/uci-incident-event-log.zip'));
  expect(incidents).toHaveLength(24_918);
  expect(incidents.reduce((sum, { changes }) => sum + changes.length, 0)).toBe(141_712);
  expect(incidents.filter(({ ending }) => ending.madeSla)).toHaveLength(15_803);
  expect(incidents.filter(({ ending }) => ending.resolvedAt === undefined).length).toBeGreaterThan(1500);
  const { hours } = bestCut(incidents, 3);
  expect(hours).toBeGreaterThan(90);
  expect(hours).toBeLessThan(94);
}, 120_000);
