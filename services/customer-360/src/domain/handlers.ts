import type { Handlers } from '@switchboard/hallway';
import { attributeContact } from './attribute-contact.ts';
import type { Customer360Commands } from './commands.ts';
import { followCase, tellOfCase, tellOfCustomer, updateContact } from './follow-case.ts';
import { recordActivity } from './record-activity.ts';
import type { Customer360Kinds } from './state.ts';

export const handlers: Handlers<Customer360Kinds, unknown, Customer360Commands> = {
  'attribute-contact': attributeContact,
  'follow-case': followCase,
  'tell-of-case': tellOfCase,
  'tell-of-customer': tellOfCustomer,
  'update-contact': updateContact,
  'record-activity': recordActivity,
};
