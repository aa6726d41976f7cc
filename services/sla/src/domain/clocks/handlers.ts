/** A clock's timers. They look again: only what is running and really due warns or breaches. */
import { nothing } from '@switchboard/hallway';
import type { Answer, Handler, Message, Need, TimerChange } from '@switchboard/hallway';
import { breach, recount, remind, warn } from './clock.ts';
import type { Moved, Scene } from './clock.ts';
import type { SlaCommands } from '../commands.ts';
import { versionsOf } from '../configuration.ts';
import type { Configuration } from '../configuration.ts';
import { inDimensions } from '../dimensions/labels.ts';
import { caseNeeds, ofCustomer } from './ledger.ts';
import type { SlaWorld } from './ledger.ts';
import { clockIds } from './slots.ts';
import { calendarPageId, PAGE_SIZE } from '../pages.ts';
import type { ClockState } from './state.ts';
import type { SlaKinds } from '../state.ts';
import { recountTimer, remindTimer, timersOf } from './timers.ts';

type SlaHandler<T extends keyof SlaCommands> = Handler<SlaKinds, Configuration, Message<T, SlaCommands[T]>>;

/** A clock, its case for the customer it knows, and its calendar for a version that this very batch began. */
function clockNeeds(id: string, world: SlaWorld): Need<SlaKinds>[] {
  const clock = world.get('clock', id);
  if (clock === undefined) return [{ kind: 'clock', id }];
  return [
    { kind: 'clock', id },
    { kind: 'caseClocks', id: clock.caseId, mode: 'read' },
    { kind: 'calendar', id: clock.calendarId, mode: 'read' },
  ];
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
      const moved = isOutdated(clock, { world, configuration })
        ? undefined
        : change(clock, { calendars: configuration, at: now, now }, data);
      if (moved === undefined) return { timers: allTimers(clock, configuration) };
      const state = world.get('caseClocks', clock.caseId);
      const told = state === undefined ? moved.clock : inDimensions(moved.clock, state, configuration.dimensions);
      return decided({ ...moved, clock: told });
    },
  };
}

/** Whether its calendar has a version that the batch's configuration does not know: the next batch's does. */
function isOutdated(
  { calendarId }: ClockState,
  { world, configuration }: { readonly world: SlaWorld; readonly configuration: Configuration },
): boolean {
  const newest = versionsOf(configuration, calendarId).at(-1)?.version ?? 0;
  return (world.get('calendar', calendarId)?.version ?? 0) > newest;
}

/** What the clock still waits for: a timer that came too early is set again. */
function allTimers(clock: ClockState, configuration: Configuration): TimerChange[] {
  return [...timersOf(clock, configuration), ...remindTimer(clock, configuration)];
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
    const clocks = caseIds
      .flatMap((caseId) => world.get('caseClocks', caseId) ?? [])
      .flatMap((state) => [...clockIds(state).values()])
      .flatMap((id) => world.get('clock', id) ?? [])
      .filter((clock) => clock.calendarId === calendarId);
    const moves = clocks.flatMap((clock) => recount(clock, scene) ?? []);
    const last = caseIds.length < PAGE_SIZE ? undefined : caseIds.at(-1);
    return {
      changes: moves.map(({ clock }) => ({ kind: 'clock', state: clock })),
      events: moves.flatMap(({ events }) => events),
      timers: [
        ...moves.flatMap(({ timers }) => timers),
        ...clocks.flatMap((clock) => remindTimer(clock, configuration)),
        ...(last === undefined ? [] : [recountTimer(calendarId, { after: last, due: now })]),
      ],
    };
  },
};

function decided({ clock, events, timers }: Moved): Answer<SlaKinds> {
  return { changes: [{ kind: 'clock', state: clock }], events, timers };
}
