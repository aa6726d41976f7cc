/** Every payload in ../shared/data/webhooks/whatsapp-cloud. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listAt, textAt } from './pieces.ts';
import { readWebhook } from './read-webhook.ts';
import type { WebhookIntent } from './read-webhook.ts';

const FOLDER = new URL('../../../../../../shared/data/webhooks/whatsapp-cloud/', import.meta.url);
if (!existsSync(FOLDER))
  throw new Error('../shared/data/webhooks/whatsapp-cloud is absent: its payloads cannot be read');

const payloads = readdirSync(FOLDER).flatMap((file) => {
  const named = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Record<string, unknown>;
  return Object.entries(named).map(([name, body]) => [`${file} ${name}`, body] as const);
});

const valuesOf = (body: unknown): readonly unknown[] =>
  listAt(body, 'entry').flatMap((entry) =>
    listAt(entry, 'changes').map((change) => (change as { value: unknown }).value),
  );
const messagesOf = (body: unknown): readonly unknown[] => valuesOf(body).flatMap((value) => listAt(value, 'messages'));
const becomesContact = (message: unknown): boolean => !['edit', 'revoke', 'system'].includes(textAt(message, 'type'));

function intentsOf(body: unknown): readonly WebhookIntent[] {
  const result = readWebhook(body);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  expect(result.problems).toEqual([]);
  return result.intents;
}

describe('with ../shared/data/webhooks/whatsapp-cloud', () => {
  test('given all, then there are 74 payloads with 36 messages, 32 of them contacts', () => {
    const messages = payloads.flatMap(([, body]) => messagesOf(body));
    expect(payloads).toHaveLength(74);
    expect(messages).toHaveLength(36);
    expect(messages.filter(becomesContact)).toHaveLength(32);
  });

  test.each(payloads)('given %s, then its messages are contacts, and all else is noted', (_name, body) => {
    const intents = intentsOf(body);
    const contacts = intents.flatMap((intent) => (intent.kind === 'contact' ? [intent.contact] : []));
    const expected = messagesOf(body).filter(becomesContact);
    expect(intents.length).toBeGreaterThan(0);
    expect(contacts.map(({ externalId }) => externalId)).toEqual(expected.map((message) => textAt(message, 'id')));
    for (const { channel, from, to, text } of contacts) {
      expect({ channel, address: from.address, to }).toEqual({
        channel: 'whatsapp',
        address: '+972987654321',
        to: expect.stringMatching(/^\d+$/) as string,
      });
      expect(text).toMatch(/\S/);
    }
    expect(intentsOf(structuredClone(body))).toEqual(intents);
  });
});
