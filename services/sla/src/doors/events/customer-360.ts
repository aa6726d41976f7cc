/** What customer-360 says about whose case it is, and about the customer. */
import type { Reactions } from '@switchboard/hallway';
import type { SlaCommands } from '../../domain/commands.ts';

export const customerReactions: Reactions<SlaCommands> = {
  'switchboard.customer360.v1.ContactAttributed': ({ data, time }) => ({
    type: 'attribute-case',
    data: { case: data.case, contact: data.contact, customer: data.customer, at: time },
  }),
  'switchboard.customer360.v1.ProfileChanged': ({ data, time }) => ({
    type: 'follow-customer',
    data: { customer: data.customer, at: time, after: '' },
  }),
  'switchboard.customer360.v1.ProfileMerged': ({ data: { customer, mergedIds }, time }) => ({
    type: 'merge-customers',
    data: { customer, mergedIds, at: time },
  }),
};
