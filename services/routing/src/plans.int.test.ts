import { AGENT_TOKEN, startTestService } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RoutingCommands } from './domain/commands.ts';
import { routing } from './service.ts';
import { createClerk } from './testing/desk-clerk.ts';
import type { Clerk } from './testing/desk-clerk.ts';
import { caseOpened, caseStatusChanged } from './testing/foreign-events.ts';

let service: TestService<RoutingCommands>;
let clerk: Clerk;

beforeAll(async () => {
  service = await startTestService(routing);
  clerk = createClerk(service);
  await service.say(caseOpened('accident'));
  await eventually(async () => {
    expect(await clerk.itemsOf('accident')).toHaveLength(1);
  });
});
afterAll(() => service.stop());

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly left: readonly string[];
  readonly steps: readonly { readonly id: string; readonly status: string; readonly work?: { readonly id: string } }[];
}

const post = (path: string, body?: object) => service.call('POST', path, body);
const planOf = async (id: string) => (await service.call('GET', `/v1/plans/${id}`)).body as Shown;

it('given a template, then its steps go to the agents whose team and skills they ask for, and the plan tells what is left', async () => {
  const steps = [
    { id: 'tow', team: 'road', words: { en: 'We tow your car.' }, dueIn: 'PT1H' },
    { id: 'inspect', after: ['tow'], requirements: 'agent.skills["cars"] >= 3' },
    { id: 'part', kind: 'event', event: 'part-arrived', after: ['inspect'], when: 'steps.inspect.status == "done"' },
  ];
  const template = { name: 'Accident', steps };
  expect(await service.call('PUT', '/v1/plan-templates/accident', template)).toMatchObject({ status: 201 });
  expect(await service.call('PUT', '/v1/plan-templates/accident', template)).toMatchObject({ status: 200 });
  await clerk.agent('expert', { skills: { cars: 4 }, team: 'garage' });
  const own = await clerk.offer('expert', 'accident');
  await clerk.act(own.id, 'accept');
  const begun = await post('/v1/plans', { caseId: 'accident', templateId: 'accident' });
  expect(begun).toMatchObject({ status: 201, body: { status: 'running', left: ['tow', 'inspect', 'part'] } });
  const { id } = begun.body as Shown;
  await clerk.agent('rudi', { team: 'road' });
  const towing = await clerk.offer('rudi', 'accident');
  await clerk.act(towing.id, 'accept');
  expect(await service.call('GET', '/v1/plans?team=road&agentId=rudi')).toMatchObject({ body: { items: [{ id }] } });
  expect(await planOf(id)).toMatchObject({
    steps: [{ work: { status: 'assigned', agentId: 'rudi' }, overdue: false }, {}, {}],
  });
  await clerk.act(towing.id, 'complete');
  // In the same transaction.
  expect((await planOf(id)).left).toEqual(['inspect', 'part']);
  const inspection = await eventually(async () => {
    const open = (await clerk.reservationsOf('expert')).find(({ id: one }) => one !== own.id);
    expect(open).toBeDefined();
    return open;
  });
  expect(await clerk.reservationsOf('rudi')).toEqual([]);
  await clerk.act(inspection?.id ?? '', 'accept');
  const done = await post(`/v1/plans/${id}/steps/inspect/complete`, { result: { damage: 900 } });
  expect(done).toMatchObject({
    status: 200,
    body: { left: ['part'], steps: [{}, { status: 'done' }, { status: 'active' }] },
  });
  const arrived = { name: 'part-arrived', externalId: 'box-1' };
  expect(await post(`/v1/plans/${id}/events`, arrived)).toMatchObject({ body: { status: 'completed', left: [] } });
  expect(await post(`/v1/plans/${id}/events`, arrived)).toMatchObject({ status: 200, body: { status: 'completed' } });
  expect(await clerk.itemsOf('accident')).toMatchObject([
    { status: 'assigned' },
    { status: 'completed', planStep: { planId: id, stepId: 'tow', attempt: 1 }, kind: 'plan-step' },
    { status: 'completed', planStep: { stepId: 'inspect' } },
  ]);
  await eventually(() => {
    const said = service.heard.filter(({ subject }) => subject === id);
    expect(said.map(({ sequence }) => sequence)).toEqual(said.map((_, n) => n + 1));
    expect(said.at(-1)).toMatchObject({ type: 'switchboard.routing.v1.PlanStatusChanged' });
  });
  expect(await service.call('GET', '/v1/plans?status=completed&templateId=accident&caseId=accident')).toMatchObject({
    body: { items: [{ id }] },
  });
});

