/** Who counts on a calendar is kept with it, by whoever begins or ceases to: the calendar cannot be removed meanwhile. */
import { next } from '@switchboard/hallway';
import type { Answer, Change, Decision, Need, World } from '@switchboard/hallway';
import type { CalendarUse } from './state.ts';
import type { SlaKinds } from '../state.ts';

type SlaWorld = World<SlaKinds>;

/** Everybody who counts on a calendar, as people read it; undefined where nobody does. */
export function usersOf(id: string, world: SlaWorld): string | undefined {
  const { policyIds = [], calendarIds = [], ladderIds = [] } = world.get('calendarUse', id) ?? {};
  const users = [
    ...policyIds.map((user) => `policy ${user}`),
    ...calendarIds.map((user) => `calendar ${user}`),
    ...ladderIds.map((user) => `ladder ${user}`),
  ];
  return users.length === 0 ? undefined : users.join(', ');
}

export const useOf = (calendarId: string): Need<SlaKinds> => ({ kind: 'calendarUse', id: calendarId });

interface Move {
  readonly by: 'policyIds' | 'ladderIds';
  readonly id: string;
  /** The calendars it counted on, and those it counts on now. */
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Notes that somebody goes from some calendars to others; only where the resource itself changes. */
export function movingUse(answer: Answer<SlaKinds>, { by, id, from, to }: Move, world: SlaWorld): Answer<SlaKinds> {
  if (!changesSomething(answer)) return answer;
  const changes = [...new Set([...from, ...to])].flatMap((calendarId): Change<SlaKinds>[] => {
    const use: CalendarUse = world.get('calendarUse', calendarId) ?? { id: calendarId, version: 0, policyIds: [] };
    const others = (use[by] ?? []).filter((other) => other !== id);
    const isKnown = others.length < (use[by] ?? []).length;
    if (isKnown === to.includes(calendarId)) return [];
    return [{ kind: 'calendarUse', state: next(use, { [by]: isKnown ? others : [...others, id] }) }];
  });
  return { ...answer, changes: [...answer.changes, ...changes] };
}

type Changing = Decision<SlaKinds> & Required<Pick<Decision<SlaKinds>, 'changes'>>;

export function changesSomething(answer: Answer<SlaKinds>): answer is Changing {
  return 'changes' in answer && answer.changes !== undefined;
}
