/** What is kept of an agent's shares answers like their whole past. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasShare, LONGEST_SHARE_MS, withoutShare, withShare } from './fairness.ts';
import type { Fairness, Share } from './fairness.ts';

const HOUR_MS = 3_600_000;
const limits: fc.Arbitrary<Fairness> = fc.record(
  {
    most: fc.integer({ min: 1, max: 4 }),
    perMs: fc.constantFrom(HOUR_MS, 8 * HOUR_MS, LONGEST_SHARE_MS),
    ramp: fc.record({ forMs: fc.constantFrom(HOUR_MS, 12 * HOUR_MS), most: fc.integer({ min: 1, max: 3 }) }),
  },
  { requiredKeys: ['most', 'perMs'] },
);
const life = fc.array(
  fc.record({
    queueId: fc.constantFrom('a', 'b'),
    /** Since the one before; none of them at a full hour's end. */
    afterMs: fc.constantFrom(0, 600_000, HOUR_MS, 7 * HOUR_MS, 20 * HOUR_MS),
    comesBack: fc.boolean(),
    comesToNothing: fc.constantFrom(false, false, true),
  }),
  { maxLength: 25, size: 'max' },
);

test('given any assignments of two queues, then the shares that are kept say what all of them would', () => {
  fc.assert(
    fc.property(life, limits, limits, (all, ofA, ofB) => {
      let kept: readonly Share[] = [];
      let past: Share[] = [];
      let now = 1000 * HOUR_MS;
      let availableSince = now;
      for (const [n, { queueId, afterMs, comesBack, comesToNothing }] of all.entries()) {
        now += afterMs;
        if (comesBack) availableSince = now;
        const fairness = { a: ofA, b: ofB };
        for (const id of ['a', 'b'] as const) {
          const times = { availableSince, now };
          const { most, perMs, ramp } = fairness[id];
          const own = past.filter((one) => one.queueId === id).map(({ at }) => now - at);
          const isNew = ramp !== undefined && now - availableSince < ramp.forMs;
          const sinceCome = own.filter((ago) => ago <= now - availableSince).length;
          const expected = own.filter((ago) => ago < perMs).length >= most || (isNew && sinceCome >= ramp.most);
          expect(hasShare(fairness[id], id, kept, times)).toBe(expected);
        }
        const share = { queueId, at: now, reservationId: String(n) };
        kept = withShare(kept, share, fairness[queueId]);
        past.push(share);
        if (comesToNothing) {
          kept = withoutShare(kept, share.reservationId) ?? [];
          past = past.filter((one) => one !== share);
        }
        expect(new Set(kept.map(({ reservationId }) => reservationId)).size).toBe(kept.length);
      }
    }),
    { numRuns: 300 },
  );
});
