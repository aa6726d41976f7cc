import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../testing/match-instances.ts';
import { compare } from './compare.ts';
import { standardise } from './standardise.ts';
import type { Cell } from './standardise.ts';

const MINUTE_MS = 60_000;

/** Handling times of one agent with one sort of work. */
function timed(agentId: string, reason: string, times: readonly number[]): Cell {
  const logs = times.map((ms) => Math.log(ms));
  const count = times.length;
  return {
    ...{ agentId, reason, queueId: 'default', channel: 'phone', priority: 3 },
    ...{ offered: count, accepted: count, rejected: 0, missed: 0, withdrawn: 0, completed: count, timed: count },
    handlingMs: times.reduce((sum, ms) => sum + ms, 0),
    logSum: logs.reduce((sum, log) => sum + log, 0),
    logSquares: logs.reduce((sum, log) => sum + log ** 2, 0),
  };
}

const offered = (agentId: string, accepted: number, missed: number): Cell => ({
  ...timed(agentId, 'repair', []),
  ...{ offered: accepted + missed, accepted, missed },
});

/** Of a log-normal distribution, as handling times are. */
function drawer(seed: number) {
  const random = createRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return (count: number, medianMs: number): number[] =>
    Array.from({ length: count }, () => medianMs * Math.exp(0.6 * normal()));
}

const names = Array.from({ length: 20 }, (_, n) => `a${String(n)}`);

describe('handling times', () => {
  it('given who gets the long work, then they are slower as they are counted, and not with the same mix', () => {
    const draw = drawer(1);
    const cells = names.flatMap((id, n) => [
      timed(id, 'address-change', draw(n < 10 ? 90 : 10, 3 * MINUTE_MS)),
      timed(id, 'accident-report', draw(n < 10 ? 10 : 90, 30 * MINUTE_MS)),
    ]);
    const { byAgent, toldApart } = standardise(cells, 'handling');
    const [light, heavy] = [byAgent.get('a0'), byAgent.get('a15')];
    expect((heavy?.observed ?? 0) / (light?.observed ?? 1)).toBeGreaterThan(5);
    expect(heavy?.ratio).toBeCloseTo(1, 0.5);
    expect(light?.ratio).toBeCloseTo(1, 0.5);
    expect(toldApart).toBe(false);
    // Nobody is ranked where nothing tells them apart.
    for (const { standing, place } of byAgent.values())
      expect({ standing, place }).toEqual({ standing: 'alike', place: { from: 1, to: 20 } });
  });

  it('given two who take twice as long with the same work, then they stand out, and nobody else does', () => {
    const draw = drawer(2);
    const cells = names.map((id, n) => timed(id, 'repair', draw(80, (n < 2 ? 20 : 10) * MINUTE_MS)));
    const { byAgent, toldApart } = standardise(cells, 'handling');
    expect(toldApart).toBe(true);
    expect([...byAgent].filter(([, { standing }]) => standing === 'above').map(([id]) => id)).toEqual(['a0', 'a1']);
    const slow = byAgent.get('a0');
    expect(slow?.low).toBeGreaterThan(1.5);
    expect(slow?.high).toBeLessThan(2.7);
    expect(slow?.place).toEqual({ from: 19, to: 20 });
    expect(byAgent.get('a5')?.place.to).toBeLessThanOrEqual(18);
  });

  it('given who did next to nothing, then nothing is made of it', () => {
    const draw = drawer(3);
    const cells = [
      ...names.map((id, n) => timed(id, 'repair', draw(100, (n < 10 ? 12 : 10) * MINUTE_MS))),
      timed('new', 'repair', [40 * MINUTE_MS]),
    ];
    const found = standardise(cells, 'handling').byAgent.get('new');
    expect(found?.ratio).toBeGreaterThan(3);
    expect(found?.standing).toBe('alike');
  });

  it('given alike agents, then hardly ever one is called another', () => {
    let falsely = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const draw = drawer(seed);
      const { toldApart } = standardise(
        names.map((id) => timed(id, 'repair', draw(30, 10 * MINUTE_MS))),
        'handling',
      );
      if (toldApart) falsely += 1;
    }
    // 5 % are meant; 6 or more of 40 would come of that once in a hundred times.
    expect(falsely).toBeLessThan(6);
  });

  it('given one agent alone, then there is nobody to compare them with', () => {
    expect(standardise([timed('a', 'repair', [1000, 2000])], 'handling').byAgent.size).toBe(0);
    expect(standardise([], 'handling')).toEqual({ toldApart: false, byAgent: new Map() });
  });
});

