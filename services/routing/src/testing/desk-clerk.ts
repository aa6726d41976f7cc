/** REST as the tests use it. */
import type { TestService } from '@switchboard/service/testing';
import { eventually } from '@switchboard/testing';
import { expect } from 'vitest';
import type { RoutingCommands } from '../domain/commands.ts';

export interface Item {
  readonly id: string;
  readonly caseId: string;
  readonly queueId: string;
  readonly status: string;
  readonly agentId?: string;
  readonly priority: number;
  readonly enqueuedAt: string;
  readonly version: number;
}

export interface Reservation {
  readonly id: string;
  readonly workItemId: string;
  readonly caseId: string;
  readonly agentId: string;
  readonly status: string;
  readonly expiresAt: string;
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

export interface Clerk {
  /** Creates an agent and makes them available. */
  agent(id: string, definition?: object): Promise<void>;
  presence(id: string, status: string): Promise<Answered>;
  act(reservationId: string, action: string): Promise<Answered>;
  itemsOf(caseId: string): Promise<readonly Item[]>;
  reservationsOf(agentId: string, query?: string): Promise<readonly Reservation[]>;
  /** The newest item of a case, once it is as expected. */
  item(caseId: string, expected: object): Promise<Item>;
  /** The agent's open reservation for the case, once there is one. */
  offer(agentId: string, caseId: string): Promise<Reservation>;
  /** The open reservation of one of the agents for the case, once there is one. */
  offerTo(agentIds: readonly string[], caseId: string): Promise<Reservation>;
  /** Versions and names of what was said about a case's items. */
  told(caseId: string): string[];
}

/** A machine with other things to do takes its time. */
const patience = { timeoutMs: 15_000 };

export function createClerk(service: TestService<RoutingCommands>): Clerk {
  const list = async <T>(path: string): Promise<readonly T[]> => {
    const { status, body } = await service.call('GET', path);
    expect(status).toBe(200);
    return (body as { readonly items: readonly T[] }).items;
  };
  const presence = (id: string, status: string) => service.call('POST', `/v1/agents/${id}/presence`, { status });
  const itemsOf = (caseId: string) => list<Item>(`/v1/work-items?caseId=${caseId}`);
  const reservationsOf = (agentId: string, query = '') =>
    list<Reservation>(`/v1/agents/${agentId}/reservations${query}`);
  const offerTo = (agentIds: readonly string[], caseId: string) =>
    eventually(async () => {
      const all = await Promise.all(agentIds.map((agentId) => reservationsOf(agentId)));
      const found = all.flat().find((one) => one.caseId === caseId);
      expect(found, `an offer of ${caseId} to ${agentIds.join(' or ')}`).toBeDefined();
      return found as Reservation;
    }, patience);
  return {
    agent: async (id, definition = {}) => {
      expect(await service.call('PUT', `/v1/agents/${id}`, { name: id, ...definition })).toMatchObject({ status: 201 });
      expect(await presence(id, 'available')).toMatchObject({ status: 200, body: { id, status: 'available' } });
    },
    presence,
    act: (id, action) => service.call('POST', `/v1/reservations/${id}/${action}`),
    itemsOf,
    reservationsOf,
    item: (caseId, expected) =>
      eventually(async () => {
        const item = (await itemsOf(caseId)).at(-1);
        expect(item).toMatchObject(expected);
        return item as Item;
      }, patience),
    offer: (agentId, caseId) => offerTo([agentId], caseId),
    offerTo,
    told: (caseId) =>
      service.heard.flatMap(({ type, sequence, data }) =>
        'item' in data && data.item.caseId === caseId ? [`${String(sequence)} ${type.split('.')[3] ?? ''}`] : [],
      ),
  };
}
