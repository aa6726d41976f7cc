/** Who counts on a calendar is kept with it, by whoever begins or ceases to: the calendar cannot be removed meanwhile. */
import { next } from '@switchboard/hallway';
import type { Answer, Change, Decision, Need, World } from '@switchboard/hallway';
import type { CalendarUse } from './calendar-state.ts';
import type { SlaKinds } from './state.ts';

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
  /** The calendar it counted on, and the one it counts on now. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Notes that somebody goes from one calendar to another; only where the resource itself changes. */
export function movingUse(answer: Answer<SlaKinds>, { by, id, from, to }: Move, world: SlaWorld): Answer<SlaKinds> {
  if (!changesSomething(answer) || from === to) return answer;
  const changed = (calendarId: string, change: (ids: readonly string[]) => readonly string[]): Change<SlaKinds> => {
    const use: CalendarUse = world.get('calendarUse', calendarId) ?? { id: calendarId, version: 0, policyIds: [] };
    return { kind: 'calendarUse', state: next(use, { [by]: change(use[by] ?? []) }) };
  };
  return {
    ...answer,
    changes: [
      ...answer.changes,
      ...(from === undefined ? [] : [changed(from, (ids) => ids.filter((other) => other !== id))]),
      ...(to === undefined ? [] : [changed(to, (ids) => [...ids, id])]),
    ],
  };
}

type Changing = Decision<SlaKinds> & Required<Pick<Decision<SlaKinds>, 'changes'>>;

export function changesSomething(answer: Answer<SlaKinds>): answer is Changing {
  return 'changes' in answer && answer.changes !== undefined;
}
