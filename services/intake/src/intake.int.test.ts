import { readFileSync } from 'node:fs';
import { eventually } from '@switchboard/testing';
import { startTestService, type TestService } from '@switchboard/service/testing';
import { assertSchema } from '@switchboard/service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IntakeCommands } from './domain/commands.ts';
import { intake } from './service.ts';
import * as tables from './store/schema.ts';

let running: TestService<IntakeCommands>;
beforeAll(async () => {
  running = await startTestService(intake, { DEFAULT_REGION: 'DE' });
});
afterAll(() => running.stop());

interface Receipt {
  readonly contactId: string;
  readonly caseId: string;
  readonly trackingCode: string;
  readonly caseCreated: boolean;
}

let numbers = 15_100_000;
/** A sender nobody else in this file is. */
const newSender = (): string => `+49151${String((numbers += 1))}`;

const send = async (body: object): Promise<{ status: number; body: Receipt }> =>
  running.call('POST', '/v1/contacts', body);
const phone = (address: string, more: object = {}): object => ({ channel: 'phone', from: { address }, ...more });
const get = async <T>(path: string): Promise<T> => (await running.call('GET', path)).body;

describe('a contact by REST', () => {
  test('opens a case, announces it, and can be looked up by its tracking code without a token', async () => {
    const sender = newSender();

    const sent = await send(phone(sender, { text: 'My car broke down', reason: 'accident-report', priority: 1 }));

    expect(sent.status).toBe(201);
    expect(sent.body.caseCreated).toBe(true);
    const found = await get<object>(`/v1/cases/${sent.body.caseId}`);
    expect(found).toMatchObject({
      status: 'open',
      reason: 'accident-report',
      priority: 1,
      contactPoint: `phone:${sender}`,
    });
    await running.said('switchboard.intake.v1.CaseOpened', (events) => {
      const opened = events.find(({ subject }) => subject === sent.body.caseId);
      expect(opened?.data.contact).toMatchObject({ text: 'My car broke down', contactPoint: `phone:${sender}` });
      expect(opened?.sequence).toBe(1);
    });
    const code = sent.body.trackingCode.toLowerCase().replaceAll('-', '');
    const tracked = await fetch(`${running.service.url()}/v1/tracking/${code}`);
    expect(tracked.status).toBe(200);
    const shown = await tracked.text();
    expect(JSON.parse(shown)).toMatchObject({ trackingCode: sent.body.trackingCode, status: 'open' });
    expect(shown).not.toContain(sender);
  });

  test('twenty first contacts of one sender at the same instant open one case', async () => {
    const sender = newSender();

    const sent = await Promise.all(Array.from({ length: 20 }, (_, n) => send(phone(sender, { text: String(n) }))));

    expect(new Set(sent.map(({ body }) => body.caseId)).size).toBe(1);
    expect(sent.filter(({ body }) => body.caseCreated)).toHaveLength(1);
    expect(new Set(sent.map(({ body }) => body.contactId)).size).toBe(20);
  });

  test('the same external id any number of times in parallel is one contact', async () => {
    const body = phone(newSender(), { externalId: 'call-1', to: 'hotline' });

    const sent = await Promise.all(Array.from({ length: 30 }, () => send(body)));

    expect(sent.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
    expect(new Set(sent.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
  });

  test('the same external id with another content is refused, naming the field', async () => {
    const body = phone(newSender(), { externalId: 'call-2' });
    await send(body);

    const other = await running.call('POST', '/v1/contacts', { ...body, text: 'something else' });

    expect(other).toMatchObject({ status: 409, body: { code: 'conflict', errors: [{ field: 'externalId' }] } });
  });

  test.each([
    [{ channel: 'phone', from: { address: 'hello' } }, 'from.address'],
    [{ channel: 'chat', from: { address: 'anna' } }, 'from.address'],
    [{ channel: 'phone' }, 'from'],
    [{ channel: 'phone', from: { address: '+4915112345678' }, priority: 9 }, 'priority'],
    [{ channel: 'phone', from: { address: '+4915112345678' }, text: 'a\0b' }, 'text'],
    [{ channel: 'phone', from: { address: '+4915112345678' }, text: 'a\ud800b' }, 'text'],
    [{ channel: 'phone', from: { address: '+4915112345678' }, occurredAt: '0001-01-01T00:00:00Z' }, 'occurredAt'],
  ])('that does not fit is refused with the field: %j', async (body, field) => {
    const refused = await running.call('POST', '/v1/contacts', body);

    expect(refused).toMatchObject({ status: 400, body: { status: 400 } });
    expect(JSON.stringify(refused.body)).toContain(`"field":"${field}`);
  });
});

describe('the same matter', () => {
  test('joins the newest open case that agrees, which takes over what it lacked', async () => {
    const sender = newSender();
    const first = await send(phone(sender));

    const second = await send(phone(sender, { product: 'mobile', reason: 'billing' }));
    const other = await send(phone(sender, { product: 'mobile', reason: 'address-change' }));

    expect(second.body).toMatchObject({ caseId: first.body.caseId, caseCreated: false });
    expect(other.body.caseCreated).toBe(true);
    expect(await get(`/v1/cases/${first.body.caseId}`)).toMatchObject({ product: 'mobile', reason: 'billing' });
  });

  test('a complaint joins only a complaint', async () => {
    const sender = newSender();
    const first = await send(phone(sender));

    const complaint = await send(phone(sender, { reason: 'complaint' }));
    const again = await send(phone(sender, { reason: 'complaint' }));

    expect(complaint.body.caseId).not.toBe(first.body.caseId);
    expect(again.body.caseId).toBe(complaint.body.caseId);
  });

  test('a withheld sender is never joined to another', async () => {
    const one = await send(phone('withheld:'));
    const two = await send(phone('withheld:'));

    expect(one.body.caseId).not.toBe(two.body.caseId);
  });

  test('a named case: unknown 404, of somebody else 409, closed: a new, linked one', async () => {
    const sender = newSender();
    const { body } = await send(phone(sender));
    const named = phone(sender, { caseId: body.caseId });

    expect((await send(phone(sender, { caseId: 'nope' }))).status).toBe(404);
    expect((await send(phone(newSender(), { caseId: body.caseId }))).status).toBe(409);
    await running.call('POST', `/v1/cases/${body.caseId}/status`, { status: 'closed' });
    const linked = await send(named);

    expect(linked.body.caseCreated).toBe(true);
    expect(await get(`/v1/cases/${linked.body.caseId}`)).toMatchObject({ relatedCaseId: body.caseId });
  });
});

describe('a case', () => {
  test('is resolved, reopened by a new contact, and its events are contiguous', async () => {
    const sender = newSender();
    const { body } = await send(phone(sender));
    await running.call('PATCH', `/v1/cases/${body.caseId}`, { priority: 2 });
    await running.call('POST', `/v1/cases/${body.caseId}/messages`, {
      author: { kind: 'agent', id: 'anna' },
      text: 'Done.',
      visibility: 'public',
    });
    const resolved = await running.call('POST', `/v1/cases/${body.caseId}/status`, { status: 'resolved' });

    const again = await send(phone(sender, { text: 'Not done!' }));

    expect(resolved).toMatchObject({ status: 200, body: { status: 'resolved' } });
    expect(again.body).toMatchObject({ caseId: body.caseId, caseCreated: false });
    const state = await get<{ version: number }>(`/v1/cases/${body.caseId}`);
    expect(state).toMatchObject({ status: 'open', priority: 2 });
    await eventually(async () => {
      const kinds = ['CaseOpened', 'CaseChanged', 'MessageSent', 'CaseStatusChanged', 'MessageReceived'] as const;
      const events = (await Promise.all(kinds.map((kind) => running.said(`switchboard.intake.v1.${kind}`)))).flat();
      const versions = events.filter(({ subject }) => subject === body.caseId).map(({ sequence }) => sequence);
      expect(versions.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(state.version).toBe(6);
    });
    const messages = await get<{ items: { direction: string; text: string }[] }>(`/v1/cases/${body.caseId}/messages`);
    expect(messages.items.map(({ direction, text }) => [direction, text])).toEqual([
      ['in', ''],
      ['out', 'Done.'],
      ['in', 'Not done!'],
    ]);
  });

  test('closed is final', async () => {
    const { body } = await send(phone(newSender()));
    await running.call('POST', `/v1/cases/${body.caseId}/status`, { status: 'closed' });

    expect(await running.call('POST', `/v1/cases/${body.caseId}/status`, { status: 'open' })).toMatchObject({
      status: 409,
    });
    expect(await running.call('PATCH', `/v1/cases/${body.caseId}`, { priority: 1 })).toMatchObject({ status: 409 });
  });

  test('is found by contact point, also where the caller left the plus unencoded, page by page', async () => {
    const sender = newSender();
    const reasons = ['a', 'b', 'c'];
    for (const reason of reasons) await send(phone(sender, { reason }));
    type Page = { items: { reason: string }[]; nextCursor: string | null };

    const first = await get<Page>(`/v1/cases?contactPoint=phone:${sender}&limit=2`);
    const second = await get<Page>(`/v1/cases?contactPoint=phone:${sender}&limit=2&cursor=${first.nextCursor ?? ''}`);

    expect([...first.items, ...second.items].map(({ reason }) => reason)).toEqual(['c', 'b', 'a']);
    expect(second.nextCursor).toBeNull();
  });

  test('unknown ones are 404', async () => {
    for (const path of ['/v1/cases/nope', '/v1/cases/nope/messages', '/v1/contacts/nope', '/v1/tracking/nope']) {
      expect((await running.call('GET', path)).status).toBe(404);
    }
    expect((await running.call('POST', '/v1/cases/nope/status', { status: 'open' })).status).toBe(404);
    expect((await running.call('PATCH', '/v1/cases/nope', { priority: 1 })).status).toBe(404);
  });
});

describe('a contact by Kafka', () => {
  const contact = (sender: string, text: string): object => ({ channel: 'sms', from: { address: sender }, text });
  async function countContacts(): Promise<number> {
    const [row] = await running.service.database.query<{ n: number }>('select count(*)::int as n from contact');
    return row?.n ?? 0;
  }
  const cases = (sender: string): Promise<{ items: object[] }> =>
    get(`/v1/cases?contactPoint=phone:${encodeURIComponent(sender)}`);

  test('is taken as plain JSON and as a CloudEvent; the same event id is one contact', async () => {
    const sender = newSender();
    const headers = {
      ce_specversion: '1.0',
      ce_id: 'e1',
      ce_source: '/shop',
      ce_type: 'switchboard.contacts.v1.ContactReceived',
    };
    const record = { topic: 'contacts', key: sender, headers, body: contact(sender, 'one') };

    await running.publish(record, record, { ...record, body: contact(sender, 'another body') });
    await running.publish({ topic: 'contacts', key: sender, headers: {}, body: contact(sender, 'plain') });

    await eventually(async () => {
      const { items } = await cases(sender);
      const [only] = items as { id: string }[];
      expect(items).toHaveLength(1);
      const messages = await get<{ items: { text: string }[] }>(`/v1/cases/${only?.id ?? ''}/messages`);
      expect(messages.items.map(({ text }) => text)).toEqual(['one', 'plain']);
    });
  });

  test('is taken as a structured CloudEvent and as protobuf of a foreign library', async () => {
    const sender = newSender();
    const type = 'switchboard.contacts.v1.ContactReceived';
    const event = { specversion: '1.0', id: 's1', source: '/shop', type, data: contact(sender, 'structured') };
    const headers = { 'content-type': 'application/cloudevents+json' };
    const golden = new URL('../../../packages/contracts/golden/foreign/contacts.ContactReceived.bin', import.meta.url);
    const binary = { ce_specversion: '1.0', ce_id: 'p1', ce_source: '/python', ce_type: type };
    const before = await countContacts();

    await running.publish({ topic: 'contacts', key: sender, headers, body: event });
    await running.publish({
      topic: 'contacts',
      key: 'python',
      headers: { ...binary, 'content-type': 'application/protobuf' },
      body: readFileSync(golden),
    });

    await eventually(async () => {
      expect(await countContacts()).toBe(before + 2);
      expect((await cases(sender)).items).toHaveLength(1);
    });
  });

  test('that does not fit becomes a dead letter with the field, and disturbs nobody', async () => {
    const sender = newSender();
    const bad = { channel: 'chat', from: { address: 'anna' } };

    await running.publish(
      { topic: 'contacts', key: 'x', headers: {}, body: bad },
      { topic: 'contacts', key: 'x', headers: {}, body: { channel: 'sms' } },
      { topic: 'contacts', key: 'x', headers: {}, body: contact(sender, 'good') },
    );

    await eventually(async () => {
      expect((await cases(sender)).items).toHaveLength(1);
      const letters = await get<{ items: { error: string }[] }>('/v1/intake/dead-letters');
      expect(letters.items.map(({ error }) => error).join()).toContain('from.address');
      expect(letters.items.length).toBeGreaterThanOrEqual(2);
    });
  });
});

test('a status that no case has is not asked for', async () => {
  expect(await running.call('GET', '/v1/cases?status=done')).toMatchObject({ status: 400 });
});

test('the migrations make the tables the code knows', async () => {
  await assertSchema(running.service.database, Object.values(tables));
});
