/** Policies and the calendars they count on: what holds between them, around the plain putting and removing. */
import { reject } from '@switchboard/hallway';
import type { Decision, Handler, Message } from '@switchboard/hallway';
import { movingUse, useOf } from './calendar-uses.ts';
import type { SlaCommands } from './commands.ts';
import { DEFAULT_POLICY } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { lintAmong } from './lint-among.ts';
import type { Fault } from './lint.ts';
import type { SlaKinds } from './state.ts';

type Wrapped<T extends keyof SlaCommands> = Handler<SlaKinds, unknown, Message<string, SlaCommands[T]>>;
type PutPolicy = Handler<SlaKinds, Configuration, Message<string, SlaCommands['put-policy']>>;
/** A policy's calendar has to be there. */
export function puttingPolicy(plain: Wrapped<'put-policy'>): PutPolicy {
  return {
    needs: (message, world) => {
      const { id, definition } = message.data;
      const before = world.get('policy', id)?.definition.calendarId;
      return [
        { kind: 'calendar', id: definition.calendarId },
        ...plain.needs(message, world),
        useOf(definition.calendarId),
        ...(before === undefined ? [] : [useOf(before)]),
      ];
    },
    decide: (message, world, context) => {
      const { id, definition } = message.data;
      const { calendarId, match } = definition;
      if (id === DEFAULT_POLICY && match !== 'true') {
        const errors = [{ field: 'match', reason: 'must be true: the default policy holds for every case' }];
        return reject('invalid', 'invalid-body', 'The default policy holds for every case', errors);
      }
      if (world.get('calendar', calendarId) === undefined) {
        const errors = [{ field: 'calendarId', reason: `there is no calendar ${calendarId}` }];
        return reject('not-found', 'unknown-id', `There is no calendar ${calendarId}`, errors);
      }
      const { faults, warnings } = lintAmong({ id, definition }, context.configuration, context.now);
      if (faults.length > 0) {
        const detail = faults.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
        return reject('invalid', 'invalid-body', detail, faults);
      }
      const before = world.get('policy', id)?.definition.calendarId;
      const move = { by: 'policyIds', id, from: before, to: calendarId } as const;
      const answer = movingUse(plain.decide(message, world, context), move, world);
      return warnings.length === 0 || !('reply' in answer) ? answer : withWarnings(answer, warnings);
    },
  };
}

export function removingPolicy(plain: Wrapped<'remove-policy'>): Wrapped<'remove-policy'> {
  return {
    needs: (message, world) => {
      const before = world.get('policy', message.data.id)?.definition.calendarId;
      return [...plain.needs(message, world), ...(before === undefined ? [] : [useOf(before)])];
    },
    decide: (message, world, context) => {
      const { id } = message.data;
      const from = world.get('policy', id)?.definition.calendarId;
      return movingUse(plain.decide(message, world, context), { by: 'policyIds', id, from, to: undefined }, world);
    },
  };
}

function withWarnings(answer: Decision<SlaKinds>, warnings: readonly Fault[]): Decision<SlaKinds> {
  return { ...answer, reply: { ...(answer.reply as object), warnings } };
}
