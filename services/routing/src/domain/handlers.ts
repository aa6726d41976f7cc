/** Everything routing decides, but for queues and teams, which are configuration like any other. */
import type { Handlers } from '@switchboard/hallway';
import { absenceHandlers } from './absences.ts';
import { absenceTurnHandlers } from './absence-turns.ts';
import { adjustHandlers } from './adjust-work.ts';
import { agentHandlers } from './agents.ts';
import { calendarHandlers } from './calendars.ts';
import { caseWorkHandlers } from './case-work.ts';
import { callbackHandlers, endingCallbacks, movingCallbacks } from './callbacks/handlers.ts';
import type { RoutingCommands } from './commands.ts';
import { offerHandlers } from './offer-work.ts';
import { completingSteps, endingPlans, planHandlers } from './plans/handlers.ts';
import type { RoutingConfiguration } from './queues.ts';
import { pauseHandlers } from './pauses.ts';
import { presenceHandlers } from './presence.ts';
import { reservationHandlers } from './reservations.ts';
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
  ...adjustHandlers,
  ...offerHandlers,
  ...reservationHandlers,
  ...presenceHandlers,
  ...pauseHandlers,
  ...planHandlers,
  ...callbackHandlers,
  'accept-reservation': movingCallbacks(reservationHandlers['accept-reservation'], 'taken'),
  'complete-reservation': movingCallbacks(completingSteps(reservationHandlers['complete-reservation']), 'worked'),
  'follow-case': endingCallbacks(endingPlans(caseWorkHandlers['follow-case'])),
};
