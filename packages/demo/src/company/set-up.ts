/** Everything the company configures, as requests: putting it again changes nothing. */
import { agents } from './agents.ts';
import { lineRepair } from './line-repair.ts';
import { offers } from './offers.ts';
import { calendar, policies, queues } from './queues.ts';

export interface Put {
  readonly path: string;
  readonly body: object;
}

/** In this order: a policy names its calendar, a plan its queues. */
export function setUpRequests(): readonly Put[] {
  return [
    put('calendars', calendar),
    ...policies.map((policy) => put('policies', policy)),
    ...agents.map(({ shift: _shift, ...agent }) => put('agents', agent)),
    ...queues.map(({ name: _name, ...queue }) => put('queues', queue)),
    put('plan-templates', lineRepair),
    ...offers.map((offer) => put('offers', offer)),
  ];
}

function put(collection: string, { id, ...body }: { readonly id: string }): Put {
  return { path: `/v1/${collection}/${id}`, body };
}
