import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endedPromises, ORIGIN, sightAt, stream } from '../../testing/promises.ts';
import { fitModel, LEAST } from './fit.ts';
import { foresee } from './foresee.ts';
import { readyModel } from './model.ts';
import type { Ready } from './model.ts';
import { queuesAt } from './queues.ts';
import { createMemory } from './similar.ts';
import { sightOf } from './sight.ts';
import type { Sight } from './sight.ts';
import { counted, staffedHours } from './staffing.ts';
import { levelOf, nextShare } from './stored.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = ORIGIN + 200 * DAY;

function learned(count = 1500, seed = 5): Ready {
  const fitted = fitModel(endedPromises(count, seed), { now });
  const ready = fitted.ok ? readyModel(fitted.model) : undefined;
  if (ready === undefined) throw new Error('nothing was learned');
  return ready;
}

const probability = (ready: Ready, team: string, share: number): number => {
  const said = foresee(ready, sightAt(team, share, now));
  return said.known ? said.probability : Number.NaN;
};

describe('a model', () => {
  const ready = learned();

  test('tells slow from quick, with the reason first and what would help', () => {
    const said = foresee(ready, sightAt('slow', 0.5, now));
    if (!said.known) throw new Error(said.why);
    expect(said.probability).toBeGreaterThan(0.7);
    expect(probability(ready, 'quick', 0.5)).toBeLessThan(0.4);
    expect(said.reasons[0]).toMatchObject({ feature: 'similar:team' });
    expect(said.reasons[0]?.text).toContain('team slow');
    const weights = said.reasons.map(({ weight }) => Math.abs(weight));
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(said.help[0]).toMatchObject({ action: 'move-to-team', to: 'quick' });
    expect(said.help[0]?.probability).toBeLessThan(said.probability);
  });

  test('says to assign what waits in a queue, where that is the main reason', () => {
    const waits = (sight: Sight, ahead: number): Sight => ({ ...sight, numbers: { ...sight.numbers, ahead } });
    const queued = endedPromises(1500).map((one) => ({
      ...one,
      traits: {},
      sights: one.sights.map((sight) => waits({ ...sight, traits: { team: 'same' } }, one.broken ? 30 : 1)),
    }));
    const fitted = fitModel(queued, { now });
    const model = fitted.ok ? readyModel(fitted.model) : undefined;
    const sight = waits(sightAt('same', 0.5, now), 30);
    const helpOf = (seen: Sight): readonly string[] => {
      const said = foresee(model, seen);
      return said.known ? said.help.map(({ action }) => action) : [said.why];
    };
    expect(foresee(model, sight)).toMatchObject({ reasons: [{ feature: 'ahead' }] });
    expect(helpOf({ ...sight, waiting: true })).toContain('assign-now');
    expect(helpOf(sight)).not.toContain('assign-now');
    expect(helpOf({ ...waits(sight, 1), waiting: true })).not.toContain('assign-now');
  });

  test('says what comes as often as it comes', () => {
    const others = endedPromises(3000, 99);
    const said = others.flatMap(({ sights, broken }) =>
      sights.map((sight) => {
        const found = foresee(ready, sight);
        return { probability: found.known ? found.probability : Number.NaN, broken };
      }),
    );
    for (const [low, high] of [
      [0, 0.5],
      [0.5, 1],
    ] as const) {
      const own = said.filter((one) => one.probability >= low && one.probability < high);
      const mean = own.reduce((sum, one) => sum + one.probability, 0) / own.length;
      const came = own.filter(({ broken }) => broken).length / own.length;
      expect(Math.abs(mean - came)).toBeLessThan(0.08);
    }
  });

  test('gives a probability whatever it is shown, or says that it does not know', () => {
    fc.assert(
      fc.property(
        fc.record({
          share: fc.double({ min: 0, max: 3, noNaN: true }),
          team: fc.constantFrom('slow', 'quick', 'unheard-of'),
          hours: fc.double({ min: 0.1, max: 200, noNaN: true }),
        }),
        ({ share, team, hours }) => {
          const said = foresee(ready, sightAt(team, share, now, hours));
          if (!said.known) expect(said.why).toBe('other-target');
          else {
            expect(said.probability).toBeGreaterThan(0);
            expect(said.probability).toBeLessThan(1);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('knows nothing of a target far from those it saw, and nothing without a model', () => {
    expect(foresee(ready, sightAt('slow', 0.5, now, 100))).toEqual({ known: false, why: 'other-target' });
    expect(foresee(undefined, sightAt('slow', 0.5))).toEqual({ known: false, why: 'no-model' });
  });

  test('says nothing where it tells nothing apart', () => {
    const next = stream(3);
    const coin = endedPromises(1500).map(({ startedAt, knownAt }) => ({
      startedAt,
      knownAt,
      broken: next() < 0.5,
      endShare: 1,
      traits: {},
      sights: [0.25, 0.5, 0.75].map((share) => sightAt('same', share, startedAt)),
    }));
    const fitted = fitModel(coin, { now });
    if (!fitted.ok) throw new Error(fitted.reason);
    expect(foresee(readyModel(fitted.model), sightAt('same', 0.5, now))).toEqual({ known: false, why: 'no-skill' });
  });

  test('is not made of too few', () => {
    expect(fitModel(endedPromises(LEAST.ended - 1), { now })).toMatchObject({ ok: false, reason: 'too-few' });
    const kept = endedPromises(2000).filter(({ broken }) => !broken);
    expect(fitModel(kept, { now })).toMatchObject({ ok: false, broken: 0 });
  });

  test('does not learn from times of which the slow ones have not ended', () => {
    const ended = endedPromises(1000);
    const newest = ended.at(-1)?.startedAt ?? 0;
    const fitted = fitModel(ended, { now: newest });
    if (!fitted.ok) throw new Error(fitted.reason);
    expect(Date.parse(fitted.model.learned.to)).toBeLessThan(newest - 8 * HOUR);
  });

  test('is the same after it was stored, and is not asked when it is of another release', () => {
    const again = readyModel(JSON.parse(JSON.stringify(ready.model)) as Ready['model']);
    if (again === undefined) throw new Error('it was stored by this release');
    expect(probability(again, 'slow', 0.4)).toBe(probability(ready, 'slow', 0.4));
    expect(readyModel({ ...ready.model, features: ['share'] })).toBeUndefined();
  });
});

describe('a sight', () => {
  const life = {
    startedAt: '2026-06-01T00:00:00.000Z',
    targetMs: 10 * HOUR,
    segments: [
      { from: '2026-06-01T00:00:00.000Z', to: '2026-06-01T02:00:00.000Z', state: 'counting', team: 'a', priority: 3 },
      { from: '2026-06-01T02:00:00.000Z', to: '2026-06-01T03:00:00.000Z', state: 'paused', team: 'b', priority: 3 },
      { from: '2026-06-01T03:00:00.000Z', state: 'counting', team: 'a', priority: 2 },
    ],
    traits: { reason: 'x' },
  } as const;
  const moment = { at: Date.parse('2026-06-01T04:00:00.000Z'), elapsedMs: 3 * HOUR, dueInMs: 7 * HOUR, hourOfWeek: 4 };

  test('counts hand-offs, returns, pauses and changes so far', () => {
    expect(sightOf(life, moment)).toMatchObject({
      numbers: {
        share: 0.3,
        handOffs: 2,
        returns: 1,
        pauses: 1,
        pausedShare: 0.25,
        pausedNow: 0,
        priority: 2,
        priorityChanges: 1,
        hoursWithTeam: 1,
      },
      traits: { reason: 'x', team: 'a', priority: '2' },
    });
  });

  test('is not changed by what comes later', () => {
    const early = { ...moment, at: Date.parse('2026-06-01T01:00:00.000Z') };
    const cut = { ...life, segments: [{ ...life.segments[0], to: '2026-06-01T09:00:00.000Z' }] };
    expect(sightOf(life, early)).toEqual(sightOf(cut, early));
  });

  test('counts the weekend ahead and behind', () => {
    const friday = { ...moment, hourOfWeek: 96 + 20, dueInMs: 60 * HOUR };
    expect(sightOf(life, friday).numbers).toMatchObject({ weekendAhead: 48, weekendPast: 0 });
    const monday = { ...moment, at: Date.parse('2026-06-03T05:00:00.000Z'), hourOfWeek: 5 };
    expect(sightOf(life, monday).numbers).toMatchObject({ weekendPast: 48 });
  });
});

describe('what is known of others', () => {
  test('queues are those of the instant', () => {
    const stay = (team: string, from: number, to: number, done = true) => ({ team, from, to, done });
    const all = [
      { startedAt: 0, stays: [stay('a', 0, 10)] },
      { startedAt: 1, stays: [stay('a', 1, 5, false), stay('b', 5, 20)] },
      { startedAt: 2, stays: [stay('a', 2, 30)] },
    ];
    expect(queuesAt(all, [[0], [6], [3, 7, 12]])).toEqual([
      [{ ahead: 0, backlog: 1, finished: 0 }],
      [{ ahead: 0, backlog: 1, finished: 0 }],
      [
        { ahead: 2, backlog: 3, finished: 0 },
        { ahead: 1, backlog: 2, finished: 0 },
        { ahead: 0, backlog: 1, finished: 1 },
      ],
    ]);
  });

  test('similar promises that were open as long are counted, and fade', () => {
    const memory = createMemory(DAY);
    for (let n = 0; n < 100; n += 1)
      memory.learn({ at: 0, broken: n < 30, endShare: n < 30 ? 1 : 0.2, traits: { team: 'a' } });
    expect(memory.recall('', undefined, 0, 0).share).toBeCloseTo(0.3, 1);
    expect(memory.recall('team', 'a', 0.5, 0).share).toBeCloseTo(1, 1);
    expect(memory.recall('team', 'a', 0, DAY).count).toBeCloseTo(50);
    expect(memory.recall('team', 'never seen', 0, 0).share).toBe(memory.recall('', undefined, 0, 0).share);
  });

  test('agents are counted hour by hour', () => {
    const monday = Date.parse('2026-06-01T00:00:00.000Z');
    const first = counted(undefined, 'a', 4, monday);
    expect(staffedHours(first, monday, monday + 2.5 * HOUR)).toBeCloseTo(10);
    const second = counted(first, 'a', 0, monday + HOUR);
    expect(staffedHours(second, monday, monday + 2 * HOUR)).toBeCloseTo(4);
    expect(staffedHours(undefined, monday, monday + HOUR)).toBeUndefined();
  });
});

describe('levels', () => {
  const said = (probability: number) => ({ known: true, probability, reasons: [], help: [] }) as const;
  test('are left only well below', () => {
    const levels = [0.5, 0.8];
    expect(levelOf(levels, 0, said(0.49))).toBe(0);
    expect(levelOf(levels, 0, said(0.81))).toBe(2);
    expect(levelOf(levels, 2, said(0.76))).toBe(2);
    expect(levelOf(levels, 2, said(0.74))).toBe(1);
    expect(levelOf(levels, 1, said(0.46))).toBe(1);
    expect(levelOf(levels, 1, said(0.44))).toBe(0);
    expect(levelOf(levels, 1, { known: false, why: 'no-skill' })).toBe(1);
  });
  test('looks come closer towards the end, and never stand still', () => {
    expect(nextShare(0)).toBeCloseTo(0.05);
    expect(nextShare(0.05)).toBeCloseTo(0.1);
    expect(nextShare(0.5)).toBeCloseTo(0.525);
    for (let share = 0; share < 2; share += 0.001) expect(nextShare(share)).toBeGreaterThan(share);
  });
});
