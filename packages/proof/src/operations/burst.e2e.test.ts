/** Short; `npm run prove` sends more, for longer. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { burst } from './burst.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

test(
  'a burst is taken in at the rate of the door and worked off, and everybody is told',
  { timeout: 240_000 },
  async () => {
    const result = await burst({ root, bus: 'embedded', records: 6000, seconds: 4 });

    // Nobody is told anything but "done" or "not now, come back then".
    expect(Object.keys(result.statuses).sort()).toEqual(['201', '503']);
    expect(result.withoutRetryAfter).toBe(0);
    expect(Object.keys(result.readiness)).toEqual(['200']);
    expect(result.overloadShown).toBe(true);
    expect(result.oldestS).toBeGreaterThan(0);
    expect(result.publishedPerS).toBeGreaterThan(result.workedOffPerS);
    expect(result.faults).toEqual([]);
    expect(Math.max(...result.rssMb)).toBeLessThan(600);
  },
);
