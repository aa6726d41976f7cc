import { AGENT_TOKEN, startTestService } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoutingCommands } from './domain/commands.ts';
import { routing } from './service.ts';
import { createClerk } from './testing/desk-clerk.ts';
import type { Clerk } from './testing/desk-clerk.ts';
import { attributed, caseChanged, caseOpened, caseStatusChanged, messageReceived } from './testing/foreign-events.ts';

let service: TestService<RoutingCommands>;
let clerk: Clerk;

beforeAll(async () => {
  service = await startTestService(routing);
  clerk = createClerk(service);
});
afterAll(() => service.stop());

describe('the way of a work item', () => {
  it('given an agent, when a case opens, then it is queued, offered, accepted, wrapped up and completed', async () => {
    await clerk.agent('walter');
    await service.say(caseOpened('way-1'));
    const { id, status } = await clerk.offer('walter', 'way-1');
    expect(status).toBe('pending');
    expect(await clerk.itemsOf('way-1')).toMatchObject([{ status: 'reserved', agentId: 'walter', queueId: 'default' }]);
    expect(await clerk.act(id, 'accept')).toMatchObject({ status: 200, body: { id, status: 'accepted' } });
    expect(await clerk.act(id, 'accept')).toMatchObject({ status: 200, body: { id, status: 'accepted' } });
    expect(await clerk.act(id, 'reject')).toMatchObject({ status: 409, body: { code: 'reservation-not-open' } });
    expect(await clerk.act(id, 'wrap-up')).toMatchObject({ status: 200, body: { status: 'wrapping' } });
    expect(await clerk.itemsOf('way-1')).toMatchObject([{ status: 'wrapping' }]);
    expect(await service.call('GET', '/v1/agents/walter')).toMatchObject({ body: { load: { phone: 1 } } });
    expect(await clerk.act(id, 'complete')).toMatchObject({ status: 200, body: { status: 'completed' } });
    expect(await clerk.act(id, 'complete')).toMatchObject({ status: 409 });
    expect(await clerk.act('nobody', 'accept')).toMatchObject({ status: 404, body: { code: 'unknown-id' } });
    expect(await clerk.itemsOf('way-1')).toMatchObject([{ status: 'completed', agentId: 'walter' }]);
    expect(await service.call('GET', '/v1/agents/walter')).toMatchObject({ body: { load: {} } });
    await eventually(() => {
      expect(clerk.told('way-1')).toEqual([
        '1 WorkQueued',
        '2 WorkOffered',
        '3 WorkAccepted',
        '4 WorkWrappingUp',
        '5 WorkCompleted',
      ]);
    });
    await clerk.presence('walter', 'offline');
  });

  it('given two agents, when one rejects, then the other gets it with its age kept, and the first after 30 s', async () => {
    await clerk.agent('rosa');
    await service.say(caseOpened('reject-1'));
    const first = await clerk.offer('rosa', 'reject-1');
    const { enqueuedAt } = await clerk.item('reject-1', { status: 'reserved' });
    expect(await clerk.act(first.id, 'reject')).toMatchObject({ status: 200, body: { status: 'rejected' } });
    await clerk.agent('sven');
    const second = await clerk.offer('sven', 'reject-1');
    expect(await clerk.act(second.id, 'reject')).toMatchObject({ status: 200 });
    await service.moveClock(31);
    const third = await clerk.offer('rosa', 'reject-1');
    expect(third.id).not.toBe(first.id);
    await clerk.act(third.id, 'accept');
    await clerk.act(third.id, 'complete');
    expect(await clerk.itemsOf('reject-1')).toMatchObject([{ status: 'completed', enqueuedAt }]);
    expect(await clerk.reservationsOf('rosa', '?status=rejected')).toMatchObject([{ id: first.id }]);
    await service.moveClock(0);
    await Promise.all(['rosa', 'sven'].map((id) => clerk.presence(id, 'offline')));
  });

  it('given an agent who does not answer, when the time is over, then the next one gets it', async () => {
    await service.call('PUT', '/v1/queues/quick', { match: 'case.product == "quick"', reservationTimeout: 'PT1S' });
    await clerk.agent('tina');
    await service.say(caseOpened('timeout-1', { product: 'quick' }));
    const { id } = await clerk.offer('tina', 'timeout-1');
    await clerk.agent('uwe');
    await clerk.offer('uwe', 'timeout-1');
    expect(await clerk.reservationsOf('tina', '?status=timeout')).toMatchObject([{ id }]);
    expect(await clerk.act(id, 'accept')).toMatchObject({ status: 409 });
    expect(clerk.told('timeout-1').slice(0, 4)).toEqual([
      '1 WorkQueued',
      '2 WorkOffered',
      '3 WorkTimedOut',
      '4 WorkQueued',
    ]);
    await Promise.all(['tina', 'uwe'].map((agent) => clerk.presence(agent, 'offline')));
    await service.say(caseStatusChanged('timeout-1', 2, 'closed'));
  });

  it('given an agent with an offer and assigned work, when they go offline, then only the offer goes back', async () => {
    await clerk.agent('vera', { capacity: { phone: 2 } });
    await service.say(caseOpened('offline-1'));
    const taken = await clerk.offer('vera', 'offline-1');
    await clerk.act(taken.id, 'accept');
    await service.say(caseOpened('offline-2'));
    await clerk.offer('vera', 'offline-2');
    expect(await clerk.presence('vera', 'offline')).toMatchObject({
      status: 200,
      body: { status: 'offline', load: { phone: 1 } },
    });
    expect(await clerk.itemsOf('offline-1')).toMatchObject([{ status: 'assigned', agentId: 'vera' }]);
    const [back] = await clerk.itemsOf('offline-2');
    expect(back).toMatchObject({ status: 'pending' });
    expect(back).not.toHaveProperty('agentId');
    expect(await clerk.reservationsOf('vera')).toMatchObject([{ id: taken.id }]);
    expect(await clerk.act(taken.id, 'complete')).toMatchObject({ status: 200 });
    await service.say(caseStatusChanged('offline-2', 2, 'closed'));
  });
});

