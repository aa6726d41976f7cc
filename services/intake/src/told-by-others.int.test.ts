/** What other services say of a case, as it shows in the case and on its tracking page. */
import { eventually } from '@switchboard/testing';
import { startTestService, type TestService } from '@switchboard/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IntakeCommands } from './domain/commands.ts';
import { intake } from './service.ts';

let running: TestService<IntakeCommands>;
beforeAll(async () => {
  running = await startTestService(intake);
});
afterAll(() => running.stop());

interface Receipt {
  readonly contactId: string;
  readonly caseId: string;
  readonly trackingCode: string;
}

let numbers = 15_100_000;
/** A sender nobody else in this file is. */
const newSender = (): string => `+49151${String((numbers += 1))}`;

const send = async (body: object): Promise<{ status: number; body: Receipt }> =>
  running.call('POST', '/v1/contacts', body);
const phone = (address: string, more: object = {}): object => ({ channel: 'phone', from: { address }, ...more });
const get = async <T>(path: string): Promise<T> => (await running.call('GET', path)).body;

test('what other services say shows in the case and on its tracking page', async () => {
  const { body } = await send(phone(newSender()));
  const clock = { id: 'clock-1', version: 1, caseId: body.caseId, target: 'firstResponse', status: 'running' };
  const dueAt = '2030-01-01T00:00:00.000Z';

  await running.say({
    type: 'switchboard.sla.v1.ClockStarted',
    subject: 'clock-1',
    data: { clock: { ...clock, dueAt, startedAt: '2026-01-01T00:00:00.000Z' } },
  });

  await eventually(async () => {
    const tracked = await get(`/v1/tracking/${body.trackingCode}`);
    expect(tracked).toMatchObject({ promise: { dueAt } });
  });
});

test('the promise on the tracking page follows its clock, in the words of the case or of whoever asks', async () => {
  const { body } = await send(phone(newSender(), { language: 'pt-PT' }));
  const clock = { id: 'clock-2', caseId: body.caseId, target: 'resolution', startedAt: '2026-01-01T00:00:00.000Z' };
  const dueAt = '2030-01-01T15:00:00.000Z';
  const later = '2030-01-02T15:00:00.000Z';
  const promise = async (query = ''): Promise<Record<string, unknown> | null> =>
    (await get<{ promise: Record<string, unknown> | null }>(`/v1/tracking/${body.trackingCode}${query}`)).promise;
  type Told = 'Started' | 'Paused' | 'Resumed' | 'Rescheduled' | 'Breached' | 'Met';
  let version = 0;
  const tell = async (name: Told, status: string, more: object, shown: object | null): Promise<void> => {
    version += 1;
    const data = { clock: { ...clock, version, status, ...more } };
    await running.say({ type: `switchboard.sla.v1.Clock${name}`, subject: clock.id, data });
    await eventually(async () => {
      if (shown === null) expect(await promise()).toBeNull();
      else expect(await promise()).toMatchObject(shown);
    });
  };

  await tell('Started', 'running', { dueAt }, { state: 'on-time', dueAt, language: 'pt' });
  expect(await promise('?language=ru&timeZone=Europe/Moscow')).toMatchObject({
    text: 'Мы решим ваш вопрос не позднее этого времени: вторник, 1 января 2030 г. в 18:00 GMT+3.',
  });
  await tell('Paused', 'paused', {}, { state: 'waiting' });
  expect((await promise())?.['dueAt']).toBeUndefined();
  await tell('Resumed', 'running', { dueAt }, { state: 'on-time', dueAt });
  await tell('Rescheduled', 'running', { dueAt: later }, { state: 'on-time', dueAt: later });
  await tell('Breached', 'breached', { dueAt: later, breachedAt: later }, { state: 'late', dueAt: later });
  await tell('Met', 'breached', { dueAt: later, breachedAt: later, metAt: '2030-01-03T15:00:00.000Z' }, null);
  for (const query of ['?language=xx', '?timeZone=%2B03:00', '?timeZone=Nowhere']) {
    expect((await running.call('GET', `/v1/tracking/${body.trackingCode}${query}`)).status).toBe(400);
  }
});

test('the steps of a plan stand on the tracking page in plain words, in the language asked for', async () => {
  const { body } = await send(phone(newSender()));
  const startedAt = '2026-01-01T00:00:00.000Z';
  const plan = { id: 'plan-1', version: 1, caseId: body.caseId, startedAt };
  const tow = { id: 'tow', position: 0, startedAt, words: { en: 'We tow your car.', pt: 'Rebocamos o seu carro.' } };
  const check = { id: 'check', position: 1, startedAt, words: {} };
  const mend = { id: 'mend', position: 2, startedAt, words: { en: 'We mend it.' } };
  const steps = [tow, check, mend].map((step) => ({ ...step, status: 'waiting', result: {} }));
  await running.say({ type: 'switchboard.routing.v1.PlanStarted', subject: plan.id, data: { plan, steps } });
  const done = { ...tow, status: 'done', result: {}, endedAt: '2026-01-01T01:00:00.000Z' };
  await running.say({
    type: 'switchboard.routing.v1.PlanStepChanged',
    subject: plan.id,
    data: { plan: { ...plan, version: 2 }, step: done, from: 'active' },
  });
  await eventually(async () => {
    const { steps: told } = await get<{ steps: object[] }>(`/v1/tracking/${body.trackingCode}?language=pt`);
    expect(told.slice(2, -1)).toEqual([
      { name: 'tow', status: 'done', at: '2026-01-01T01:00:00.000Z', text: 'Rebocamos o seu carro.' },
      { name: 'mend', status: 'waiting', text: 'We mend it.' },
    ]);
  });
});

