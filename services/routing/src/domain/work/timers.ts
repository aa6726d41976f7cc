/** What becomes due about work: kind of timer -> command. */
import type { Command, DueTimer } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import { unansweredTimer, unheardTimer } from './unanswered.ts';
import { reservationTimer, wrapUpTimer } from './work-steps.ts';

type Timers = Readonly<Record<string, (timer: Pick<DueTimer, 'id'>) => Command<RoutingCommands>>>;

export const workTimers: Timers = {
  [reservationTimer]: ({ id }) => ({ type: 'expire-reservation', data: { reservationId: id } }),
  [unansweredTimer]: ({ id }) => ({ type: 'move-unanswered', data: { reservationId: id } }),
  [unheardTimer]: ({ id }) => ({ type: 'end-unheard', data: { reservationId: id } }),
  [wrapUpTimer]: ({ id }) => ({ type: 'end-wrap-up', data: { reservationId: id } }),
};
