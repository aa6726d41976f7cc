/** What customer-360 says about whose case it is, and about the customer. */
import type { Reactions } from '@switchboard/hallway';
import type { SlaCommands } from '../../domain/commands.ts';

/**
 * What of a customer labels time, or is read by conditions and stays: a case that is reopened has it too. How many open
 * cases there are changes with each of them, and is told to open cases alone.
 */
const LASTING: ReadonlySet<string> = new Set(['tier', 'languages', 'products', 'segments']);

export const customerReactions: Reactions<SlaCommands> = {
  'switchboard.customer360.v1.ContactAttributed': ({ data, time }) => ({
    type: 'attribute-case',
    data: { case: data.case, contact: data.contact, customer: data.customer, at: time },
  }),
  'switchboard.customer360.v1.ProfileChanged': ({ data, time }) => ({
    type: 'follow-customer',
    data: {
      ...{ customer: data.customer, at: time, after: '' },
      ...(data.changed.some((field) => LASTING.has(field)) ? { resolved: true } : {}),
    },
  }),
  'switchboard.customer360.v1.ProfileMerged': ({ data: { customer, mergedIds }, time }) => ({
    type: 'merge-customers',
    data: { customer, mergedIds, at: time },
  }),
};
