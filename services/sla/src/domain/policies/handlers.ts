/** Policies and the calendars they count on: what holds between them, around the plain putting and removing. */
import { reject } from '@switchboard/hallway';
import type { Answer, Handler, Message } from '@switchboard/hallway';
import { movingUse, useOf } from '../calendars/uses.ts';
import type { SlaCommands } from '../commands.ts';
import { DEFAULT_POLICY } from '../configuration.ts';
import type { Configuration } from '../configuration.ts';
import { lintAmong, namedCalendars } from './lint-among.ts';
import type { Fault } from './lint.ts';
import type { PolicyDefinition } from './state.ts';
import type { SlaKinds } from '../state.ts';

type Wrapped<T extends keyof SlaCommands> = Handler<SlaKinds, unknown, Message<string, SlaCommands[T]>>;
type PutPolicy = Handler<SlaKinds, Configuration, Message<string, SlaCommands['put-policy']>>;

/** The calendars that a policy names, each once. */
function calendarsIn(definition: PolicyDefinition | undefined): readonly string[] {
  return definition === undefined ? [] : [...new Set([definition.calendarId, ...namedCalendars(definition).values()])];
}

/** A policy's calendars have to be there. */
export function puttingPolicy(plain: Wrapped<'put-policy'>): PutPolicy {
  return {
    needs: (message, world) => {
      const { id, definition } = message.data;
      const named = calendarsIn(definition);
      return [
        ...named.map((calendarId) => ({ kind: 'calendar', id: calendarId }) as const),
        ...plain.needs(message, world),
        ...[...named, ...calendarsIn(world.get('policy', id)?.definition)].map(useOf),
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
      const from = calendarsIn(world.get('policy', id)?.definition);
      const move = { by: 'policyIds', id, from, to: calendarsIn(definition) } as const;
      return withWarnings(movingUse(plain.decide(message, world, context), move, world), warnings);
    },
  };
}

export function removingPolicy(plain: Wrapped<'remove-policy'>): Wrapped<'remove-policy'> {
  return {
    needs: (message, world) => {
      const before = calendarsIn(world.get('policy', message.data.id)?.definition);
      return [...plain.needs(message, world), ...before.map(useOf)];
    },
    decide: (message, world, context) => {
      const { id } = message.data;
      const from = calendarsIn(world.get('policy', id)?.definition);
      return movingUse(plain.decide(message, world, context), { by: 'policyIds', id, from, to: [] }, world);
    },
  };
}

/** Said in the answer to a PUT: what looks wrong, and is kept. */
export function withWarnings(answer: Answer<SlaKinds>, warnings: readonly Fault[]): Answer<SlaKinds> {
  if (warnings.length === 0 || !('reply' in answer)) return answer;
  return { ...answer, reply: { ...(answer.reply as object), warnings } };
}
