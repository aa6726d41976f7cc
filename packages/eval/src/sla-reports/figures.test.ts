import { describe, expect, test } from 'vitest';
import type { Change, Incident } from '../sla/incident-log.ts';
import { byHandOffs, byHourOfWeek, byHours, byMonth, returned } from './figures.ts';
import { heatMap, stackedBars } from './pictures.ts';

const HOUR = 3_600_000;
/** A Tuesday, 10:30 UTC. */
const OPENED = Date.UTC(2016, 2, 1, 10, 30);

function incident(hours: number, madeSla: boolean, teams: readonly string[] = ['a']): Incident {
  const at = OPENED + hours * HOUR;
  const changes = teams.map((team) => ({ team, priority: 3 }) as Change);
  return { id: 'INC1', openedAt: OPENED, changes, ending: { madeSla, resolvedAt: at, closedAt: at } };
}

describe('figures', () => {
  test('count each case once, where it belongs', () => {
    const log = [incident(0.1, true), incident(30, false, ['a', 'b', 'a']), incident(24 * 40, false, ['a', 'b'])];
    expect(byMonth(log, 1)).toEqual([
      { label: '2016-03', cases: 2, kept: 1 },
      { label: '2016-04', cases: 1, kept: 0 },
    ]);
    expect(byMonth(log, 2)).toHaveLength(1);
    expect(byHandOffs(log)).toEqual([
      { label: '0', cases: 1, kept: 1 },
      { label: '1', cases: 1, kept: 0 },
      { label: '2', cases: 1, kept: 0 },
    ]);
    expect(byHandOffs(log, 1).map(({ label, cases }) => [label, cases])).toEqual([
      ['0', 1],
      ['1+', 2],
    ]);
    expect(returned(log)).toEqual({ moved: 2, back: 1 });
    const hours = byHours(log).filter(({ cases }) => cases > 0);
    expect(hours.map(({ label }) => label)).toEqual(['15 min', '2 d', '> 32 d']);
    expect(byHours(log).reduce((sum, { cases }) => sum + cases, 0)).toBe(log.length);
    const week = byHourOfWeek(log);
    expect(week[1]?.[10]).toEqual({ label: '10', cases: 3, kept: 1 });
    expect(week.flat().reduce((sum, { cases }) => sum + cases, 0)).toBe(log.length);
  });
});

describe('pictures', () => {
  test('show every bar with its share, and no text that is taken for markup', () => {
    const svg = stackedBars({ title: 'a < b', below: 'x', bars: [{ label: 'one', cases: 4, kept: 3 }] });
    expect(svg).toContain('>75 %<');
    expect(svg).toContain('a &lt; b');
  });

  test('show hours without enough cases in grey, without a share', () => {
    const svg = heatMap('t', byHourOfWeek([incident(1, false)]), 2);
    expect(svg).toContain('#eeeeee');
    expect(svg).not.toContain('100 %');
  });
});
