/** Everything routing decides, but for queues and teams, which are configuration like any other. */
import type { Handlers } from '@switchboard/hallway';
import { absenceHandlers } from './absences.ts';
import { agentHandlers } from './agents.ts';
import { caseWorkHandlers } from './case-work.ts';
import type { RoutingCommands } from './commands.ts';
import { offerHandlers } from './offer-work.ts';
import type { RoutingConfiguration } from './queues.ts';
import { reservationHandlers } from './reservations.ts';
import type { RoutingKinds } from './state.ts';

type Commands = Omit<RoutingCommands, `${'put' | 'remove'}-${'queue' | 'team'}`>;

export const handlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  ...agentHandlers,
  ...absenceHandlers,
  ...caseWorkHandlers,
  ...offerHandlers,
  ...reservationHandlers,
};
