/** What a busy case was when: kept as far as its clocks need it, and told right of each of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configurationOf, createHouse } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import { KEPT, neededLabels, withLabel } from './labels.ts';
import { labelled } from './segments.ts';
import type { CaseLabel } from '../cases/state.ts';

const origin = Date.parse('2026-11-19T08:00:00.000Z');
const instant = (minute: number): string => new Date(origin + minute * 60_000).toISOString();

const fact = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('open', 'pending').map((status) => ({ status })) },
  { weight: 1, arbitrary: fc.constant({ status: 'resolved' }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 5 }).map((priority) => ({ priority })) },
  { weight: 2, arbitrary: fc.constantFrom('motor', 'home', '').map((team) => ({ team })) },
);
type Fact = { readonly status: string } | { readonly priority: number } | { readonly team: string };
const life = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fact), { minLength: 150, maxLength: 200, size: 'max' });

test('given a busy case, then its row stays small, and every clock tells what was true in its life', () => {
  fc.assert(
    fc.property(life, (facts: readonly (readonly [number, Fact])[]) => {
      const targets = { resolution: 'PT9H', ownership: 'PT2H' };
      const house = createHouse(configurationOf({ default: { targets } }));
      const story = createStory(house);
      story.opens(instant(0));
      let minute = 0;
      const told: CaseLabel[] = [{ at: instant(0), status: 'open', priority: 3 }];
      for (const [pause, news] of facts) {
        const at = instant((minute += pause));
        told.push({ at, ...news });
        if ('status' in news) story.becomes(news.status, at);
        else if ('priority' in news) story.getsPriority(news.priority, at);
        else story.isHeldBy(news.team, at);
      }
      const was = (at: string): Omit<CaseLabel, 'at'> =>
        Object.assign({}, ...told.filter((one) => one.at <= at)) as CaseLabel;

      const state = house.caseOf('case-1');
      for (const clock of house.clocks()) {
        for (const { from, priority, team, state: counts, reason } of labelled(clock, state, house.configuration)) {
          const { status, team: holder = '', ...then } = was(from);
          expect({ priority, team: team ?? '' }).toEqual({ priority: then.priority, team: holder });
          if (counts === 'paused') expect(reason).toBe(status);
        }
      }
      const running = house.clocks().filter(({ metAt, canceledAt }) => (metAt ?? canceledAt) === undefined);
      const since = [state.openSince ?? instant(minute), ...running.map(({ startedAt }) => startedAt)].sort()[0] ?? '';
      const needed = told.filter(({ at }) => at >= since).length;
      expect(state.labels?.length).toBeLessThanOrEqual(Math.max(KEPT, KEPT + 8 + needed));
      // As if nothing had been dropped.
      expect(
        house.tell('repair-clocks', { scope: { caseId: 'case-1' }, after: '', dryRun: true }, instant(minute)),
      ).toMatchObject({ items: [] });
    }),
    { numRuns: 10 },
  );
});

test('what is dropped leaves what was before what is now, also where it is told late', () => {
  const first = Array.from({ length: KEPT }, (_, n): CaseLabel => ({ at: instant(n), team: 'motor' }));
  const later = Array.from({ length: 100 }, (_, n): CaseLabel => ({ at: instant(KEPT + n), priority: 1 + (n % 5) }));
  const home = withLabel([...first, ...later], { at: instant(KEPT + 20), team: 'home' });
  const labels = withLabel(home, { at: instant(KEPT + 50), team: 'motor' });
  const shortened = neededLabels({ labels }, []) ?? [];
  expect(shortened.slice(KEPT)).toEqual([
    { at: instant(KEPT + 20), team: 'home' },
    { at: instant(KEPT + 50), team: 'motor' },
    { at: instant(KEPT + 97), priority: 3 },
    { at: instant(KEPT + 98), priority: 4 },
    { at: instant(KEPT + 99), priority: 5 },
  ]);

  const since = instant(KEPT + 40);
  const reached = neededLabels({ labels }, [{ startedAt: since }])?.filter(({ at }) => at >= since);
  expect(reached).toEqual(labels.filter(({ at }) => at >= since));

  const late = withLabel(shortened, { at: instant(KEPT + 30), team: 'legal' });
  expect(late.findLast(({ team }) => team !== undefined)).toMatchObject({ team: 'motor' });
});