describe('cases and their work', () => {
  it('given an unfinished item, when contacts come in, then none is added until it is completed', async () => {
    await service.say(caseOpened('again-1'), messageReceived('again-1', 2));
    await clerk.agent('wim');
    const { id } = await clerk.offer('wim', 'again-1');
    expect(await clerk.itemsOf('again-1')).toHaveLength(1);
    await clerk.act(id, 'accept');
    await clerk.act(id, 'complete');
    await clerk.presence('wim', 'away');
    await service.say(messageReceived('again-1', 3));
    await clerk.item('again-1', { status: 'pending' });
    expect(await clerk.itemsOf('again-1')).toHaveLength(2);
    await service.say(caseStatusChanged('again-1', 4, 'resolved'));
    await clerk.item('again-1', { status: 'canceled' });
  });

  it('given an offer, when the case is resolved, then both are called off and the agent is free', async () => {
    await clerk.agent('xaver');
    await service.say(caseOpened('resolve-1'));
    const { id } = await clerk.offer('xaver', 'resolve-1');
    await service.say(caseStatusChanged('resolve-1', 2, 'resolved'));
    await clerk.item('resolve-1', { status: 'canceled' });
    expect(await clerk.reservationsOf('xaver', '?status=canceled')).toMatchObject([{ id }]);
    expect(await service.call('GET', '/v1/agents/xaver')).toMatchObject({ body: { load: {} } });
    await eventually(() => {
      expect(clerk.told('resolve-1').slice(2)).toEqual(['3 WorkWithdrawn', '4 WorkCanceled']);
    });
    await clerk.presence('xaver', 'offline');
  });

  it('given a queue for gold customers, when a pending case is attributed, then it moves and keeps its age', async () => {
    await service.call('PUT', '/v1/queues/gold', {
      order: 1,
      match: 'customer.tier == "gold"',
      requirements: '"vip" in agent.skills && agent.skills["vip"] >= 3 && customer.tier == "gold"',
    });
    await service.say(attributed('gold-1', { id: 'c1', tier: 'gold' }));
    await service.say(caseOpened('gold-0'), caseOpened('gold-1'));
    const { enqueuedAt } = await clerk.item('gold-0', { queueId: 'default', status: 'pending' });
    await service.say(attributed('gold-0', { id: 'c1', tier: 'gold' }));
    await clerk.item('gold-0', { queueId: 'gold', enqueuedAt });
    await clerk.item('gold-1', { queueId: 'gold' });
    await clerk.agent('yara', { skills: { vip: 2 } });
    await clerk.agent('zoe', { skills: { vip: 3 } });
    const { id } = await clerk.offer('zoe', 'gold-0');
    expect(await clerk.reservationsOf('yara')).toEqual([]);
    await clerk.act(id, 'accept');
    // Raised skills make Yara eligible for what waits.
    await service.call('PUT', '/v1/agents/yara', { name: 'yara', skills: { vip: 4 } });
    await clerk.offer('yara', 'gold-1');
    await clerk.act(id, 'complete');
    await Promise.all(['yara', 'zoe'].map((agent) => clerk.presence(agent, 'offline')));
    await service.say(caseStatusChanged('gold-1', 2, 'closed'));
    await clerk.item('gold-1', { status: 'canceled' });
  });

  it('given pending work, when its priority rises, then it comes first; when its queue goes, it moves', async () => {
    await service.call('PUT', '/v1/queues/brief', { order: 5, match: 'case.product == "brief"' });
    await service.say(caseOpened('prio-1'), caseOpened('prio-2', { product: 'brief' }));
    await clerk.item('prio-1', { priority: 3, status: 'pending' });
    await clerk.item('prio-2', { queueId: 'brief', status: 'pending' });
    await service.say(caseChanged('prio-2', 2, { priority: 1 }));
    await clerk.item('prio-2', { priority: 1 });
    expect(await service.call('DELETE', '/v1/queues/brief')).toMatchObject({ status: 204 });
    await clerk.item('prio-2', { queueId: 'default', status: 'pending' });
    await clerk.agent('adam');
    const { id } = await clerk.offer('adam', 'prio-2');
    await clerk.act(id, 'accept');
    await clerk.act(id, 'complete');
    await clerk.offer('adam', 'prio-1');
    await clerk.presence('adam', 'offline');
    await service.say(caseStatusChanged('prio-1', 2, 'closed'));
  });
});

