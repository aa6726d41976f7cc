/** How the aggregates are kept. */
import { rowStore } from '@switchboard/service';
import { caseFacts, customer, decision, offer } from './schema.ts';

export const stores = {
  customer: rowStore(customer),
  caseFacts: rowStore(caseFacts),
  decision: rowStore(decision),
  offer: rowStore(offer),
};
