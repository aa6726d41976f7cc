import { describe, expect, it } from 'vitest';
import { createRandom } from '../../testing/match-instances.ts';
import { anyQueue } from '../../testing/house.ts';
import { caseFacts } from '../../testing/orders.ts';
import { shareOf } from '../matching/draw.ts';
import type { Queue } from '../queues/queues.ts';
import { gini, quantile } from './measure.ts';
import { simulate } from './simulate.ts';
import type { Arrival, Simulation, Staff } from './types.ts';

const BEGIN = Date.UTC(2026, 2, 2, 9);
const MINUTE_MS = 60_000;

const arrival = (id: string, afterMs: number, partial: Partial<Arrival> = {}): Arrival => ({
  ...{ id, queueId: 'default', channel: 'phone', priority: 3, enqueuedAt: BEGIN + afterMs },
  facts: { case: caseFacts(id), contact: { channel: 'phone', attributes: {} }, customer: {} },
  ...partial,
});

const agent = (id: string, partial: Partial<Staff> = {}): Staff => ({
  ...{ id, capacity: { default: 1 } },
  facts: { id, team: 't', skills: {}, languages: [], territories: [], products: [] },
  ...partial,
});

const run = (partial: Partial<Simulation> & Pick<Simulation, 'arrivals' | 'staff'>, queue: Partial<Queue> = {}) =>
  simulate({
    queues: [{ ...anyQueue, ...queue }],
    workOf: () => ({ handlingMs: 10 * MINUTE_MS, isHandedOff: false }),
    ...partial,
  });

/** Share of arrivals that wait in a queue with Poisson arrivals, exponential handling and c servers (Erlang 1917). */
function erlangC(servers: number, load: number): number {
  let [term, sum] = [1, 1];
  for (let n = 1; n < servers; n += 1) {
    term *= load / n;
    sum += term;
  }
  const all = ((term * load) / servers) * (servers / (servers - load));
  return all / (sum + all);
}

