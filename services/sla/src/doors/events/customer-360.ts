/** What customer-360 says about whose case it is. */
import type { Reactions } from '@switchboard/hallway';
import type { SlaCommands } from '../../domain/commands.ts';

export const customerReactions: Reactions<SlaCommands> = {
  'switchboard.customer360.v1.ContactAttributed': ({ data, time }) => ({
    type: 'attribute-case',
    data: { case: data.case, contact: data.contact, customer: data.customer, at: time },
  }),
};