describe('shares of offers', () => {
  it('given who misses far more than others, then that is told, with what was expected of them', () => {
    const cells = [...names.map((id) => offered(id, 90, 10)), offered('late', 40, 60)];
    const { byAgent } = standardise(cells, 'missing');
    expect(byAgent.get('late')).toMatchObject({ observed: 0.6, standing: 'above', place: { from: 21, to: 21 } });
    expect(byAgent.get('late')?.expected).toBeCloseTo(0.1, 2);
    expect(byAgent.get('a1')?.standing).toBe('alike');
    expect(standardise(cells, 'acceptance').byAgent.get('late')?.standing).toBe('below');
  });

  it('given any counts, then everything is finite, intervals hold their ratio, places hold each other', () => {
    const cell = fc.record({
      agentId: fc.constantFrom(...names),
      ...{ queueId: fc.constantFrom('a', 'b'), channel: fc.constant('phone') },
      ...{ reason: fc.constantFrom('x', 'y', 'z'), priority: fc.integer({ min: 1, max: 5 }), offered: fc.nat(50) },
      ...{ accepted: fc.nat(30), rejected: fc.nat(30), missed: fc.nat(30), completed: fc.nat(30) },
    });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 60 }), (cells) => {
        const whole = cells.map((one) => ({ ...one, withdrawn: 0, timed: 0, handlingMs: 0, logSum: 0, logSquares: 0 }));
        for (const measure of ['acceptance', 'missing'] as const) {
          const { byAgent } = standardise(whole, measure);
          for (const { expected, ratio, low, high, place } of byAgent.values()) {
            expect(expected).toBeGreaterThan(0);
            expect(low).toBeLessThanOrEqual(ratio);
            expect(high).toBeGreaterThanOrEqual(ratio);
            expect(Number.isFinite(high)).toBe(true);
            expect(place.from).toBeLessThanOrEqual(place.to);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a comparison', () => {
  it('is the textbook’s where all are equally certain', () => {
    // Effects 0, 1, 2, 3 with variance 0.1: mean 1.5, Q = 50 with three degrees, tau squared = (50 - 3) / 30.
    const { between, each, toldApart } = compare([0, 1, 2, 3].map((effect) => ({ effect, variance: 0.1 })));
    expect(toldApart).toBe(true);
    expect(between).toBeCloseTo(47 / 30, 9);
    expect(each[0]?.shrunk).toBeCloseTo(1.5 - (1.5 * (47 / 30)) / (47 / 30 + 0.1), 9);
    expect(each.map(({ place }) => place)).toEqual([
      { from: 1, to: 2 },
      { from: 1, to: 3 },
      { from: 2, to: 4 },
      { from: 3, to: 4 },
    ]);
  });

  it('given any effects of unlike certainty, then places are those of all pairs, at most as open as if all were a tenth more uncertain', () => {
    const estimate = fc.record({
      effect: fc.double({ min: -3, max: 3, noNaN: true }),
      variance: fc.double({ min: 1e-3, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(estimate, { minLength: 2, maxLength: 60 }), (estimates) => {
        const { toldApart, between, each } = compare(estimates);
        fc.pre(toldApart);
        const variances = estimates.map(({ variance }) => (between * variance) / (between + variance));
        const exact = (more: number) =>
          each.map(({ shrunk }, n) => {
            const apart = (m: number): number =>
              2.575829 * Math.sqrt(more * ((variances[n] ?? 0) + (variances[m] ?? 0)));
            return {
              from: 1 + each.filter((other, m) => other.shrunk < shrunk - apart(m)).length,
              to: each.length - each.filter((other, m) => other.shrunk > shrunk + apart(m)).length,
            };
          });
        const [closest, widest] = [exact(1), exact(1.1)];
        for (const [n, { place }] of each.entries()) {
          expect(place.from).toBeLessThanOrEqual(closest[n]?.from ?? 0);
          expect(place.from).toBeGreaterThanOrEqual(widest[n]?.from ?? Infinity);
          expect(place.to).toBeGreaterThanOrEqual(closest[n]?.to ?? Infinity);
          expect(place.to).toBeLessThanOrEqual(widest[n]?.to ?? 0);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('given a hundred thousand agents, then their places are found, though not pair by pair', () => {
    const random = createRandom(1);
    const estimates = Array.from({ length: 100_000 }, () => ({ effect: random(), variance: 0.001 + 0.1 * random() }));
    const { toldApart, each } = compare(estimates);
    expect(toldApart).toBe(true);
    expect(each.every(({ place }) => place.from <= place.to)).toBe(true);
  });
});