describe('configuration', () => {
  it('given expressions that do not fit, when a queue is put, then the field and the reason are named', async () => {
    const put = (body: object) => service.call('PUT', '/v1/queues/bad', body);
    for (const [body, field] of [
      [{ match: 'case.nothing == 1' }, 'match'],
      [{ match: '1 + 1' }, 'match'],
      [{ match: 'true', requirements: 'agent.skills.x ==' }, 'requirements'],
      [{ match: 'true', reservationTimeout: 'PT0S' }, 'reservationTimeout'],
      [{ match: 'true', reservationTimeout: '30' }, 'reservationTimeout'],
      [{ match: 'true', strategy: 'random' }, 'strategy'],
    ] as const)
      expect(await put(body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect(await service.call('GET', '/v1/queues/bad')).toMatchObject({ status: 404 });
  });

  it('given the queue default, when it is changed or removed, then only its terms change', async () => {
    expect(await service.call('GET', '/v1/queues/default')).toMatchObject({ status: 200, body: { match: 'true' } });
    expect(await service.call('PUT', '/v1/queues/default', { match: 'false' })).toMatchObject({ status: 400 });
    expect(await service.call('DELETE', '/v1/queues/default')).toMatchObject({ status: 409 });
    expect(
      await service.call('PUT', '/v1/queues/default', { match: 'true', reservationTimeout: 'PT31S' }),
    ).toMatchObject({
      status: 200,
      body: { reservationTimeout: 'PT31S' },
    });
  });

  it('given an agent who is there, when put again, then presence stays and a stale If-Match is refused', async () => {
    await clerk.agent('bea', { capacity: { chat: 3 } });
    const got = await service.call('GET', '/v1/agents/bea');
    expect(got).toMatchObject({ body: { team: 'default', capacity: { chat: 3, default: 1 }, status: 'available' } });
    const match = { 'if-match': got.headers.get('etag') ?? '' };
    const put = (name: string) => service.call('PUT', '/v1/agents/bea', { name }, match);
    expect(await put('Bea')).toMatchObject({ status: 200, body: { name: 'Bea', status: 'available' } });
    expect(await put('Bee')).toMatchObject({ status: 412 });
    const bad = { name: 'x', skills: { a: 6 }, languages: ['not a tag'] };
    expect(await service.call('PUT', '/v1/agents/bea', bad)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'skills.a' }, { field: 'languages.0' }] },
    });
    expect(await service.call('GET', '/v1/agents?limit=1')).toMatchObject({ status: 200, body: { items: [{}] } });
    expect(await service.call('DELETE', '/v1/agents/bea')).toMatchObject({ status: 204 });
    expect(await service.call('GET', '/v1/agents/bea/reservations')).toMatchObject({ status: 404 });
    expect(await clerk.presence('bea', 'available')).toMatchObject({ status: 404 });
    expect(await clerk.presence('bea', 'asleep')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'status' }] },
    });
  });
});

