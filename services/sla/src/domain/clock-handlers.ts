/** A clock's timers. They look again: only what is running and really due warns or breaches. */
import { nothing } from '@switchboard/hallway';
import type { Answer, Handler, Message, Need } from '@switchboard/hallway';
import { breach, recount, remind, warn } from './clock.ts';
import type { Moved, Scene } from './clock.ts';
import type { SlaCommands } from './commands.ts';
import type { Configuration } from './configuration.ts';
import { caseNeeds, ofCustomer } from './ledger.ts';
import type { SlaWorld } from './ledger.ts';
import { clockIds } from './slots.ts';
import { calendarPageId, PAGE_SIZE } from './pages.ts';
import type { ClockState } from './clock-state.ts';
import type { SlaKinds } from './state.ts';
import { recountTimer } from './timers.ts';

type SlaHandler<T extends keyof SlaCommands> = Handler<SlaKinds, Configuration, Message<T, SlaCommands[T]>>;

/** A clock, and its case for the customer it knows. */
function clockNeeds(id: string, world: SlaWorld): Need<SlaKinds>[] {
  const clock = world.get('clock', id);
  const ofCase = clock === undefined ? [] : [{ kind: 'caseClocks' as const, id: clock.caseId, mode: 'read' as const }];
  return [{ kind: 'clock', id }, ...ofCase];
}

function clockOf(id: string, world: SlaWorld): ClockState | undefined {
  const clock = world.get('clock', id);
  return clock && ofCustomer(clock, world.get('caseClocks', clock.caseId));
}

export const warnClock: SlaHandler<'warn-clock'> = onClock((clock, scene, { share }) => warn(clock, share, scene));
export const breachClock: SlaHandler<'breach-clock'> = onClock(breach);
export const remindOfClock: SlaHandler<'remind-of-clock'> = onClock(remind);

function onClock<T extends 'warn-clock' | 'breach-clock' | 'remind-of-clock'>(
  change: (clock: ClockState, scene: Scene, data: SlaCommands[T]) => Moved | undefined,
): SlaHandler<T> {
  return {
    needs: ({ data }, world) => clockNeeds(data.clockId, world),
    decide: ({ data }, world, { now, configuration }) => {
      const clock = clockOf(data.clockId, world);
      if (clock === undefined) return nothing;
      return decided(change(clock, { calendars: configuration, at: now, now }, data));
    },
  };
}

/** A page at a time: the next one is a timer of its own. */
export const recountCalendar: SlaHandler<'recount-calendar'> = {
  needs: ({ data }, world) => {
    const pageId = calendarPageId(data.calendarId, data.after);
    const caseIds = world.get('calendarPage', pageId)?.caseIds ?? [];
    return [
      { kind: 'calendarPage', id: pageId, mode: 'read' },
      ...caseIds.flatMap((caseId) => caseNeeds(caseId, world)),
    ];
  },
  decide: ({ data: { calendarId, after } }, world, { now, configuration }) => {
    const scene = { calendars: configuration, at: now, now };
    const caseIds = world.get('calendarPage', calendarPageId(calendarId, after))?.caseIds ?? [];
    const moves = caseIds
      .flatMap((caseId) => world.get('caseClocks', caseId) ?? [])
      .flatMap((state) => [...clockIds(state).values()])
      .flatMap((id) => world.get('clock', id) ?? [])
      .flatMap((clock) => (clock.calendarId === calendarId ? (recount(clock, scene) ?? []) : []));
    const last = caseIds.length < PAGE_SIZE ? undefined : caseIds.at(-1);
    return {
      changes: moves.map(({ clock }) => ({ kind: 'clock', state: clock })),
      events: moves.flatMap(({ events }) => events),
      timers: [
        ...moves.flatMap(({ timers }) => timers),
        ...(last === undefined ? [] : [recountTimer(calendarId, { after: last, due: now })]),
      ],
    };
  },
};

function decided(moved: Moved | undefined): Answer<SlaKinds> {
  if (moved === undefined) return nothing;
  const { clock, events, timers } = moved;
  return { changes: [{ kind: 'clock', state: clock }], events, timers };
}
