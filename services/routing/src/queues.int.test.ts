import { AGENT_TOKEN, startTestService } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoutingCommands } from './domain/commands.ts';
import { routing } from './service.ts';
import { createClerk } from './testing/desk-clerk.ts';
import type { Clerk } from './testing/desk-clerk.ts';
import { caseOpened, clockStarted } from './testing/foreign-events.ts';

let service: TestService<RoutingCommands>;
let clerk: Clerk;

beforeAll(async () => {
  service = await startTestService(routing);
  clerk = createClerk(service);
});
afterAll(() => service.stop());

const put = (id: string, body: object) => service.call('PUT', `/v1/queues/${id}`, body);
const forProduct = (product: string): object => ({ match: `case.product == "${product}"` });

describe('the way through a queue', () => {
  it('given targets, when the first one is over, then the next one is asked', async () => {
    await put('stepped', {
      ...forProduct('stepped'),
      targets: [{ name: 'experts', levels: { vip: 5 }, timeout: 'PT1M' }, { name: 'all' }],
    });
    await clerk.agent('norbert');
    await service.say(caseOpened('step-1', { product: 'stepped' }));
    await clerk.item('step-1', { status: 'pending', queueId: 'stepped' });
    expect(await clerk.reservationsOf('norbert')).toEqual([]);
    await service.moveClock(61);
    const { id } = await clerk.offer('norbert', 'step-1');
    await clerk.act(id, 'accept');
    await clerk.act(id, 'complete');
    await service.moveClock(0);
    await clerk.presence('norbert', 'offline');
  });

  it('given that it overflows, then the item moves by itself, as old as it is, and stays there', async () => {
    const nobody = { requirements: 'agent.id == "nobody"' };
    await put('helping', { match: 'false', ...nobody });
    const targets = [{ overflow: { to: 'helping', if: 'queue.waiting > 1' } }];
    await put('full', { ...forProduct('full'), ...nobody, targets });
    await service.say(caseOpened('over-1', { product: 'full' }));
    const { enqueuedAt } = await clerk.item('over-1', { queueId: 'full' });
    await service.say(caseOpened('over-2', { product: 'full' }));
    const moved = await clerk.item('over-1', { queueId: 'helping' });
    expect(moved).toMatchObject({ status: 'pending', enqueuedAt });
    // Then one waits there alone, and stays.
    await clerk.item('over-2', { queueId: 'full' });
    await eventually(() => {
      const reasons = service.heard.flatMap(({ type, data }) =>
        type === 'switchboard.routing.v1.WorkMoved' && 'reason' in data ? [data.reason] : [],
      );
      expect(reasons).toEqual(['overflow']);
    });
  });
});

it("given a calendar of sla's, then a queue that names it is closed when that is, and opens when that changes", async () => {
  const calendar = (version: number, definition: object, removed = false) => ({
    type: 'switchboard.sla.v1.CalendarChanged' as const,
    subject: 'night',
    sequence: version,
    data: { id: 'night', version, removed, definition: { id: 'night', timeZone: 'UTC', ...definition } as never },
  });
  // Open for an hour in twenty years.
  const never = { hours: [], shifts: [{ start: '2046-01-01T00:00', duration: 'PT1H' }] };
  const schedule = { calendarId: 'night' };
  expect(await put('nightly', { ...forProduct('nightly'), schedule })).toMatchObject({
    status: 201,
    body: { schedule, warnings: [{ field: 'schedule.calendarId' }] },
  });
  expect(await put('never', { match: 'true', schedule: {} })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'schedule.hours' }] },
  });
  await service.say(calendar(1, never));
  await service.said('switchboard.routing.v1.CalendarAdopted', (events) => {
    expect(events).toMatchObject([{ subject: 'night' }]);
  });
  await clerk.agent('nadia');
  await service.say(caseOpened('night-1', { product: 'nightly' }));
  await service.say(caseOpened('day-1'));
  await clerk.item('night-1', { status: 'pending', queueId: 'nightly' });
  const { id } = await clerk.offer('nadia', 'day-1');
  await clerk.act(id, 'accept');
  await clerk.act(id, 'complete');
  expect(await clerk.reservationsOf('nadia')).toEqual([]);
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  await service.say(calendar(2, { hours: [{ days, from: '00:00', to: '24:00' }] }));
  const atNight = await clerk.offer('nadia', 'night-1');
  await clerk.act(atNight.id, 'accept');
  await clerk.act(atNight.id, 'complete');
  // It closes, and is removed: nobody has said that the queue is to be open now.
  expect((await service.call('GET', '/v1/queues/nightly')).body).not.toHaveProperty('warnings');
  await service.say(calendar(3, never));
  await service.say(calendar(4, never, true));
  const reason = 'the calendar night was removed: the queue keeps the hours that it had last';
  const warnings = [{ field: 'schedule.calendarId', reason }];
  await eventually(async () => {
    expect(await service.call('GET', '/v1/queues/nightly')).toMatchObject({ status: 200, body: { warnings } });
  });
  expect(await put('nightly', { ...forProduct('nightly'), schedule })).toMatchObject({
    status: 200,
    body: { warnings },
  });
  await service.say(caseOpened('night-2', { product: 'nightly' }));
  await service.say(caseOpened('day-2'));
  await clerk.item('night-2', { status: 'pending', queueId: 'nightly' });
  const atDay = await clerk.offer('nadia', 'day-2');
  await clerk.act(atDay.id, 'accept');
  await clerk.act(atDay.id, 'complete');
  expect(await clerk.reservationsOf('nadia')).toEqual([]);
  await clerk.presence('nadia', 'offline');
});

