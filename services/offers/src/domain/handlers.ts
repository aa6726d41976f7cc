/** Every command and who decides it; offers themselves are configuration, which the bootstrap keeps. */
import type { Handlers } from '@switchboard/hallway';
import type { OffersCommands } from './commands.ts';
import type { OffersConfiguration } from './configuration.ts';
import { decideForActivity, decideForContact, decideOnRequest } from './decide.ts';
import { expireOffer } from './expiry.ts';
import { mergeCustomers, noteCase, noteProfile, notePromise } from './note.ts';
import { recordResponse } from './respond.ts';
import type { OffersKinds } from './state.ts';

type ConfigurationCommand = 'put-offer' | 'remove-offer';

export const decisionHandlers: Handlers<
  OffersKinds,
  OffersConfiguration,
  Omit<OffersCommands, ConfigurationCommand>
> = {
  'decide-for-contact': decideForContact,
  'decide-for-activity': decideForActivity,
  'decide-on-request': decideOnRequest,
  'record-response': recordResponse,
  'expire-offer': expireOffer,
  'note-profile': noteProfile,
  'merge-customers': mergeCustomers,
  'note-case': noteCase,
  'note-promise': notePromise,
};
