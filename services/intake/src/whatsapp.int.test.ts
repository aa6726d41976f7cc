import { createHmac } from 'node:crypto';
import { startTestService, type TestAnswer, type TestService } from '@switchboard/service/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IntakeCommands } from './domain/commands.ts';
import { intake } from './service.ts';

const SECRET = 'an-app-secret';
const PATH = '/v1/channels/whatsapp/webhook';

let running: TestService<IntakeCommands>;
beforeAll(async () => {
  running = await startTestService(intake, { WHATSAPP_VERIFY_TOKEN: 'verify-me', WHATSAPP_APP_SECRET: SECRET });
});
afterAll(() => running.stop());

const sign = (bytes: Buffer): string => `sha256=${createHmac('sha256', SECRET).update(bytes).digest('hex')}`;
function post(bytes: Buffer, signature: string = sign(bytes)): Promise<TestAnswer> {
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
  return running.call('POST', PATH, bytes, headers);
}
const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

function webhook(...messages: object[]): object {
  const metadata = { display_phone_number: '15550001111', phone_number_id: '42' };
  const value = { messaging_product: 'whatsapp', metadata, messages };
  return { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] };
}
const message = (id: string, text: string, from = '4915112345678'): object => ({
  from,
  id,
  timestamp: '1764000000',
  type: 'text',
  text: { body: text },
});

async function count(table: string): Promise<number> {
  const [row] = await running.service.database.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return row?.n ?? 0;
}

describe('the handshake', () => {
  test('echoes the challenge to whoever knows the token, and nobody else', async () => {
    const ask = (token: string): Promise<Response> =>
      fetch(`${running.service.url()}${PATH}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`);

    const known = await ask('verify-me');

    expect([known.status, await known.text()]).toEqual([200, '1158201444']);
    expect((await ask('guess')).status).toBe(403);
  });
});

describe('a webhook', () => {
  test('with a missing or wrong signature, or one over other bytes, is refused and nothing is stored', async () => {
    const bytes = bytesOf(webhook(message('w-none', 'x')));
    const before = await count('contact');

    const refused = await Promise.all([
      post(bytes, ''),
      post(bytes, 'sha256=00'),
      post(bytes, sign(Buffer.from('{}'))),
    ]);

    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401]);
    for (const { headers } of refused) expect(headers.get('www-authenticate')).toBe('X-Hub-Signature-256');
    expect(await count('contact')).toBe(before);
  });

  test('carries several messages, of which each becomes a contact of its sender', async () => {
    const bytes = bytesOf(webhook(message('w1', 'one'), message('w2', 'two'), message('w3', 'three', '15551234567')));

    expect(await post(bytes)).toMatchObject({ status: 200, body: { contacts: 3, notes: 0 } });

    const { body } = await running.call('GET', '/v1/cases?contactPoint=phone:%2B4915112345678');
    expect((body as { items: object[] }).items).toMatchObject([{ channel: 'whatsapp' }]);
  });

  test('is signed over its bytes: escapes and blanks as they came', async () => {
    const text = JSON.stringify(webhook(message('w-escape', 'Zürich'))).replace('ü', '\\u00fc');

    expect(await post(Buffer.from(`  ${text}\n`))).toMatchObject({ status: 200, body: { contacts: 1 } });
  });

  test('an edit changes the text of the contact it names', async () => {
    await post(bytesOf(webhook(message('w-edit', 'befor'))));
    const edit = { from: '4915112345678', id: 'w-edit-2', timestamp: '1764000100', type: 'edit' };
    const changed = {
      ...edit,
      edit: { original_message_id: 'w-edit', message: { type: 'text', text: { body: 'before' } } },
    };
    await post(bytesOf(webhook(changed)));

    const rows = await running.service.database.query<{ text: string }>(
      `select text from contact where external_id = 'w-edit'`,
    );
    expect(rows).toEqual([{ text: 'before' }]);
  });

  test.each([
    ['not JSON', Buffer.from('{'), 400],
    ['not UTF-8', Buffer.from([0x7b, 0xff]), 400],
    ['no webhook', bytesOf({ object: 'page', entry: [] }), 400],
    ['NUL in a text', bytesOf(webhook(message('w-nul', 'a\0b'))), 400],
  ])('that is %s is answered with a problem', async (_what, bytes, status) => {
    const answer = await post(bytes);

    expect(answer).toMatchObject({ status, body: { status } });
  });
});
