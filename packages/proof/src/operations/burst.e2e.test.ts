/** Short; `npm run prove` sends more, for longer. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { burst } from './burst.ts';
import { burstFindings } from './findings.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

test(
  'a burst is taken in at the rate of the door and worked off, and everybody is told',
  { timeout: 240_000 },
  async () => {
    expect(burstFindings(await burst({ root, bus: 'embedded', records: 6000, seconds: 4 }))).toEqual([]);
  },
);