describe('teams and absences', () => {
  it('given agents, when one manages a team, then the team is told whole; a manager nobody knows is refused', async () => {
    await service.call('PUT', '/v1/agents/mia', { name: 'Mia', team: 'motor', calendarId: 'office' });
    const motor = { name: 'Motor', managers: ['mia', { agentId: 'mia', products: ['car'] }], calendarId: 'office' };
    const managers = [
      { agentId: 'mia', products: [], regions: [] },
      { agentId: 'mia', products: ['car'], regions: [] },
    ];
    expect(await service.call('PUT', '/v1/teams/motor', { ...motor, managers: ['mia', 'nobody'] })).toMatchObject({
      status: 404,
      body: { errors: [{ field: 'managers.1.agentId' }] },
    });
    const put = await service.call('PUT', '/v1/teams/motor', motor);
    expect(put).toMatchObject({ status: 201, body: { id: 'motor', managers, calendarId: 'office' } });
    const match = { 'if-match': put.headers.get('etag') ?? '' };
    expect(await service.call('PUT', '/v1/teams/motor', { ...motor, name: 'Cars' }, match)).toMatchObject({
      status: 200,
    });
    expect(await service.call('PUT', '/v1/teams/motor', motor, match)).toMatchObject({ status: 412 });
    expect(await service.call('GET', '/v1/teams')).toMatchObject({ body: { items: [{ id: 'motor', name: 'Cars' }] } });
    expect(await service.call('DELETE', '/v1/teams/motor')).toMatchObject({ status: 204 });
    const told = await service.said('switchboard.routing.v1.TeamRemoved', (events) => {
      expect(events).toMatchObject([{ subject: 'motor', sequence: 3, data: { teamId: 'motor' } }]);
    });
    expect(told).toHaveLength(1);
    expect(await service.said('switchboard.routing.v1.TeamChanged')).toMatchObject([
      { sequence: 1, data: { team: { id: 'motor', name: 'Motor', managers, calendarId: 'office' } } },
      { sequence: 2, data: { team: { name: 'Cars' } } },
    ]);
    expect(await service.call('GET', '/v1/agents/mia')).toMatchObject({
      body: { team: 'motor', calendarId: 'office' },
    });
  });

  it('given an agent, when they are away for days, then instants are told; with the agent the absences go', async () => {
    for (const id of ['nora', 'otto']) await service.call('PUT', `/v1/agents/${id}`, { name: id });
    const at = '/v1/agents/nora/absences/summer';
    const summer = {
      from: '2026-07-01',
      to: '2026-07-14',
      timeZone: 'Europe/Vienna',
      kind: 'holiday',
      substitute: 'otto',
    };
    const span = { startsAt: '2026-06-30T22:00:00.000Z', endsAt: '2026-07-14T22:00:00.000Z' };
    for (const [body, status, field] of [
      [{ ...summer, timeZone: undefined }, 400, 'timeZone'],
      [{ ...summer, to: '2026-06-01' }, 400, 'to'],
      [{ ...summer, from: 'tomorrow' }, 400, 'from'],
      [{ ...summer, kind: 'bored' }, 400, 'kind'],
      [{ ...summer, substitute: 'nora' }, 400, 'substitute'],
      [{ ...summer, substitute: 'nobody' }, 404, 'substitute'],
    ] as const)
      expect(await service.call('PUT', at, body)).toMatchObject({ status, body: { errors: [{ field }] } });
    expect(await service.call('PUT', '/v1/agents/nobody/absences/summer', summer)).toMatchObject({ status: 404 });
    expect(await service.call('GET', at)).toMatchObject({ status: 404 });

    const put = await service.call('PUT', at, summer);
    expect(put).toMatchObject({ status: 201, body: { id: 'summer', agentId: 'nora', ...summer, ...span, version: 1 } });
    expect(put.headers.get('etag')).toBe('"1"');
    const sick = { from: '2026-08-03T08:00:00+02:00', to: '2026-08-03T17:00:00+02:00', kind: 'sick' };
    await service.call('PUT', '/v1/agents/nora/absences/august', sick);
    expect(await service.call('PUT', at, summer, { 'if-match': '"7"' })).toMatchObject({ status: 412 });
    expect(await service.call('GET', '/v1/agents/nora/absences')).toMatchObject({
      body: { items: [{ id: 'august', startsAt: '2026-08-03T06:00:00.000Z' }, { id: 'summer' }] },
    });
    expect(await service.call('DELETE', '/v1/agents/nora/absences/august')).toMatchObject({ status: 204 });
    expect(await service.call('DELETE', '/v1/agents/nora')).toMatchObject({ status: 204 });
    await service.call('PUT', '/v1/agents/nora', { name: 'another Nora' });
    expect(await service.call('GET', '/v1/agents/nora/absences')).toMatchObject({ body: { items: [] } });
    const removed = await service.said('switchboard.routing.v1.AgentAbsenceRemoved', (events) => {
      expect(events.map(({ subject, sequence }) => [subject, sequence])).toEqual([
        ['nora/august', 2],
        ['nora/summer', 2],
      ]);
    });
    expect(removed[1]).toMatchObject({ data: { agentId: 'nora', absenceId: 'summer' } });
    expect(await service.said('switchboard.routing.v1.AgentAbsenceChanged')).toMatchObject([
      { subject: 'nora/summer', data: { absence: { id: 'summer', agentId: 'nora', ...span, substitute: 'otto' } } },
      { subject: 'nora/august', data: { absence: { kind: 'sick' } } },
    ]);
  });
});

