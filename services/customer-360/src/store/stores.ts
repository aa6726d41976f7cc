/** How the aggregates are kept. */
import { rowStore } from '@switchboard/service';
import { activity, caseLink, customer, identity, timelineEntry } from './schema.ts';

export const stores = {
  caseLink: rowStore(caseLink),
  activity: rowStore(activity),
  identity: rowStore(identity),
  customer: rowStore(customer),
  timelineEntry: rowStore(timelineEntry),
};
