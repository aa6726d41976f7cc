/** Everything routing decides, but for queues, which are configuration like any other. */
import type { Handlers } from '@switchboard/hallway';
import { agentHandlers } from './agents.ts';
import { caseWorkHandlers } from './case-work.ts';
import type { RoutingCommands } from './commands.ts';
import { offerHandlers } from './offer-work.ts';
import type { RoutingConfiguration } from './queues.ts';
import { reservationHandlers } from './reservations.ts';
import type { RoutingKinds } from './state.ts';

type Commands = Omit<RoutingCommands, 'put-queue' | 'remove-queue'>;

export const handlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  ...agentHandlers,
  ...caseWorkHandlers,
  ...offerHandlers,
  ...reservationHandlers,
};
