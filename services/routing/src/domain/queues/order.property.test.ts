import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRanking, rankOf, standardRanking } from './order.ts';
import type { Ranked } from './order.ts';
import type { RankingDefinition } from './definition.ts';

const HOUR = 3_600_000;
const MONDAY = Date.parse('2026-03-02T09:00:00.000Z');

const work: fc.Arbitrary<Ranked> = fc.record({
  enqueuedAt: fc.integer({ min: 0, max: 30 * 24 * HOUR }).map((ms) => MONDAY + ms),
  priority: fc.integer({ min: 1, max: 5 }),
  dueAt: fc.option(
    fc.integer({ min: -10 * HOUR, max: 40 * 24 * HOUR }).map((ms) => MONDAY + ms),
    { nil: undefined },
  ),
  ageAdjustmentMs: fc.option(fc.integer({ min: -100 * HOUR, max: 100 * HOUR }), { nil: undefined }),
  tier: fc.option(fc.constantFrom('gold', 'silver', 'unheard of'), { nil: undefined }),
});

const duration = fc.integer({ min: 1, max: 2000 }).map((minutes) => `PT${String(minutes)}M`);
const ranking: fc.Arbitrary<RankingDefinition> = fc.record(
  {
    bound: duration,
    minutes: fc.dictionary(fc.constantFrom('1', '2', '3', '4', '5'), fc.nat(3000)),
    promise: fc.record({ horizon: duration, handling: duration }),
    tiers: fc.record({ gold: duration, silver: duration }),
  },
  { requiredKeys: [] },
);

describe('the order of waiting work', () => {
  it('given any two items and rankings, then nobody is overtaken by who came more than the bound later', () => {
    fc.assert(
      fc.property(work, work, ranking, ranking, (first, second, its, other) => {
        const late = compileRanking(other);
        fc.pre(second.enqueuedAt > first.enqueuedAt + late.boundMs);
        expect(rankOf(first, compileRanking(its))).toBeLessThan(rankOf(second, late));
      }),
    );
  });

  it('given any item, then more urgent, an earlier promise and a larger adjustment never put it further back', () => {
    fc.assert(
      fc.property(work, ranking, fc.tuple(fc.nat(4), fc.nat(HOUR), fc.nat(HOUR)), (item, definition, better) => {
        const [up, sooner, older] = better;
        const falling = { ...definition, minutes: undefined };
        const improved = {
          ...item,
          priority: Math.max(1, item.priority - up),
          dueAt: item.dueAt === undefined ? undefined : item.dueAt - sooner,
          ageAdjustmentMs: (item.ageAdjustmentMs ?? 0) + older,
        };
        const rules = compileRanking(falling);
        expect(rankOf(improved, rules)).toBeLessThanOrEqual(rankOf(item, rules));
      }),
    );
  });

  it('given strict priority, then the more urgent comes first however long the other waits; of equals the older', () => {
    fc.assert(
      fc.property(work, work, (a, b) => {
        const strict = compileRanking({ strict: true });
        const [first, second] = [{ ...a, ageAdjustmentMs: 0 }, b];
        if (a.priority < b.priority) expect(rankOf(first, strict)).toBeLessThan(rankOf(second, strict));
        const older = { ...second, enqueuedAt: second.enqueuedAt - 1 };
        expect(rankOf(older, strict)).toBeLessThan(rankOf(second, strict));
      }),
    );
  });

  it('given minutes, then priority counts as that much wait', () => {
    const rules = compileRanking({ minutes: { '1': 30, '2': 10, '3': 0, '4': 0, '5': 0 }, bound: 'PT1H' });
    const item = (priority: number, minutes: number) =>
      rankOf({ enqueuedAt: MONDAY + minutes * 60_000, priority }, rules);
    expect(item(1, 29)).toBeLessThan(item(3, 0));
    expect(item(1, 31)).toBeGreaterThan(item(3, 0));
    expect(item(2, 9)).toBeLessThan(item(3, 0));
    expect(item(1, 19)).toBeLessThan(item(2, 0));
  });

  it('given a promise, then what its time left falls short of the horizon counts as wait', () => {
    const rules = compileRanking({ promise: { horizon: 'PT4H', handling: 'PT10M' }, bound: 'PT8H' });
    const plain = { enqueuedAt: MONDAY, priority: 5 };
    expect(rankOf({ ...plain, dueAt: MONDAY + HOUR }, rules)).toBe(MONDAY - (3 * HOUR + 600_000));
    expect(rankOf({ ...plain, dueAt: MONDAY + 5 * HOUR }, rules)).toBe(MONDAY);
    expect(rankOf(plain, rules)).toBe(MONDAY);
    expect(rankOf({ ...plain, dueAt: MONDAY + HOUR }, standardRanking)).toBe(MONDAY);
  });

  it('given tiers, then a customer of one counts as having waited that much longer, and of no other', () => {
    const rules = compileRanking({ tiers: { gold: 'PT10M', silver: 'PT2M' }, bound: 'PT1H' });
    const item = (minutes: number, tier?: string) =>
      rankOf({ enqueuedAt: MONDAY + minutes * 60_000, priority: 5, tier }, rules);
    expect(item(9, 'gold')).toBeLessThan(item(0));
    expect(item(11, 'gold')).toBeGreaterThan(item(0));
    expect(item(1, 'silver')).toBeLessThan(item(0));
    expect(item(9, 'gold')).toBeGreaterThan(item(0, 'silver'));
    expect(item(0, 'constructor')).toBe(item(0));
  });
});
