import type { Context, Handler, Message } from '@switchboard/hallway';
import { expect, test } from 'vitest';
import { configurationOf, createHouse } from '../../testing/house.ts';
import { aLadder } from '../../testing/escalation-house.ts';
import { createStory } from '../../testing/snapshots.ts';
import { compileLadder } from '../../store/ladders.ts';
import type { Configuration } from '../configuration.ts';
import type { ClockState } from '../clocks/state.ts';
import type { SlaKinds } from '../state.ts';
import { watched } from './watch.ts';

const ladder = compileLadder({ id: 'managers', version: 1, definition: aLadder() }, new Map());
const house = createHouse();
createStory(house).opens('2026-11-23T08:00:00.000Z');
const clock = house.clocks()[0] as ClockState;

/** What a handler that changes the clock from one to the other sets. */
function timersAfter(before: ClockState | undefined, after: ClockState, ladders: Configuration['ladders']) {
  const change: Handler<SlaKinds, Configuration, Message> = {
    needs: () => [],
    decide: () => ({ changes: [{ kind: 'clock', state: after }], timers: [] }),
  };
  const context: Context<Configuration> = {
    now: new Date('2026-11-23T08:30:00.000Z'),
    configuration: { ...configurationOf(), ladders },
    newId: () => 'id',
    randomBytes: () => new Uint8Array(),
  };
  const message: Message = { id: 'message', type: 'change', data: {}, trace: { correlationId: 'test' } };
  const world = { get: () => before as never };
  const answer = watched({ change }).change.decide(message, world, context);
  return 'timers' in answer ? answer.timers : undefined;
}

const warned: ClockState = { ...clock, version: 2, warned: [0.5] };

test('a clock that was warned of is looked at at once, in the transaction that changed it', () => {
  expect(timersAfter(clock, warned, [ladder])).toEqual([
    {
      set: {
        kind: 'escalation-watch',
        id: clock.id,
        due: new Date('2026-11-23T08:30:00.000Z'),
        data: { clockId: clock.id, caseId: clock.caseId, ladderIds: ['managers'] },
      },
    },
  ]);
});

test('so is one that was and no longer is; one that never was, or is quiet, is not, and none where there are no ladders', () => {
  expect(timersAfter(warned, { ...clock, version: 3 }, [ladder])).toHaveLength(1);
  expect(timersAfter(undefined, clock, [ladder])).toEqual([]);
  expect(timersAfter(clock, { ...clock, version: 2 }, [ladder])).toEqual([]);
  expect(timersAfter(clock, warned, [])).toEqual([]);
  expect(timersAfter(undefined, { ...warned, extras: { quiet: true } }, [ladder])).toEqual([]);
});
