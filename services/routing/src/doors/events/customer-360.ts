/** What customer-360 says about customers. */
import type { Reactions } from '@switchboard/hallway';
import type { RoutingCommands } from '../../domain/commands.ts';
import { customerFacts } from './facts.ts';

export const customerReactions: Reactions<RoutingCommands> = {
  'switchboard.customer360.v1.ContactAttributed': ({ data: { caseId, customer } }) => ({
    type: 'attribute-case',
    data: { caseId, customer: { version: customer.version, facts: customerFacts(customer) } },
  }),
};
