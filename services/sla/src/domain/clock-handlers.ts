/** A clock's timers. They look again: only what is running and really due warns or breaches. */
import { nothing } from '@switchboard/hallway';
import type { Answer, Handler, Message } from '@switchboard/hallway';
import { breach, warn } from './clock.ts';
import type { Moved } from './clock.ts';
import type { SlaCommands } from './commands.ts';
import { calendarOf } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import type { SlaKinds } from './state.ts';

type SlaHandler<T extends keyof SlaCommands> = Handler<SlaKinds, Configuration, Message<T, SlaCommands[T]>>;

export const warnClock: SlaHandler<'warn-clock'> = {
  needs: ({ data }) => [{ kind: 'clock', id: data.clockId }],
  decide: ({ data }, world, { now, configuration }) => {
    const clock = world.get('clock', data.clockId);
    if (clock === undefined) return nothing;
    return decided(warn(clock, data.share, { calendar: calendarOf(configuration, clock.calendarId), at: now }));
  },
};

export const breachClock: SlaHandler<'breach-clock'> = {
  needs: ({ data }) => [{ kind: 'clock', id: data.clockId }],
  decide: ({ data }, world, { now, configuration }) => {
    const clock = world.get('clock', data.clockId);
    if (clock === undefined) return nothing;
    return decided(breach(clock, { calendar: calendarOf(configuration, clock.calendarId), at: now }));
  },
};

function decided(moved: Moved | undefined): Answer<SlaKinds> {
  if (moved === undefined) return nothing;
  const { clock, events, timers } = moved;
  return { changes: [{ kind: 'clock', state: clock }], events, timers };
}
