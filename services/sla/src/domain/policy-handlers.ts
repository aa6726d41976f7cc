/** Policies and the calendars they count on: what holds between them, around the plain putting and removing. */
import { next, reject } from '@switchboard/hallway';
import type { Answer, Change, Decision, Handler, Message, Need, World } from '@switchboard/hallway';
import type { CalendarUse } from './calendar-state.ts';
import type { SlaCommands } from './commands.ts';
import { DEFAULT_POLICY } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { lintAmong } from './lint-among.ts';
import type { Fault } from './lint.ts';
import type { SlaKinds } from './state.ts';

type Wrapped<T extends keyof SlaCommands> = Handler<SlaKinds, unknown, Message<string, SlaCommands[T]>>;
type PutPolicy = Handler<SlaKinds, Configuration, Message<string, SlaCommands['put-policy']>>;
type Use = Need<SlaKinds> & { readonly kind: 'calendarUse' };

const useOf = (calendarId: string): Use => ({ kind: 'calendarUse', id: calendarId });

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
      const answer = withUse(plain.decide(message, world, context), changedUse(world, id, before, calendarId));
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
      const before = world.get('policy', id)?.definition.calendarId;
      return withUse(plain.decide(message, world, context), changedUse(world, id, before, undefined));
    },
  };
}

function withWarnings(answer: Decision<SlaKinds>, warnings: readonly Fault[]): Decision<SlaKinds> {
  return { ...answer, reply: { ...(answer.reply as object), warnings } };
}

/** A policy goes from one calendar to another. */
function changedUse(
  world: World<SlaKinds>,
  policyId: string,
  from: string | undefined,
  to: string | undefined,
): Change<SlaKinds>[] {
  if (from === to) return [];
  const changed: Change<SlaKinds>[] = [];
  const write = (id: string, change: (policyIds: readonly string[]) => readonly string[]): void => {
    const use: CalendarUse = world.get('calendarUse', id) ?? { id, version: 0, policyIds: [] };
    changed.push({ kind: 'calendarUse', state: next(use, { policyIds: change(use.policyIds) }) });
  };
  if (from !== undefined) write(from, (policyIds) => policyIds.filter((id) => id !== policyId));
  if (to !== undefined) write(to, (policyIds) => [...policyIds, policyId]);
  return changed;
}

type Changing = Decision<SlaKinds> & Required<Pick<Decision<SlaKinds>, 'changes'>>;

function changesSomething(answer: Answer<SlaKinds>): answer is Changing {
  return 'changes' in answer && answer.changes !== undefined;
}

/** Only where the resource itself changes. */
function withUse(answer: Answer<SlaKinds>, use: readonly Change<SlaKinds>[]): Answer<SlaKinds> {
  return changesSomething(answer) ? { ...answer, changes: [...answer.changes, ...use] } : answer;
}
