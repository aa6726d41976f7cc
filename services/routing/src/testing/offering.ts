/** A house in which work is offered to three agents, and what became of that. */
import { anyQueue, createHouse } from './house.ts';
import type { House, HouseCommand } from './house.ts';
import { agent, presence } from './orders.ts';
import type { AgentDefinition } from '../domain/people/state.ts';
import type { Queue } from '../domain/queues/queues.ts';
import { holdersOf } from '../domain/work/state.ts';

export const names = ['anna', 'bert', 'cleo'] as const;

/** Three agents who are there, and one queue for everything. */
export function houseWith(queue: Partial<Queue> = {}, own: Partial<AgentDefinition> = {}): House {
  const house = createHouse({ queues: [], fallback: { ...anyQueue, ...queue } });
  for (const id of names) {
    house.tell(agent(id, own));
    house.tell(presence(id, 'available'));
  }
  return house;
}

export const itemOf = (house: House, caseId: string) => {
  const item = house.all('workItem').find((one) => one.caseId === caseId);
  if (item === undefined) throw new Error(`nothing waits for ${caseId}`);
  return item;
};

/** Answers the reservations, one for each who was asked, or why nobody was. */
export function offer(house: House, caseId: string, agents: readonly string[] = names): readonly string[] {
  const { id, version } = itemOf(house, caseId);
  const [first, ...others] = agents.map((agentId) => ({
    agentId,
    agentVersion: house.get('agent', agentId)?.version ?? 0,
  }));
  if (first === undefined) return [];
  const { outcome } = house.tell({
    type: 'offer-work',
    data: { workItemId: id, itemVersion: version, ...first, others },
  });
  return outcome === 'done' ? holdersOf(itemOf(house, caseId)).map(({ reservationId }) => reservationId) : [outcome];
}

export const statuses = (house: House, ids: readonly string[]) => ids.map((id) => house.get('reservation', id)?.status);
export const holds = (house: House) => names.map((id) => house.get('desk', id)?.holds.length);
export const told = (house: House, from = 0) => house.events.slice(from).map(({ type }) => type.split('.')[3]);

export function refuse(reservationId: string, reason?: string, note?: string): HouseCommand {
  return { type: 'reject-reservation', data: { reservationId, reason, note } };
}
