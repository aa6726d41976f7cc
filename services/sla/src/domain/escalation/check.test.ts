import { expect, test } from 'vitest';
import { configurationOf } from '../../testing/house.ts';
import { checkLadder, lintLadder } from './check.ts';
import type { LadderDefinition } from './state.ts';

const ladder = (patch: Partial<LadderDefinition>): LadderDefinition => ({
  order: 100,
  match: 'true',
  continue: false,
  when: { breached: true },
  levels: [{ notify: { teamManagers: true }, acknowledgeWithin: 'PT10M', workingTime: false, repeat: 0 }],
  critical: 'case.priority == 1',
  stopWhen: { pausedFor: 'PT1H' },
  ...patch,
});

test('a ladder that is about no clock is refused', () => {
  expect(checkLadder(ladder({ match: 'clock.status == "breached" && case.priority < 3' }))).toEqual([]);
  expect(checkLadder(ladder({ match: 'case.priority == 1 && case.priority == 2' }))).toMatchObject([
    { field: 'match' },
  ]);
  // Only tried by examples: it may be about some.
  expect(checkLadder(ladder({ match: 'case.subject.contains("a") && case.subject == "b"' }))).toEqual([]);
});

test('that no policy warns so late is said', () => {
  const { policies } = configurationOf({ own: { warnAt: [0.5, 'PT30M'] }, default: { warnAt: [] } });
  const found = (warned: number | string) =>
    lintLadder(ladder({ when: { warned } }), policies).map(({ field }) => field);

  expect([0.5, 0.4, 'PT30M', 'PT1H'].flatMap(found)).toEqual([]);
  expect([0.75, 'PT10M'].flatMap(found)).toEqual(['when.warned', 'when.warned']);
});