describe('a simulation', () => {
  it.each(['longest-idle', 'least-cost'] as const)(
    'under %s with arrivals and handling by chance: waits as Erlang C has them',
    (strategy) => {
      const random = createRandom(7);
      const exponential = (mean: number): number => -Math.log(1 - random()) * mean;
      const handling = 10 * MINUTE_MS;
      let at = 0;
      const arrivals = Array.from({ length: 20_000 }, (_, n) =>
        arrival(`i${String(n)}`, (at += exponential(handling / 2.4))),
      );
      const times = new Map(arrivals.map(({ id }) => [id, exponential(handling)]));
      const workOf: Simulation['workOf'] = ({ id }) => ({ handlingMs: times.get(id) ?? 0, isHandedOff: false });
      const report = run({ arrivals, staff: ['a', 'b', 'c'].map((id) => agent(id)), workOf }, { strategy });
      const expected = (erlangC(3, 2.4) * handling) / (3 - 2.4);
      expect(report.waitMs.mean / expected).toBeGreaterThan(0.9);
      expect(report.waitMs.mean / expected).toBeLessThan(1.1);
      expect(report.occupancy).toBeCloseTo(0.8, 1);
      expect(report).toMatchObject({ items: 20_000, unfinished: 0, handOffs: 0 });
    },
  );

  it('given two items and one agent, then the second waits, and promises are kept or broken by when they end', () => {
    const late = { promisedBy: BEGIN + 15 * MINUTE_MS };
    const report = run({ arrivals: [arrival('1', 0, late), arrival('2', 0, late)], staff: [agent('anna')] });
    expect(report.waitMs).toEqual({ mean: 5 * MINUTE_MS, p50: 0, p95: 10 * MINUTE_MS, max: 10 * MINUTE_MS });
    expect(report.promisesKept).toBe(0.5);
    expect(report.agents).toEqual([{ id: 'anna', busyMs: 20 * MINUTE_MS }]);
    expect(run({ arrivals: [arrival('1', 0)], staff: [agent('anna')] }).promisesKept).toBeUndefined();
  });

  it('given that somebody hands on, then another one goes on, the wait adds up, and the age stays', () => {
    const arrivals = [arrival('1', 0, { promisedBy: BEGIN + 20 * MINUTE_MS }), arrival('2', 1000)];
    const workOf: Simulation['workOf'] = ({ id }, _, turn) => ({
      handlingMs: 10 * MINUTE_MS,
      isHandedOff: id === '1' && turn === 0,
    });
    const staff = [agent('anna'), agent('bert', { from: BEGIN + 5 * MINUTE_MS })];
    const report = run({ arrivals, staff, workOf, avoidMs: 60 * MINUTE_MS });
    expect(report).toMatchObject({ handOffs: 0.5, unfinished: 0 });
    expect(report.agents.reduce((sum, { busyMs }) => sum + busyMs, 0)).toBe(30 * MINUTE_MS);
    // Back at ten minutes, taken by the other one, who has the second item until fifteen.
    expect(report.waitMs.max).toBe(5 * MINUTE_MS);
  });

  it('given nobody else, then who handed it on gets it again, after the time', () => {
    const workOf: Simulation['workOf'] = (_, __, turn) => ({ handlingMs: MINUTE_MS, isHandedOff: turn === 0 });
    const report = run({ arrivals: [arrival('1', 0)], staff: [agent('anna')], workOf });
    expect(report).toMatchObject({ unfinished: 0, handOffs: 1, waitMs: { max: 30_000 } });
  });

  it('given shifts, then nobody gets anything before or after, and what nobody is left for stays unfinished', () => {
    const arrivals = [arrival('1', 0), arrival('2', 30 * MINUTE_MS)];
    const staff = [agent('anna', { from: BEGIN + 5 * MINUTE_MS, to: BEGIN + 20 * MINUTE_MS })];
    const report = run({ arrivals, staff });
    expect(report).toMatchObject({ items: 2, unfinished: 1, waitMs: { max: 5 * MINUTE_MS } });
  });

  it('given who knows the kind of work and others, then at least cost fewer are handed on, and load stays even', () => {
    const reasons = ['billing', 'repair', 'moving'];
    const random = createRandom(3);
    let at = 0;
    const arrivals = Array.from({ length: 1500 }, (_, n) => {
      const reason = reasons[Math.floor(random() * 3)] ?? '';
      const facts = {
        case: caseFacts(String(n), { reason }),
        contact: { channel: 'phone', attributes: {} },
        customer: {},
      };
      return arrival(String(n), (at += -Math.log(1 - random()) * 2.6 * MINUTE_MS), { facts });
    });
    const staff = Array.from({ length: 6 }, (_, n) => {
      const id = `a${String(n)}`;
      const skills = { [reasons[n % 3] ?? '']: 5 };
      return agent(id, { facts: { id, team: 't', skills, languages: [], territories: [], products: [] } });
    });
    const expert = new Map(staff.map(({ id, facts }) => [id, Object.keys(facts.skills)[0]]));
    const workOf: Simulation['workOf'] = ({ id, facts }, agentId) => ({
      handlingMs: 10 * MINUTE_MS,
      isHandedOff: expert.get(agentId) !== facts.case.reason && shareOf(`${id} ${agentId}`) < 0.4,
    });
    const [cost, idle] = (['least-cost', 'longest-idle'] as const).map((strategy) =>
      run({ arrivals, staff, workOf }, { strategy }),
    );
    expect(cost?.handOffs).toBeLessThan((idle?.handOffs ?? 0) * 0.75);
    expect(cost?.waitMs.mean).toBeLessThan(idle?.waitMs.mean ?? 0);
    expect(cost?.gini).toBeLessThan(0.1);
  });
});

describe('measures', () => {
  it('Gini: nothing for all alike, near one where one has everything, and the textbook’s value in between', () => {
    expect(gini([3, 3, 3])).toBe(0);
    expect(gini([0, 0, 0, 1])).toBeCloseTo(0.75);
    expect(gini([1, 2, 3, 4])).toBeCloseTo(0.25);
    expect(gini([])).toBe(0);
  });

  it('quantiles are values that are there', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2);
    expect(quantile([1, 2, 3, 4], 0.95)).toBe(4);
    expect(quantile([], 0.5)).toBe(0);
  });
});
