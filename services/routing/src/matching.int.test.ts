/** Matching at least cost in the service, and why each agent was chosen. */
import { AGENT_TOKEN, startTestService } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoutingCommands } from './domain/commands.ts';
import { routing } from './service.ts';
import { createClerk } from './testing/desk-clerk.ts';
import type { Clerk } from './testing/desk-clerk.ts';
import { caseOpened } from './testing/foreign-events.ts';

let service: TestService<RoutingCommands>;
let clerk: Clerk;

beforeAll(async () => {
  service = await startTestService(routing);
  clerk = createClerk(service);
});
afterAll(() => service.stop());

describe('a queue with least-cost', () => {
  it('given agents of unlike skill, then the best fit is offered it, and the reservation explains why', async () => {
    const queue = {
      match: 'case.reason == "repair"',
      requirements: '"repair" in agent.skills',
      strategy: 'least-cost',
    };
    expect(await service.call('PUT', '/v1/queues/repairs', queue)).toMatchObject({
      status: 201,
      body: { strategy: 'least-cost' },
    });
    await clerk.agent('anna', { skills: { repair: 2 } });
    await clerk.agent('bert', { skills: { repair: 5 } });
    await clerk.agent('carl', { skills: { sales: 5 } });
    await clerk.agent('doris', { skills: { repair: 5 }, capacity: { phone: 0 } });
    await service.say(caseOpened('repair-1', { reason: 'repair' }));
    const { id, workItemId } = await clerk.offer('bert', 'repair-1');
    const explained = await service.call('GET', `/v1/reservations/${id}/explain`);
    expect(explained).toMatchObject({
      status: 200,
      body: {
        ...{ reservationId: id, workItemId, agentId: 'bert', strategy: 'least-cost', arm: 'strategy' },
        ...{ queueId: 'repairs', policyVersion: 1, agents: 4, eligible: 2, together: 1 },
        removed: [
          { reason: 'no-room', count: 1 },
          { reason: 'requirements', count: 1, agents: ['carl'] },
        ],
        candidates: [
          { agentId: 'bert', parts: { skills: 0 } },
          { agentId: 'anna', parts: { skills: 108_000 } },
        ],
      },
    });
    const { words } = explained.body as { readonly words: readonly string[] };
    expect(words.join(' ')).toMatch(
      /Of 4 agents, 1 without room for more, 1 not meeting the requirements: 2 could be asked/,
    );
    await clerk.act(id, 'accept');
    await clerk.act(id, 'complete');
  });

  it('given another agent’s token or an unknown reservation, then nothing is told', async () => {
    await service.call('PUT', '/v1/queues/own', { match: 'case.reason == "own"', requirements: 'agent.id == "bert"' });
    await service.say(caseOpened('own-1', { reason: 'own' }));
    const { id } = await clerk.offer('bert', 'own-1');
    const asAnna = { authorization: `Bearer ${AGENT_TOKEN}` };
    expect(await service.call('GET', `/v1/reservations/${id}/explain`, undefined, asAnna)).toMatchObject({
      status: 403,
    });
    expect(await service.call('GET', '/v1/reservations/nobody/explain')).toMatchObject({
      status: 404,
      body: { code: 'unknown-id' },
    });
  });

  it('given a holdout that is no share, then it is refused with the field', async () => {
    const { status, body } = await service.call('PUT', '/v1/queues/odd', { match: 'true', holdout: 1.5 });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid-body', errors: [{ field: 'holdout' }] });
  });
});