it('given an ad-hoc plan, then delays and retries are timed, and cancel leaves nothing open', async () => {
  const steps = [
    { id: 'pause', kind: 'delay', delay: 'PT1H' },
    { id: 'call', after: ['pause'], team: 'nobody', retry: { attempts: 2, after: 'PT5M' } },
  ];
  const { body } = await post('/v1/plans', { caseId: 'accident', name: 'by hand', steps });
  const { id } = body as Shown;
  await service.moveClock(3601);
  await eventually(async () => {
    expect(await planOf(id)).toMatchObject({ steps: [{ status: 'done' }, { status: 'active', attempt: 1 }] });
  });
  await post(`/v1/plans/${id}/steps/call/fail`, { reason: 'nobody there' });
  expect(await planOf(id)).toMatchObject({ steps: [{}, { status: 'retrying', reason: 'nobody there' }] });
  expect(await post(`/v1/plans/${id}/steps/call/retry`)).toMatchObject({ status: 200 });
  expect(await post(`/v1/plans/${id}/cancel`, { reason: 'called already' })).toMatchObject({
    status: 200,
    body: { status: 'canceled', reason: 'called already', left: [] },
  });
  expect(await post(`/v1/plans/${id}/cancel`)).toMatchObject({ status: 200 });
  expect(await post(`/v1/plans/${id}/steps/call/skip`)).toMatchObject({ status: 409 });
  const open = (await clerk.itemsOf('accident')).filter(
    ({ status }) => status !== 'completed' && status !== 'canceled',
  );
  expect(open).toHaveLength(1);
  await service.moveClock(0);
});

it('given a callback, then it is offered in its window alone, to its owner, at the old place, and again after its gap', async () => {
  await Promise.all(['rudi', 'expert'].map((agent) => clerk.presence(agent, 'offline')));
  await service.say(caseOpened('back'));
  const own = await clerk.item('back', { status: 'pending' });
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const windows = [{ from: inHours(1), to: inHours(3) }];
  const asked = await post('/v1/callbacks', { caseId: 'back', windows, agentId: 'rudi', attempts: 2 });
  expect(asked).toMatchObject({
    status: 201,
    body: { status: 'scheduled', nextAt: windows[0]?.from, arrivedAt: own.enqueuedAt, to: 'phone:+43back' },
  });
  const { id } = asked.body as { id: string };
  expect(await clerk.itemsOf('back')).toMatchObject([
    { status: 'canceled' },
    { status: 'pending', kind: 'callback', callbackId: id, enqueuedAt: own.enqueuedAt },
  ]);
  await clerk.presence('rudi', 'available');
  await clerk.agent('other');
  // What comes later goes first: the callback waits for its window.
  await service.say(caseOpened('later'));
  await eventually(async () => {
    expect(await clerk.itemsOf('later')).toMatchObject([{ status: 'reserved' }]);
  });
  expect(await clerk.itemsOf('back')).toMatchObject([{}, { status: 'pending' }]);
  await service.say(caseStatusChanged('later', 2, 'closed'));
  await service.moveClock(3700);
  const offer = await clerk.offer('rudi', 'back');
  await clerk.act(offer.id, 'accept');
  expect(await service.call('GET', `/v1/callbacks/${id}`)).toMatchObject({ body: { status: 'calling' } });
  expect(await post(`/v1/callbacks/${id}/attempts`, { outcome: 'no-answer' })).toMatchObject({
    status: 200,
    body: { status: 'scheduled', attemptsLeft: 1, attempts: [{ outcome: 'no-answer', agentId: 'rudi' }] },
  });
  expect(await service.call('GET', '/v1/callbacks?agentId=rudi&caseId=back')).toMatchObject({
    body: { items: [{ id }] },
  });
  expect(await post(`/v1/callbacks/${id}/cancel`)).toMatchObject({ body: { status: 'canceled', reason: 'canceled' } });
  const overlap = [...windows, ...windows];
  expect(await post('/v1/callbacks', { caseId: 'back', windows: overlap })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'windows.1.from' }] },
  });
  await service.moveClock(0);
});

it('given what is wrong, then nothing is begun, and the answer names the field', async () => {
  const circle = [
    { id: 'a', after: ['b'] },
    { id: 'b', after: ['a'] },
  ];
  expect(await post('/v1/plans', { caseId: 'accident', steps: circle })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'steps.1.after', reason: expect.stringContaining('circle') as unknown }] },
  });
  const bad = { name: 'x', steps: [{ id: 'a', when: 'steps.nobody.status ==' }] };
  expect(await service.call('PUT', '/v1/plan-templates/bad', bad)).toMatchObject({ status: 400 });
  const queue = { name: 'x', steps: [{ id: 'a', queueId: 'nowhere' }] };
  expect(await service.call('PUT', '/v1/plan-templates/bad', queue)).toMatchObject({
    status: 404,
    body: { errors: [{ field: 'steps.0.queueId' }] },
  });
  expect(await post('/v1/plans', { caseId: 'accident' })).toMatchObject({ status: 400 });
  expect(await post('/v1/plans', { caseId: 'accident', templateId: 'none' })).toMatchObject({ status: 404 });
  expect(await post('/v1/plans', { caseId: 'none', steps: [{ id: 'a' }] })).toMatchObject({ status: 404 });
  expect(await post('/v1/plans/none/cancel')).toMatchObject({ status: 404 });
  expect(await service.call('GET', '/v1/plans/none')).toMatchObject({ status: 404 });
  const asAgent = { authorization: `Bearer ${AGENT_TOKEN}` };
  expect(await service.call('GET', '/v1/plans', undefined, asAgent)).toMatchObject({
    status: 200,
    body: { items: [] },
  });
});
