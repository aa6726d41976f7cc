import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { startTestService, type TestAnswer, type TestService } from '@switchboard/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IntakeCommands } from './domain/commands.ts';
import { intake } from './service.ts';

const FOLDER = new URL('../../../../shared/data/webhooks/whatsapp-cloud/', import.meta.url);
const SECRET = 'an-app-secret';

let running: TestService<IntakeCommands>;
beforeAll(async () => {
  running = await startTestService(intake, { WHATSAPP_APP_SECRET: SECRET });
});
afterAll(() => running.stop());

function post(bytes: Buffer): Promise<TestAnswer> {
  const signature = `sha256=${createHmac('sha256', SECRET).update(bytes).digest('hex')}`;
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
  return running.call('POST', '/v1/channels/whatsapp/webhook', bytes, headers);
}

async function count(table: string): Promise<number> {
  const [row] = await running.service.database.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return row?.n ?? 0;
}

test('every payload of ../shared/data/webhooks, each posted 50 times in parallel, counts once', async () => {
  const payloads = readdirSync(FOLDER).flatMap((file) =>
    Object.values(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Record<string, unknown>),
  );
  expect(payloads).toHaveLength(74);
  // The samples share ids across different messages: each payload gets its own.
  const own = payloads.map((body, n) => JSON.stringify(body).replaceAll(/"(wamid\.[^"]*)"/g, `"$1-${String(n)}"`));
  const [contacts, notes] = [await count('contact'), await count('provider_note')];
  let expected = 0;
  for (const text of own) {
    const first = await post(Buffer.from(text));
    expect(first.status).toBe(200);
    expected += (first.body as { contacts: number }).contacts;
  }
  const after = [await count('contact'), await count('provider_note'), await count('"case"')];

  for (const text of own) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(Buffer.from(text))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  }

  expect([await count('contact'), await count('provider_note'), await count('"case"')]).toEqual(after);
  expect(after[0]).toBe(contacts + expected);
  expect(expected).toBe(32);
  expect(after[1]).toBeGreaterThan(notes);
}, 120_000);
