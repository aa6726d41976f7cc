/** Calendars and policies: what holds between them, around the plain putting and removing. */
import { reject } from '@switchboard/hallway';
import type { Answer, Change, Decision, Handler, Message, Need, World } from '@switchboard/hallway';
import type { SlaCommands } from './commands.ts';
import { ALWAYS, DEFAULT_POLICY } from './configuration.ts';
import type { CalendarUse, SlaKinds } from './state.ts';
import { recountTimer } from './timers.ts';

type Wrapped<T extends keyof SlaCommands> = Handler<SlaKinds, unknown, Message<string, SlaCommands[T]>>;
type Use = Need<SlaKinds> & { readonly kind: 'calendarUse' };

const useOf = (calendarId: string): Use => ({ kind: 'calendarUse', id: calendarId });

/** A batch that began under the old calendar has ended by then, ms. */
const SETTLED = 500;

/** The calendar that is always open stays as it is; clocks on another one are counted anew. */
export function puttingCalendar(plain: Wrapped<'put-calendar'>): Wrapped<'put-calendar'> {
  return {
    needs: plain.needs,
    decide: (message, world, context) => {
      const { id } = message.data;
      if (id === ALWAYS) return reject('conflict', 'built-in', `The calendar ${ALWAYS} stays as it is`);
      const answer = plain.decide(message, world, context);
      if (!changesSomething(answer) || world.get('calendar', id) === undefined) return answer;
      const due = new Date(context.now.getTime() + SETTLED);
      return { ...answer, timers: [recountTimer(id, { after: '', due })] };
    },
  };
}

/** A calendar that policies count on stays. */
export function removingCalendar(plain: Wrapped<'remove-calendar'>): Wrapped<'remove-calendar'> {
  return {
    needs: (message, world) => [...plain.needs(message, world), useOf(message.data.id)],
    decide: (message, world, context) => {
      const use = world.get('calendarUse', message.data.id);
      if (use !== undefined && use.policyIds.length > 0 && world.get('calendar', message.data.id) !== undefined) {
        return reject('conflict', 'in-use', `The calendar ${use.id} is used by ${use.policyIds.join(', ')}`);
      }
      return plain.decide(message, world, context);
    },
  };
}

/** A policy's calendar has to be there. */
export function puttingPolicy(plain: Wrapped<'put-policy'>): Wrapped<'put-policy'> {
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
      const before = world.get('policy', id)?.definition.calendarId;
      return withUse(plain.decide(message, world, context), changedUse(world, id, before, calendarId));
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
    changed.push({ kind: 'calendarUse', state: { id, version: use.version + 1, policyIds: change(use.policyIds) } });
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
