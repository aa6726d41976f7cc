/** Commands as the tests give them. */
import type { AgentDefinition, Presence } from '../domain/people/state.ts';
import type { CaseFacts } from '../domain/work/state.ts';
import type { HouseCommand } from './house.ts';

export const caseFacts = (id: string, partial: Partial<CaseFacts> = {}): CaseFacts => ({
  id,
  channel: 'phone',
  priority: 3,
  status: 'open',
  openedAt: '2026-03-02T09:00:00.000Z',
  attributes: {},
  ...partial,
});

interface Arrival {
  readonly version?: number;
  readonly channel?: string;
  readonly facts?: Partial<CaseFacts>;
}

export function contact(id: string, { version = 1, channel = 'phone', facts = {} }: Arrival = {}): HouseCommand {
  return {
    type: 'take-contact',
    data: {
      opens: version === 1,
      case: { version, facts: caseFacts(id, facts) },
      contact: { channel, attributes: {} },
      contactPoint: `phone:${id}`,
    },
  };
}

export const news = (id: string, version: number, facts: Partial<CaseFacts>): HouseCommand => ({
  type: 'follow-case',
  data: { case: { version, facts: caseFacts(id, facts) } },
});

export const customer = (caseId: string, tier: string, version = 1): HouseCommand => ({
  type: 'attribute-case',
  data: { caseId, customer: { version, facts: { id: 'customer-1', tier } } },
});

export const agent = (id: string, partial: Partial<AgentDefinition> = {}): HouseCommand => ({
  type: 'put-agent',
  data: {
    id,
    definition: {
      name: id,
      team: 'default',
      skills: {},
      languages: [],
      territories: [],
      products: [],
      capacity: { default: 1 },
      ...partial,
    },
  },
});

export const presence = (agentId: string, status: Presence): HouseCommand => ({
  type: 'set-presence',
  data: { agentId, status },
});

export type ReservationAction = 'accept' | 'reject' | 'wrap-up' | 'complete';

export const act = (action: ReservationAction, reservationId: string): HouseCommand => ({
  type: `${action}-reservation`,
  data: { reservationId },
});
