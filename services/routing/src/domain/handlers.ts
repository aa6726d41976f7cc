/** Everything routing decides, but for queues and teams, which are configuration like any other. */
import type { Handlers } from '@switchboard/hallway';
import { absenceHandlers } from './people/absences.ts';
import { absenceTurnHandlers } from './people/absence-turns.ts';
import { adjustHandlers } from './work/adjust-work.ts';
import { agentHandlers } from './people/agents.ts';
import { calendarHandlers } from './people/calendars.ts';
import { caseWorkHandlers } from './work/case-work.ts';
import { callbackHandlers, endingCallbacks, losingCallbacks, movingCallbacks } from './callbacks/handlers.ts';
import type { RoutingCommands } from './commands.ts';
import { offerHandlers } from './work/offer-work.ts';
import { figureHandlers } from './figures/handlers.ts';
import { reachingOthers } from './extra-news.ts';
import { completingSteps, endingPlans, planHandlers } from './plans/handlers.ts';
import type { RoutingConfiguration } from './queues/queues.ts';
import { pauseHandlers } from './people/pauses.ts';
import { presenceHandlers } from './people/presence.ts';
import { missedHandlers } from './work/missed.ts';
import { reservationHandlers } from './work/reservations.ts';
import { unansweredHandlers } from './work/unanswered.ts';
import type { RoutingKinds } from './state.ts';

/** Configuration like any other. */
export type Configured = 'queue' | 'team' | 'plan-template';
type Commands = Omit<RoutingCommands, `${'put' | 'remove'}-${Configured}`>;

export const handlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  ...agentHandlers,
  ...absenceHandlers,
  ...absenceTurnHandlers,
  ...calendarHandlers,
  ...caseWorkHandlers,
  ...reachingOthers({
    ...caseWorkHandlers,
    'follow-case': endingCallbacks(endingPlans(caseWorkHandlers['follow-case'])),
  }),
  ...adjustHandlers,
  ...offerHandlers,
  ...reservationHandlers,
  ...missedHandlers,
  ...unansweredHandlers,
  ...presenceHandlers,
  ...pauseHandlers,
  ...planHandlers,
  ...callbackHandlers,
  ...figureHandlers,
  'release-lost-work': losingCallbacks(presenceHandlers['release-lost-work']),
  'turn-absence': losingCallbacks(absenceTurnHandlers['turn-absence']),
  'remove-absence': losingCallbacks(absenceHandlers['remove-absence']),
  'transfer-work': losingCallbacks(adjustHandlers['transfer-work']),
  'accept-reservation': movingCallbacks(reservationHandlers['accept-reservation'], 'taken'),
  'complete-reservation': movingCallbacks(completingSteps(reservationHandlers['complete-reservation']), 'worked'),
  'end-wrap-up': movingCallbacks(completingSteps(reservationHandlers['end-wrap-up']), 'worked'),
};