describe("an agent's own token", () => {
  const mine = { authorization: `Bearer ${AGENT_TOKEN}` };
  const asAnna = (method: string, path: string, body?: unknown) => service.call(method, path, body, mine);

  it('given agents:self, when used for others, then 403; for her own things, then it works', async () => {
    await clerk.agent('carl');
    await service.say(caseOpened('self-1'));
    const others = await clerk.offer('carl', 'self-1');
    expect(await asAnna('POST', `/v1/reservations/${others.id}/accept`)).toMatchObject({ status: 403 });
    expect(await asAnna('POST', '/v1/agents/carl/presence', { status: 'offline' })).toMatchObject({ status: 403 });
    expect(await asAnna('GET', '/v1/agents/carl/reservations')).toMatchObject({ status: 403 });
    expect(await asAnna('GET', '/v1/agents/carl/stream')).toMatchObject({ status: 403 });
    expect(await asAnna('GET', '/v1/queues')).toMatchObject({ status: 403 });
    await service.call('PUT', '/v1/agents/anna', { name: 'Anna' });
    expect(await asAnna('POST', '/v1/agents/anna/presence', { status: 'available' })).toMatchObject({ status: 200 });
    await clerk.presence('carl', 'offline');
    const own = await clerk.offer('anna', 'self-1');
    expect(await asAnna('POST', `/v1/reservations/${own.id}/accept`)).toMatchObject({ status: 200 });
    expect(await asAnna('GET', '/v1/work-items')).toMatchObject({ body: { items: [{ caseId: 'self-1' }] } });
    expect(await asAnna('POST', `/v1/reservations/${own.id}/complete`)).toMatchObject({ status: 200 });
  });

  it('given her stream, when work is offered and accepted, then she is told, and told nothing of others', async () => {
    const ending = new AbortController();
    const url = `${service.service.url()}/v1/agents/anna/stream`;
    const response = await fetch(url, { headers: mine, signal: ending.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const told: string[] = [];
    const reading = readNames(response, told);
    await service.say(caseOpened('stream-1'));
    const { id } = await clerk.offer('anna', 'stream-1');
    await clerk.act(id, 'accept');
    await clerk.act(id, 'complete');
    await clerk.presence('anna', 'offline');
    await eventually(() => {
      // What came just before may still be told first.
      expect(told.slice(-4)).toEqual([
        'reservation.created',
        'reservation.accepted',
        'reservation.completed',
        'agent.presence',
      ]);
    });
    ending.abort();
    await reading;
  });
});

async function readNames(response: Response, names: string[]): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      names.push(...lines.filter((line) => line.startsWith('event: ')).map((line) => line.slice(7)));
    }
  } catch {
    // Ended by the test.
  }
}