test('how long it takes until somebody has time stands on the tracking page, until somebody has', async () => {
  const { body } = await send(phone(newSender()));
  const item = { id: 'waiting-1', version: 2, caseId: body.caseId };
  const page = (query = '') =>
    get<{ wait: { ahead: number; text: string } | null }>(`/v1/tracking/${body.trackingCode}${query}`);
  expect((await page()).wait).toBeNull();
  const estimate = { medianMs: 600_000, lowMs: 300_000, highMs: 1_500_000, method: 'learned' };
  const told = { workItemId: item.id, caseId: body.caseId, queueId: 'default' };
  await running.say({
    type: 'switchboard.routing.v1.WorkWaitEstimated',
    subject: `${item.id}/wait`,
    data: { ...told, version: 1, ahead: 4, estimate },
  });
  await eventually(async () => {
    const { wait } = await page('?language=pt');
    expect(wait).toMatchObject({
      ahead: 4,
      text: expect.stringMatching(/^Há 4 solicitações antes da sua\./u) as string,
    });
  });
  // Repeated, and late: the newest stays.
  await running.say({
    type: 'switchboard.routing.v1.WorkWaitEstimated',
    subject: `${item.id}/wait`,
    data: { ...told, version: 1, ahead: 9, estimate },
  });
  const at = '2026-01-01T00:00:00.000Z';
  await running.say({
    type: 'switchboard.routing.v1.WorkAccepted',
    subject: item.id,
    data: {
      item: { ...item, enqueuedAt: at },
      reservation: { id: 'r-1', caseId: body.caseId, agentId: 'anna', createdAt: at, expiresAt: at },
    },
  });
  await eventually(async () => {
    expect((await page()).wait).toBeNull();
  });
});

test('whose case it is shows in every answer with the case', async () => {
  const { body } = await send(phone(newSender()));
  const path = `/v1/cases/${body.caseId}`;
  const opened = await running.said('switchboard.intake.v1.CaseOpened', (events) => {
    expect(events.map(({ subject }) => subject)).toContain(body.caseId);
  });
  const { contactId, caseId } = body;
  const told = opened.find(({ subject }) => subject === caseId)?.data;
  if (told === undefined) throw new Error('the case was not announced');

  await running.say({
    type: 'switchboard.customer360.v1.ContactAttributed',
    subject: 'ada',
    data: { ...told, contactId, caseId, customer: { id: 'ada', version: 1 }, profile: {} },
  });

  await eventually(async () => {
    expect(await get(path)).toMatchObject({ customerId: 'ada' });
  });
  expect(await running.call('PATCH', path, { priority: 1 })).toMatchObject({ body: { customerId: 'ada' } });
  expect(await running.call('POST', `${path}/status`, { status: 'pending' })).toMatchObject({
    body: { customerId: 'ada', status: 'pending' },
  });
});

test('whose work was taken away has the case no more; what they were only offered changes nothing', async () => {
  const { caseId } = (await send(phone(newSender()))).body;
  const at = '2026-01-01T00:00:00.000Z';
  const about = (itemId: string, version: number, agentId: string) => ({
    item: { id: itemId, version, caseId, queueId: 'default', status: 'assigned', channel: 'phone', enqueuedAt: at },
    reservation: { id: `r-${String(version)}`, workItemId: itemId, caseId, agentId, createdAt: at, expiresAt: at },
  });
  const accepts = (itemId: string, version: number, agentId: string) =>
    running.say({
      type: 'switchboard.routing.v1.WorkAccepted',
      subject: itemId,
      data: about(itemId, version, agentId),
    });
  const loses = (itemId: string, version: number, agentId: string) =>
    running.say({
      type: 'switchboard.routing.v1.WorkWithdrawn',
      subject: itemId,
      data: { ...about(itemId, version, agentId), reason: 'agent-lost' },
    });
  const whose = async () => (await get<{ readonly agentId?: string }>(`/v1/cases/${caseId}`)).agentId;
  const shows = (agentId: string | undefined) =>
    eventually(async () => {
      expect(await whose()).toBe(agentId);
    });

  const [first, second] = [`first-${caseId}`, `second-${caseId}`];
  await accepts(first, 3, 'anna');
  await shows('anna');
  await loses(first, 4, 'anna');
  await shows(undefined);
  await accepts(first, 6, 'bert');
  await shows('bert');
  // The next work of the case is offered to them and taken back; the one after that another agent takes.
  await loses(second, 3, 'bert');
  await accepts(second, 5, 'cleo');
  await shows('cleo');
  await loses(first, 7, 'bert');
  await loses(second, 6, 'cleo');
  await shows(undefined);
});
