/** Ladders: a calendar they name is there and stays; what a removed one has raised ends. */
import { reject } from '@switchboard/hallway';
import type { Handler, Message, Need } from '@switchboard/hallway';
import { movingUse, useOf } from '../calendar-uses.ts';
import type { SlaKinds } from '../state.ts';
import type { EscalationCommands } from './commands.ts';
import type { LadderDefinition } from './state.ts';
import { closeTimer } from './timers.ts';

type Put = Handler<SlaKinds, unknown, Message<string, EscalationCommands['put-ladder']>>;
type Remove = Handler<SlaKinds, unknown, Message<string, EscalationCommands['remove-ladder']>>;

/** A batch that began under the old ladders has ended by then, ms. */
const SETTLED = 500;

function calendarIn(definition: LadderDefinition | undefined): string | undefined {
  const quiet = definition?.quietHours;
  return quiet !== undefined && 'calendarId' in quiet ? quiet.calendarId : undefined;
}

/** Locked, so that it is not removed meanwhile. */
function calendarNeeds(calendarId: string | undefined): Need<SlaKinds>[] {
  return calendarId === undefined ? [] : [{ kind: 'calendar', id: calendarId }, useOf(calendarId)];
}

export function puttingLadder(plain: Put): Put {
  return {
    needs: (message, world) => {
      const { id, definition } = message.data;
      const before = calendarIn(world.get('ladder', id)?.definition);
      return [
        ...calendarNeeds(calendarIn(definition)),
        ...plain.needs(message, world),
        ...(before === undefined ? [] : [useOf(before)]),
      ];
    },
    decide: (message, world, context) => {
      const { id, definition } = message.data;
      const calendarId = calendarIn(definition);
      if (calendarId === undefined || world.get('calendar', calendarId) !== undefined) {
        const from = calendarIn(world.get('ladder', id)?.definition);
        return movingUse(plain.decide(message, world, context), { by: 'ladderIds', id, from, to: calendarId }, world);
      }
      const errors = [{ field: 'quietHours.calendarId', reason: `there is no calendar ${calendarId}` }];
      return reject('not-found', 'unknown-id', `There is no calendar ${calendarId}`, errors);
    },
  };
}

export function removingLadder(plain: Remove): Remove {
  return {
    needs: (message, world) => {
      const before = calendarIn(world.get('ladder', message.data.id)?.definition);
      return [...plain.needs(message, world), ...(before === undefined ? [] : [useOf(before)])];
    },
    decide: (message, world, context) => {
      const { id } = message.data;
      const from = calendarIn(world.get('ladder', id)?.definition);
      const answer = movingUse(
        plain.decide(message, world, context),
        { by: 'ladderIds', id, from, to: undefined },
        world,
      );
      if (!('changes' in answer)) return answer;
      return { ...answer, timers: [closeTimer(id, new Date(context.now.getTime() + SETTLED))] };
    },
  };
}
