import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentsFor, blocking, delay, serviceOf } from './erlang.ts';

const load = fc.double({ min: 0.01, max: 300, noNaN: true });
const agents = fc.integer({ min: 1, max: 400 });
const within = fc.double({ min: 0, max: 2, noNaN: true });
const patience = fc.double({ min: 0.05, max: 20, noNaN: true });

describe('Erlang B and C', () => {
  it.each([
    // Servers, erlangs, Erlang B; from the tables of ITU-T (Teletraffic Engineering Handbook) and by hand.
    [1, 1, 1 / 2],
    [2, 1, 1 / 5],
    [5, 3, 0.11005],
    [10, 5, 0.018385],
    [20, 12.03, 0.01],
    [100, 84.06, 0.01],
  ])('of %d servers and %d erlangs blocks as the table says', (servers, erlangs, expected) => {
    expect(blocking(servers, erlangs)).toBeCloseTo(expected, 4);
  });

  it('given a hundred calls of three minutes in half an hour, then fourteen answer 88.8 % within twenty seconds', () => {
    // The example of the pages and packages that teach Erlang C.
    const call = { load: 10, within: 20 / 180 };
    expect(delay(14, 10)).toBeCloseTo(0.174132, 6);
    const service = serviceOf(14, call);
    expect(service.inTime).toBeCloseTo(0.88835, 5);
    expect(service.meanWait * 180).toBeCloseTo(7.83594, 4);
    expect(service.occupancy).toBeCloseTo(0.714286, 6);
    expect(agentsFor({ ...call, target: 0.8, occupancy: 0.85 })).toBe(14);
    expect(agentsFor({ ...call, target: 0.8, occupancy: 0.7 })).toBe(15);
  });

  it('C is the sum it is defined as', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (n, busy) => {
        const a = n * busy;
        let [term, sum] = [1, 1];
        for (let k = 1; k < n; k += 1) sum += term *= a / k;
        const all = ((term * a) / n) * (1 / (1 - busy));
        expect(delay(n, a)).toBeCloseTo(all / (sum + all), 9);
      }),
    );
  });

  it('more agents answer more in time, more load less', () => {
    fc.assert(
      fc.property(agents, load, within, fc.option(patience, { nil: undefined }), (n, a, t, patient) => {
        const demand = { load: a, within: t, patience: patient };
        const now = serviceOf(n, demand).inTime;
        expect(serviceOf(n + 1, demand).inTime).toBeGreaterThanOrEqual(now - 1e-6);
        expect(serviceOf(n, { ...demand, load: a * 1.1 }).inTime).toBeLessThanOrEqual(now + 1e-6);
        expect(now).toBeGreaterThanOrEqual(0);
        expect(now).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it('the number that is told is enough, and one less is not; nobody is busier than the limit', () => {
    const aim = fc.record({
      ...{ load, within, patience: fc.option(patience, { nil: undefined }) },
      target: fc.double({ min: 0.3, max: 0.99, noNaN: true }),
      occupancy: fc.double({ min: 0.5, max: 1, noNaN: true }),
    });
    const holds = (n: number, one: Parameters<typeof agentsFor>[0]): boolean => {
      const { inTime, occupancy } = serviceOf(n, one);
      return inTime >= one.target && occupancy <= one.occupancy + 1e-12;
    };
    fc.assert(
      fc.property(aim, (one) => {
        const n = agentsFor(one);
        expect(holds(n, one)).toBe(true);
        expect(holds(n - 1, one)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it('a hundred thousand erlangs are no harder than ten: a little more than the load, and all is finite', () => {
    const aim = { load: 100_000, within: 0.1, target: 0.8, occupancy: 1 };
    const n = agentsFor(aim);
    expect(n).toBeGreaterThan(100_000);
    // Square-root staffing: load + a little times its root.
    expect(n).toBeLessThan(100_000 + 2 * Math.sqrt(100_000));
    expect(serviceOf(n, { ...aim, patience: 1 }).inTime).toBeGreaterThan(0.8);
    expect(serviceOf(50_000, { ...aim, patience: 1 })).toMatchObject({ inTime: expect.closeTo(0, 6) as number });
    expect(serviceOf(50_000, { ...aim, patience: 1 }).abandoned).toBeCloseTo(0.5, 2);
    expect(() => agentsFor({ ...aim, load: Number.NaN })).toThrow(RangeError);
  });
});

describe('Erlang A', () => {
  it('given that patience is as long as handling, then as many are there as come by chance (Poisson)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0.2, max: 80, noNaN: true }), (n, a) => {
        // All leave at the same rate, whoever they are: their number is Poisson's, with the load as its mean.
        let [term, waiting] = [Math.exp(-a), 0];
        for (let k = 0; k < 600; k += 1) {
          if (k > n) waiting += (k - n) * term;
          term *= a / (k + 1);
        }
        expect(serviceOf(n, { load: a, within: 1, patience: 1 }).abandoned).toBeCloseTo(waiting / a, 6);
      }),
      { numRuns: 40 },
    );
  });

  it('given endless patience, then it is Erlang C', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        within,
        (n, busy, t) => {
          const demand = { load: n * busy, within: t };
          expect(serviceOf(n, { ...demand, patience: 1e7 }).inTime).toBeCloseTo(serviceOf(n, demand).inTime, 4);
        },
      ),
      { numRuns: 40 },
    );
  });
});
