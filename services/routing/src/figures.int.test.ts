import { startTestService, TOKEN, WORK_TOKEN } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

const read = async <T = Record<string, unknown>>(path: string): Promise<T> => {
  const { status, body } = await service.call('GET', path);
  expect(status).toBe(200);
  return body;
};

const patience = { timeoutMs: 15_000 };

/** Accepted and completed, so that it is known how long work takes. */
async function workThrough(caseId: string): Promise<void> {
  await service.say(caseOpened(caseId, { product: 'waits' }));
  const { id } = await clerk.offer('wanda', caseId);
  await clerk.act(id, 'accept');
  await clerk.act(id, 'complete');
}

it('given who waits, then place and time are told, to REST and as events, and compared with what came', async () => {
  await service.call('PUT', '/v1/queues/waits', {
    match: 'case.product == "waits"',
    requirements: 'agent.team == "waits"',
    answerWithin: 'PT1M',
    alerts: { waiting: 1 },
  });
  await clerk.agent('wanda', { team: 'waits' });
  for (let n = 0; n < 5; n += 1) await workThrough(`taught-${String(n)}`);
  for (const id of ['line-0', 'line-1', 'line-2']) {
    await service.say(caseOpened(id, { product: 'waits' }));
    await clerk.item(id, { queueId: 'waits' });
  }
  const offered = await clerk.offer('wanda', 'line-0');
  const [last] = await clerk.itemsOf('line-2');
  await eventually(async () => {
    expect(await read(`/v1/work-items/${last?.id ?? ''}/wait`)).toMatchObject({
      status: 'pending',
      position: 2,
      estimate: { method: 'reckoned' },
      basis: 'item',
    });
  }, patience);
  await service.said('switchboard.routing.v1.WorkWaitEstimated', (events) => {
    expect(events).toContainEqual(
      expect.objectContaining({ data: expect.objectContaining({ caseId: 'line-2', ahead: 1 }) as unknown }),
    );
  });
  await service.said('switchboard.routing.v1.QueueAlerted', (events) => {
    expect(events[0]?.data).toMatchObject({ queueId: 'waits', figure: 'waiting', level: 1, value: 2 });
  });
  await eventually(async () => {
    expect(await read('/v1/queues/waits/figures')).toMatchObject({
      ...{ queueId: 'waits', waiting: 2, reserved: 1, available: 1, idle: 0, alerts: ['waiting'] },
      lastHalfHour: { arrived: 8, accepted: 5, completed: 5, serviceLevel: 1 },
    });
  }, patience);
  await clerk.act(offered.id, 'accept');
  await clerk.act(offered.id, 'complete');
  await clerk.act((await clerk.offer('wanda', 'line-1')).id, 'accept');
  await eventually(async () => {
    await service.moveClock(31);
    const { accuracy } = await read<{ accuracy?: object }>('/v1/queues/waits/figures');
    expect(accuracy).toMatchObject({ count: 1 });
  }, patience);
  expect(await service.call('GET', '/v1/work-items/none/wait')).toMatchObject({ status: 404 });
});

it('given queues and agents, then their figures are listed, by team, with what was completed today', async () => {
  const queues = await read<{ items: { queueId: string }[] }>('/v1/figures/queues');
  expect(queues.items.map(({ queueId }) => queueId)).toEqual(['default', 'waits']);
  await clerk.agent('otto', { team: 'others', capacity: { chat: 2 } });
  const { items } = await read<{ items: object[] }>('/v1/figures/agents?team=waits');
  expect(items).toMatchObject([
    { agentId: 'wanda', status: 'available', held: 1, load: { phone: 1 }, room: { phone: false }, handledToday: 6 },
  ]);
  const others = await read<{ items: { statusSince: string }[] }>('/v1/figures/agents?team=others&timeZone=Asia/Tokyo');
  expect(others.items).toMatchObject([
    { agentId: 'otto', held: 0, room: { default: true, chat: true }, handledToday: 0 },
  ]);
  expect(Date.parse(others.items[0]?.statusSince ?? '')).toBeGreaterThan(0);
  expect(await service.call('GET', '/v1/figures/agents?timeZone=Mars')).toMatchObject({ status: 400 });
  // A zone that the database does not know.
  expect(await service.call('GET', '/v1/figures/agents?timeZone=VST')).toMatchObject({ status: 200 });
  expect(await service.call('GET', '/v1/queues/none/figures')).toMatchObject({ status: 404 });
});

it('given a stream, then it is told how those stand of whom something changed; of agents, to who may read them', async () => {
  const ending = new AbortController();
  const follow = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${service.service.url()}/v1/figures/stream`, { headers, signal: ending.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const chunks: string[] = [];
    return { chunks, reading: readInto(response, chunks) };
  };
  const [all, work] = [await follow(TOKEN), await follow(WORK_TOKEN)];
  await clerk.presence('otto', 'away');
  const ofOtto = /event: figures\ndata: .*"agentId":"otto","team":"others","available":false,"takesOffers":false/u;
  await eventually(() => {
    expect(all.chunks.join('')).toMatch(ofOtto);
  }, patience);
  await service.say(caseOpened('for-all', {}));
  await eventually(() => {
    expect(work.chunks.join('')).toMatch(/event: figures\ndata: .*"queueId":"default"/u);
  }, patience);
  expect(work.chunks.join('')).not.toContain('otto');
  ending.abort();
  await Promise.all([all.reading, work.reading]);
});

async function readInto(response: Response, chunks: string[]): Promise<void> {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) chunks.push(decoder.decode(chunk as Uint8Array, { stream: true }));
  } catch {
    // Ended by the test.
  }
}

it('given a closed queue, then who waits hears when it opens', async () => {
  const hours = [{ days: ['sun'], from: '03:00', to: '03:01' }];
  await service.call('PUT', '/v1/queues/shut', {
    match: 'case.product == "shut"',
    schedule: { hours: { timeZone: 'UTC', hours } },
  });
  await service.say(caseOpened('shut-1', { product: 'shut' }));
  const { id } = await clerk.item('shut-1', { queueId: 'shut' });
  await eventually(async () => {
    const wait = await read<{ opensAt?: string }>(`/v1/work-items/${id}/wait`);
    expect(wait).toMatchObject({ unknown: 'closed' });
    expect(wait.opensAt).toMatch(/T03:00:00/u);
  }, patience);
});

it('given a clock that was moved, then reports end when it says', async () => {
  const end = async () => Date.parse((await read<{ to: string }>('/v1/routing/reports/training-needs')).to);
  const before = await end();
  await service.moveClock(7200);
  expect((await end()) - before).toBeGreaterThanOrEqual(3_600_000);
});
