/** Every message intake handles. */
import type { Handlers } from '@switchboard/hallway';
import type { IntakeCommands } from './commands.ts';
import { noteAgent, noteCustomer, notePromise, noteSteps, noteWait, noteWithdrawal } from './note-facts.ts';
import { receiveContact } from './receive-contact.ts';
import type { IntakeKinds } from './state.ts';
import { changeCase, recordMessage, recordProviderNote, setCaseStatus } from './work-on-case.ts';

export const handlers: Handlers<IntakeKinds, object, IntakeCommands> = {
  'receive-contact': receiveContact,
  'change-case': changeCase,
  'set-case-status': setCaseStatus,
  'record-message': recordMessage,
  'record-provider-note': recordProviderNote,
  'note-customer': noteCustomer,
  'note-agent': noteAgent,
  'note-withdrawal': noteWithdrawal,
  'note-promise': notePromise,
  'note-steps': noteSteps,
  'note-wait': noteWait,
};
