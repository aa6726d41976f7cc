import { expect, it } from 'vitest';
import { agentLines } from './agent-lines.ts';
import type { Cell, MeasureReport, Standardised } from './standardise.ts';

const cell = (agentId: string, partial: Partial<Cell>): Cell => ({
  ...{ agentId, queueId: 'default', channel: 'phone', reason: '', priority: 3 },
  ...{ offered: 0, accepted: 0, rejected: 0, missed: 0, withdrawn: 0, completed: 0 },
  ...{ timed: 0, handlingMs: 0, logSum: 0, logSquares: 0 },
  ...partial,
});

const nothing: MeasureReport = { toldApart: false, byAgent: new Map() };

it('given work of several sorts, then it is one line an agent, with what is known of them alone', () => {
  const slow: Standardised = {
    ...{ observed: 2, expected: 1, ratio: 2, low: 1.5, high: 2.5 },
    ...{ standing: 'above', place: { from: 3, to: 4 } },
  };
  const found = {
    handling: { toldApart: true, byAgent: new Map([['anna', slow]]) },
    acceptance: nothing,
    missing: nothing,
  };
  const lines = agentLines(
    [
      cell('anna', { offered: 3, accepted: 2, rejected: 1, completed: 2, timed: 1, handlingMs: 5000 }),
      cell('bert', { offered: 1, missed: 1 }),
      cell('anna', { offered: 2, accepted: 1, withdrawn: 1, completed: 1, timed: 1, handlingMs: 1000 }),
    ],
    found,
  );
  const none = { acceptance: null, missing: null };
  expect(lines).toEqual([
    {
      ...{ agentId: 'anna', offered: 5, accepted: 3, rejected: 1, missed: 0, withdrawn: 1, completed: 3 },
      ...{ handlingMs: 6000, meanHandlingMs: 3000, ...none },
      handling: {
        ...{ observed: 2, expected: 1, ratio: 2, low: 1.5, high: 2.5, standing: 'above' },
        ...{ firstPlace: 3, lastPlace: 4 },
      },
    },
    {
      ...{ agentId: 'bert', offered: 1, accepted: 0, rejected: 0, missed: 1, withdrawn: 0, completed: 0 },
      ...{ handlingMs: 0, meanHandlingMs: null, ...none, handling: null },
    },
  ]);
});