describe('by hand', () => {
  it('given an adjustment, then the item comes first, and its arrival stays what it was', async () => {
    await put('adjusted', { ...forProduct('adjusted'), requirements: 'agent.id == "paula"' });
    for (const id of ['adjust-1', 'adjust-2']) await service.say(caseOpened(id, { product: 'adjusted' }));
    await clerk.item('adjust-1', { queueId: 'adjusted' });
    const { id, enqueuedAt } = await clerk.item('adjust-2', { queueId: 'adjusted' });
    const path = `/v1/work-items/${id}`;
    expect(await service.call('PATCH', path, {})).toMatchObject({ status: 400 });
    expect(await service.call('PATCH', path, { priority: 9 })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'priority' }] },
    });
    expect(await service.call('PATCH', '/v1/work-items/none', { priority: 1 })).toMatchObject({ status: 404 });
    const body = { id, ageAdjustmentMs: 600_000, enqueuedAt };
    expect(await service.call('PATCH', path, { ageAdjustmentMs: 600_000 })).toMatchObject({ status: 200, body });
    expect(await service.call('GET', path)).toMatchObject({ status: 200, body });
    await clerk.agent('paula');
    const offer = await clerk.offer('paula', 'adjust-2');
    expect(await service.call('PATCH', path, { priority: 1 })).toMatchObject({
      status: 409,
      body: { code: 'not-pending' },
    });
    expect(offer.workItemId).toBe(id);
    await clerk.presence('paula', 'offline');
  });

  it('given a transfer of accepted work, then it waits elsewhere; who does not hold it may not', async () => {
    await put('desk', { match: 'false' });
    await clerk.agent('anna');
    await service.say(caseOpened('transfer-1'));
    const { id, workItemId } = await clerk.offer('anna', 'transfer-1');
    await clerk.act(id, 'accept');
    const { enqueuedAt } = await clerk.item('transfer-1', { status: 'assigned' });
    const path = `/v1/work-items/${workItemId}/transfer`;
    expect(await service.call('POST', path, { queueId: 'none' })).toMatchObject({
      status: 404,
      body: { errors: [{ field: 'queueId', reason: 'there is no queue none' }] },
    });
    expect(await service.call('POST', path, {})).toMatchObject({ status: 400 });
    const body = { status: 'pending', queueId: 'desk', enqueuedAt };
    const own = { authorization: `Bearer ${AGENT_TOKEN}` };
    expect(await service.call('POST', path, { queueId: 'desk' }, own)).toMatchObject({ status: 200, body });
    expect(await service.call('POST', path, { queueId: 'default' }, own)).toMatchObject({ status: 403 });
    expect(await clerk.reservationsOf('anna', '?status=canceled')).toMatchObject([{ id }]);
    await clerk.presence('anna', 'offline');
  });
});

describe('the promise', () => {
  it('given a clock that is due soon, then the item that has less time comes first', async () => {
    await put('promised', {
      ...forProduct('promised'),
      requirements: 'agent.id == "rita"',
      ranking: { promise: { horizon: 'PT4H', handling: 'PT10M' } },
    });
    for (const id of ['promise-1', 'promise-2']) await service.say(caseOpened(id, { product: 'promised' }));
    const { version } = await clerk.item('promise-2', { queueId: 'promised' });
    await service.say(clockStarted('promise-2', new Date(Date.now() + 600_000).toISOString()));
    await eventually(async () => {
      expect((await clerk.itemsOf('promise-2'))[0]?.version).toBeGreaterThan(version);
    });
    await clerk.agent('rita');
    await clerk.offer('rita', 'promise-2');
    await clerk.presence('rita', 'offline');
  });
});

describe('what is wrong with a queue', () => {
  it('given contradictions, then nothing is saved, and field and reason are told', async () => {
    expect(await put('wrong', { match: 'true', targets: [{}, {}] })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'targets.0.timeout' }] },
    });
    const never = { match: 'true', requirements: 'agent.team == "red" && agent.team == "blue"' };
    expect(await put('wrong', never)).toMatchObject({ status: 400, body: { errors: [{ field: 'requirements' }] } });
    const overflow = [{ overflow: { to: 'nowhere' } }];
    expect(await put('wrong', { match: 'true', targets: overflow })).toMatchObject({
      status: 404,
      body: { errors: [{ field: 'targets.0.overflow.to', reason: 'there is no queue nowhere' }] },
    });
    expect(await service.call('GET', '/v1/queues/wrong')).toMatchObject({ status: 404 });
  });

  it('given what may be meant so, then it is saved with warnings, told once', async () => {
    await clerk.agent('nora');
    const lonely = { match: 'false', targets: [{ levels: { cobol: 5 } }] };
    const { status, body } = await put('lonely', lonely);
    expect(status).toBe(201);
    expect((body as { warnings: { field: string }[] }).warnings.map(({ field }) => field)).toEqual([
      'match',
      'targets.0',
    ]);
    const shown = await service.call('GET', '/v1/queues/lonely');
    expect(shown).toMatchObject({ status: 200, body: lonely });
    expect(shown.body).not.toHaveProperty('warnings');
  });
});
