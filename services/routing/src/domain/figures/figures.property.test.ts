/** Counts of the last half hour, and levels that are told about once. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alertedIn, alertsAfter, turnsOf } from './alerts.ts';
import { alertFigures, still } from './state.ts';
import type { AlertStates } from './state.ts';
import { createTally, heldIn, minutesOf, noteInQueue, noteStatus, setMinutes, sumsOf } from './tally.ts';

const MINUTE_MS = 60_000;
const START = Date.parse('2026-11-22T08:00:00.000Z');

const happening = fc.record({
  queueId: fc.constantFrom('q', 'r'),
  /** Minutes since the start; they come nearly in order. */
  after: fc.nat(9),
  late: fc.constantFrom(0, 0, 1, 4),
  what: fc.constantFrom('arrived', 'accepted', 'completed', 'canceled', 'within'),
  waitMs: fc.nat(90_000),
});

test('given things that happen, a few told late, and a house that starts anew, then the last half hour is counted', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40, size: 'max' }), fc.nat(40), (all, restart) => {
      let tally = createTally();
      let now = START;
      const past: { queueId: string; minute: number; what: string; waitMs: number }[] = [];
      for (const [n, { queueId, after, late, what, waitMs }] of all.entries()) {
        now += after * MINUTE_MS;
        const at = now - late * MINUTE_MS;
        noteInQueue(tally, queueId, at, { [what]: 1, waitMs });
        past.push({ queueId, minute: Math.floor(at / MINUTE_MS), what, waitMs });
        if (n === restart) {
          const again = createTally();
          for (const id of ['q', 'r'])
            setMinutes(again, id, JSON.parse(JSON.stringify(minutesOf(tally, id))) as number[][]);
          tally = again;
        }
        for (const id of ['q', 'r']) {
          const recent = past.filter((one) => one.queueId === id && one.minute > Math.floor(now / MINUTE_MS) - 30);
          const counted = sumsOf(tally, id, now);
          expect(counted.waitMs).toBe(recent.reduce((sum, one) => sum + one.waitMs, 0));
          for (const name of ['arrived', 'accepted', 'completed', 'canceled', 'within'] as const)
            expect(counted[name]).toBe(recent.filter((one) => one.what === name).length);
          expect(minutesOf(tally, id).length).toBeLessThanOrEqual(35);
        }
      }
    }),
    { numRuns: 80 },
  );
});

test('given items that move, then each is held in one place, as it was told last', () => {
  const move = fc.tuple(
    fc.constantFrom('i', 'j', 'k'),
    fc.constantFrom('q', 'r'),
    fc.constantFrom('pending', 'reserved', 'assigned', 'wrapping', 'completed'),
  );
  fc.assert(
    fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
      const tally = createTally();
      for (const [id, queueId, status] of [...moves, ...moves.slice(-1)]) noteStatus(tally, id, queueId, status);
      const last = [...new Map(moves.map(([id, queueId, status]) => [id, `${queueId} ${status}`])).values()];
      for (const queueId of ['q', 'r'])
        for (const status of ['reserved', 'assigned', 'wrapping'] as const)
          expect(heldIn(tally).get(queueId)?.[status] ?? 0).toBe(
            last.filter((one) => one === `${queueId} ${status}`).length,
          );
    }),
    { numRuns: 80 },
  );
});

const levels = fc.record(
  {
    waiting: fc.constantFrom(0, 5, 10),
    oldestWait: fc.constantFrom(60_000, 600_000),
    estimatedWait: fc.constant(300_000),
  },
  { requiredKeys: [] },
);
const look = fc.record({
  levels,
  waiting: fc.nat(14),
  oldestMs: fc.option(fc.nat(900_000), { nil: undefined }),
  medianMs: fc.option(fc.nat(500_000), { nil: undefined }),
});

test('given figures that swing, then each level is told of once when it is passed, once when it is calm, and in between not at all', () => {
  fc.assert(
    fc.property(fc.array(look, { maxLength: 20 }), (looks) => {
      let alerts: AlertStates = {};
      let turnsTold = 0;
      for (const { levels: set, waiting, oldestMs, medianMs } of looks) {
        const before = alertedIn(alerts);
        const oldest = oldestMs === undefined ? {} : { oldestEnqueuedAt: new Date(START - oldestMs).toISOString() };
        const estimate =
          medianMs === undefined
            ? {}
            : { estimate: { lowMs: 0, medianMs, highMs: 2 * medianMs, method: 'reckoned' as const } };
        const figures = { ...still, queueId: 'q', waiting, ...oldest, ...estimate };
        const turns = turnsOf({ alerts: set }, figures, before, START);
        const after = alertsAfter(alerts, turns);
        const values = { waiting, oldestWait: oldestMs ?? 0, estimatedWait: medianMs ?? 0 };
        for (const figure of alertFigures) {
          const [value, level] = [values[figure], set[figure]];
          const was = before.includes(figure);
          const is = level !== undefined && (value > level || (was && value > 0.8 * level));
          expect(alertedIn(after.alerts).includes(figure)).toBe(is);
          expect(after.told.filter((turn) => turn.figure === figure)).toHaveLength(was === is ? 0 : 1);
        }
        expect(alertsAfter(after.alerts, turns).told).toEqual([]);
        expect(turnsOf({ alerts: set }, figures, alertedIn(after.alerts), START)).toEqual([]);
        turnsTold += after.told.length;
        alerts = after.alerts;
      }
      expect(alertFigures.reduce((sum, figure) => sum + (alerts[figure]?.turns ?? 0), 0)).toBe(turnsTold);
    }),
    { numRuns: 150 },
  );
});
