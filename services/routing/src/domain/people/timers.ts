/** What becomes due about people and what they hold: kind of timer -> command. */
import type { Command, DueTimer } from '@switchboard/hallway';
import { absenceTimer } from './absence-turns.ts';
import type { RoutingCommands } from '../commands.ts';
import { idleTimer, touchTimer } from './pauses.ts';
import { heartbeatTimer, lostWorkTimer } from './presence.ts';

type Timers = Readonly<Record<string, (timer: Pick<DueTimer, 'id' | 'data'>) => Command<RoutingCommands>>>;

export const peopleTimers: Timers = {
  [heartbeatTimer]: ({ id }) => ({ type: 'lose-agent', data: { agentId: id } }),
  [lostWorkTimer]: ({ id }) => ({ type: 'release-lost-work', data: { agentId: id } }),
  [absenceTimer]: ({ data }) => ({ type: 'turn-absence', data: data as RoutingCommands['turn-absence'] }),
  [idleTimer]: ({ id }) => ({ type: 'idle-reservation', data: { reservationId: id } }),
  [touchTimer]: ({ id }) => ({ type: 'touch-reservation', data: { reservationId: id } }),
};
