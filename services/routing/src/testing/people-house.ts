/** A house with people in it, whose work is matched at once. */
import { expect } from 'vitest';
import { createHouseMatcher } from './house-matcher.ts';
import type { HouseMatcher } from './house-matcher.ts';
import { anyQueue, createHouse } from './house.ts';
import type { House } from './house.ts';
import { act, agent, contact, presence } from './orders.ts';
import type { AgentDefinition } from '../domain/people/state.ts';

// A house begins on Monday, 2 March 2026, at 09:00 UTC.
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

interface Desk {
  readonly house: House;
  readonly matcher: HouseMatcher;
  /** A case comes in and is offered; answers the reservation, or nothing. */
  offer(id: string, channel?: string): string | undefined;
  accepted(id: string, channel?: string): string;
}

export function open(people: Readonly<Record<string, Partial<AgentDefinition>>>): Desk {
  const house = createHouse({ queues: [], fallback: anyQueue });
  for (const [id, definition] of Object.entries(people)) {
    house.tell(agent(id, { capacity: { default: 9 }, ...definition }));
    house.tell(presence(id, 'available'));
  }
  const matcher = createHouseMatcher(house, [anyQueue]);
  const offer = (id: string, channel = 'phone') => {
    house.tell(contact(id, { channel }));
    matcher.run();
    return itemOf(house, id).reservationId;
  };
  return {
    house,
    matcher,
    offer,
    accepted: (id, channel) => {
      const reservation = offer(id, channel) ?? '';
      expect(house.tell(act('accept', reservation)).outcome).toBe('done');
      return reservation;
    },
  };
}

export const itemOf = (house: House, caseId: string) => {
  const item = house.all('workItem').find((one) => one.caseId === caseId);
  if (item === undefined) throw new Error(`there is no work for ${caseId}`);
  return item;
};
export const holderOf = (house: House, caseId: string) => {
  const { status, agentId } = itemOf(house, caseId);
  return `${status} ${agentId ?? ''}`.trim();
};
export const said = (house: House, name: string) => house.events.filter(({ type }) => type.endsWith(`.${name}`));
