/** Ladders: a calendar they name is there; what a removed one has raised ends. */
import { reject } from '@switchboard/hallway';
import type { Handler, Message, Need } from '@switchboard/hallway';
import type { SlaKinds } from '../state.ts';
import type { EscalationCommands } from './commands.ts';
import type { LadderDefinition } from './state.ts';
import { closeTimer } from './timers.ts';

type Put = Handler<SlaKinds, unknown, Message<string, EscalationCommands['put-ladder']>>;
type Remove = Handler<SlaKinds, unknown, Message<string, EscalationCommands['remove-ladder']>>;

/** A batch that began under the old ladders has ended by then, ms. */
const SETTLED = 500;

const calendarIn = ({ quietHours }: LadderDefinition): string | undefined =>
  quietHours !== undefined && 'calendarId' in quietHours ? quietHours.calendarId : undefined;

export function puttingLadder(plain: Put): Put {
  return {
    needs: (message, world) => {
      const calendarId = calendarIn(message.data.definition);
      const needs: Need<SlaKinds>[] =
        calendarId === undefined ? [] : [{ kind: 'calendar', id: calendarId, mode: 'read' }];
      return [...needs, ...plain.needs(message, world)];
    },
    decide: (message, world, context) => {
      const calendarId = calendarIn(message.data.definition);
      if (calendarId === undefined || world.get('calendar', calendarId) !== undefined)
        return plain.decide(message, world, context);
      const errors = [{ field: 'quietHours.calendarId', reason: `there is no calendar ${calendarId}` }];
      return reject('not-found', 'unknown-id', `There is no calendar ${calendarId}`, errors);
    },
  };
}

export function removingLadder(plain: Remove): Remove {
  return {
    needs: plain.needs,
    decide: (message, world, context) => {
      const answer = plain.decide(message, world, context);
      if (!('changes' in answer)) return answer;
      return { ...answer, timers: [closeTimer(message.data.id, new Date(context.now.getTime() + SETTLED))] };
    },
  };
}
