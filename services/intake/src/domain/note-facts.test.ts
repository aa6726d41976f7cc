import { createStrictHouse } from '@switchboard/hallway/testing';
import { expect, it } from 'vitest';
import type { IntakeCommands } from './commands.ts';
import { handlers } from './handlers.ts';
import type { IntakeKinds } from './state.ts';

it.each([
  ['the same work', 'first', undefined],
  ['other work', 'second', 'anna'],
  ['work that was not kept yet', undefined, undefined],
])('given a case that an agent has by %s, then who loses it is shown: %s, %s', (_, workItemId, shown) => {
  const house = createStrictHouse<IntakeKinds, object, IntakeCommands>({
    ...{ service: 'intake', handlers, configuration: {}, start: '2026-03-02T09:00:00.000Z' },
  });
  house.put('caseFacts', { id: 'c', version: 1, promises: {}, agentId: 'anna', workItemId });
  house.tell({ type: 'note-withdrawal', data: { caseId: 'c', agentId: 'anna', workItemId: 'first' } });
  expect(house.get('caseFacts', 'c')?.agentId).toBe(shown);
});
