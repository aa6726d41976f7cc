/** Ladders: a calendar they name is there and stays; what a removed one has raised ends. */
import { reject } from '@switchboard/hallway';
import type { Handler, Message, Need } from '@switchboard/hallway';
import { changesSomething, movingUse, useOf } from '../calendars/uses.ts';
import type { Configuration } from '../configuration.ts';
import { withWarnings } from '../policies/handlers.ts';
import type { SlaKinds } from '../state.ts';
import { lintLadder } from './check.ts';
import type { EscalationCommands } from './commands.ts';
import type { LadderDefinition } from './state.ts';
import { closeTimer, sweepTimer } from './timers.ts';

type Plain = Handler<SlaKinds, unknown, Message<string, EscalationCommands['put-ladder']>>;
type Put = Handler<SlaKinds, Configuration, Message<string, EscalationCommands['put-ladder']>>;
type Remove = Handler<SlaKinds, unknown, Message<string, EscalationCommands['remove-ladder']>>;

/** A batch that began under the old ladders has ended by then, ms. */
const SETTLED = 500;
const settledBy = ({ now }: { readonly now: Date }): Date => new Date(now.getTime() + SETTLED);

/** Those that it names. */
function calendarsIn(definition: LadderDefinition | undefined): readonly string[] {
  const quiet = definition?.quietHours;
  return quiet !== undefined && 'calendarId' in quiet ? [quiet.calendarId] : [];
}

/** Locked, so that it is not removed meanwhile. */
const calendarNeeds = (calendarId: string): Need<SlaKinds>[] => [
  { kind: 'calendar', id: calendarId },
  useOf(calendarId),
];

export function puttingLadder(plain: Plain): Put {
  return {
    needs: (message, world) => {
      const { id, definition } = message.data;
      return [
        ...calendarsIn(definition).flatMap(calendarNeeds),
        ...plain.needs(message, world),
        ...calendarsIn(world.get('ladder', id)?.definition).map(useOf),
      ];
    },
    decide: (message, world, context) => {
      const { id, definition } = message.data;
      const to = calendarsIn(definition);
      const missing = to.find((calendarId) => world.get('calendar', calendarId) === undefined);
      if (missing !== undefined) {
        const errors = [{ field: 'quietHours.calendarId', reason: `there is no calendar ${missing}` }];
        return reject('not-found', 'unknown-id', `There is no calendar ${missing}`, errors);
      }
      const from = calendarsIn(world.get('ladder', id)?.definition);
      const answer = movingUse(plain.decide(message, world, context), { by: 'ladderIds', id, from, to }, world);
      const told = withWarnings(answer, lintLadder(definition, context.configuration.policies));
      if (definition.when.breached !== true || !changesSomething(told)) return told;
      return { ...told, timers: [sweepTimer(id, undefined, settledBy(context))] };
    },
  };
}

export function removingLadder(plain: Remove): Remove {
  return {
    needs: (message, world) => {
      const before = calendarsIn(world.get('ladder', message.data.id)?.definition);
      return [...plain.needs(message, world), ...before.map(useOf)];
    },
    decide: (message, world, context) => {
      const { id } = message.data;
      const from = calendarsIn(world.get('ladder', id)?.definition);
      const answer = movingUse(plain.decide(message, world, context), { by: 'ladderIds', id, from, to: [] }, world);
      if (!('changes' in answer)) return answer;
      return { ...answer, timers: [closeTimer(id, settledBy(context))] };
    },
  };
}
