import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWebhook } from './read-webhook.ts';
import type { WebhookIntent } from './read-webhook.ts';

const metadata = { display_phone_number: '43720000000', phone_number_id: '1122' };
const person = { profile: { name: 'Anna' }, wa_id: '436641234567', user_id: 'AT.17' };
const webhook = (value: unknown, field = 'messages'): unknown => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '1', time: 1_772_438_400, changes: [{ field, value }] }],
});
const withMessages = (...messages: unknown[]): unknown =>
  webhook({ messaging_product: 'whatsapp', metadata, contacts: [person], messages });
const text = { from: '436641234567', id: 'wamid.1', timestamp: '1772438400', type: 'text', text: { body: 'Hello' } };

function intentsOf(body: unknown): readonly WebhookIntent[] {
  const result = readWebhook(body);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.intents;
}

describe('a webhook with messages', () => {
  test('given a text, then it is a contact', () => {
    expect(intentsOf(withMessages(text))).toEqual([
      {
        kind: 'contact',
        contact: {
          channel: 'whatsapp',
          from: { address: '+436641234567', name: 'Anna' },
          to: '1122',
          text: 'Hello',
          externalId: 'wamid.1',
          occurredAt: '2026-03-02T08:00:00.000Z',
          attributes: { messageType: 'text', displayNumber: '43720000000', whatsappUserId: 'AT.17' },
          attachments: undefined,
        },
      },
    ]);
  });

  test('given several messages of several people, then each is a contact of its sender', () => {
    const other = { ...text, id: 'wamid.2', from: '491701234567' };
    const intents = intentsOf(
      webhook({
        metadata,
        contacts: [person, { wa_id: '491701234567', profile: { name: 'Ben' } }],
        messages: [text, other],
      }),
    );
    const senders = intents.map((intent) => (intent.kind === 'contact' ? intent.contact.from : undefined));
    expect(senders).toEqual([
      { address: '+436641234567', name: 'Anna' },
      { address: '+491701234567', name: 'Ben' },
    ]);
  });

  test('given a sender without a number, then the id of the account is the address', () => {
    const { from: _, ...hidden } = text;
    const [intent] = intentsOf(withMessages({ ...hidden, from_user_id: 'AT.17' }));
    expect(intent).toHaveProperty('contact.from.address', 'handle:whatsapp:AT.17');
  });

  test('given a kind that nobody knows, then it is a contact all the same', () => {
    const [intent] = intentsOf(withMessages({ ...text, type: 'hologram', text: undefined }));
    expect(intent).toHaveProperty('contact.text', '[hologram]');
  });

  test('given an edit, a revocation and a system notice, then they are notes', () => {
    const edited = { original_message_id: 'wamid.1', message: { type: 'text', text: { body: 'Hello!' } } };
    const intents = intentsOf(
      withMessages(
        { ...text, id: 'wamid.2', type: 'edit', edit: edited },
        { ...text, id: 'wamid.3', type: 'revoke', revoke: { original_message_id: 'wamid.1' } },
        { ...text, id: 'wamid.4', type: 'system', system: { type: 'user_changed_number', wa_id: '43664999' } },
      ),
    );
    const naturalKey = '["whatsapp","1122","wamid.1"]';
    expect(intents).toMatchObject([
      { kind: 'note', note: { kind: 'edited', changes: { naturalKey, kind: 'edited', text: 'Hello!' } } },
      { kind: 'note', note: { kind: 'revoked', changes: { naturalKey, kind: 'revoked', text: '' } } },
      { kind: 'note', note: { kind: 'user_changed_number', contactPoint: 'phone:+436641234567' } },
    ]);
  });
});

describe('what is no message', () => {
  const status = { id: 'wamid.9', status: 'delivered', timestamp: '1772438400', recipient_id: '436641234567' };

  test('given a status, then it is a note by its own word, and the same one when it comes again', () => {
    const [first] = intentsOf(webhook({ metadata, statuses: [status] }));
    const [again] = intentsOf(webhook({ metadata, statuses: [{ ...status }] }));
    const [read] = intentsOf(webhook({ metadata, statuses: [{ ...status, status: 'read' }] }));
    expect(first).toMatchObject({
      note: { kind: 'delivered', externalId: 'wamid.9', contactPoint: 'phone:+436641234567' },
    });
    expect(again).toEqual(first);
    expect(read).not.toHaveProperty('note.id', first?.kind === 'note' ? first.note.id : '');
  });

  test('given a field that nobody knows, then all of it is a note', () => {
    const [intent] = intentsOf(webhook({ news: [1] }, 'weather_update'));
    expect(intent).toMatchObject({
      note: { kind: 'weather_update', data: { news: [1] }, at: '2026-03-02T08:00:00.000Z' },
    });
  });

  test('given texts that no database holds, then they are cleaned', () => {
    const [intent] = intentsOf(webhook({ metadata, statuses: [{ ...status, 'a\0': 'b\0\ud83d' }] }));
    expect(intent).toHaveProperty('note.data', { ...status, a: 'b\ufffd' });
  });
});

describe('what cannot be understood', () => {
  test.each([
    ['no object', 7, ''],
    ['another object', { object: 'page', entry: [] }, 'object'],
    ['no entries', { object: 'whatsapp_business_account', entry: 1 }, 'entry'],
    ['an entry without changes', { object: 'whatsapp_business_account', entry: [{}] }, 'entry.0.changes'],
  ])('given %s, then it is refused, naming the field', (_name, body, field) => {
    expect(readWebhook(body)).toMatchObject({ ok: false, errors: [{ field }] });
  });

  test.each([
    ['no id', withMessages({ ...text, id: undefined }), 'entry.0.changes.0.value.messages.0.id'],
    ['no sender', withMessages(text, { ...text, from: '' }), 'entry.0.changes.0.value.messages.1.from'],
    ['a sender that is none', withMessages({ ...text, from: '<PHONE>' }), 'entry.0.changes.0.value.messages.0.from'],
    [
      'an id without end',
      withMessages({ ...text, id: 'x'.repeat(501) }),
      'entry.0.changes.0.value.messages.0.externalId',
    ],
    ['an item that is no object', withMessages('hello'), 'entry.0.changes.0.value.messages.0'],
    ['a value that is none', webhook([]), 'entry.0.changes.0.value'],
  ])('given %s, then it is recorded, and the problem names the place', (_name, body, field) => {
    const result = readWebhook(body);
    expect(result).toMatchObject({ ok: true, problems: [{ field }] });
    expect(intentsOf(body).some((intent) => intent.kind === 'note' && intent.note.kind === 'malformed')).toBe(true);
  });

  test('given something nested without end, then it is cut', () => {
    const nested = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as unknown;
    expect(intentsOf(webhook({ metadata, statuses: [{ status: 'sent', nested }] }))).toHaveLength(1);
  });

  test('given any JSON at any place, then it is answered', () => {
    const part = fc.jsonValue({ maxDepth: 4 });
    const message = fc.record({
      id: part,
      from: part,
      type: fc.constantFrom('text', 'image', 'interactive', 'order', 'edit', 'system', 'contacts'),
    });
    const noise = fc.record({
      text: part,
      image: part,
      interactive: part,
      order: part,
      edit: part,
      contacts: part,
      errors: part,
    });
    const bodies = fc.oneof(
      part,
      fc.array(part).map((items) => withMessages(...items)),
      fc.array(fc.tuple(message, noise)).map((items) => withMessages(...items.map(([a, b]) => ({ ...b, ...a })))),
      fc
        .record({ statuses: part, calls: part, message_echoes: part, user_preferences: part, errors: part })
        .map((value) => webhook(value)),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        const result = readWebhook(body);
        if (result.ok) expect(result.problems.every(({ reason }) => reason.length > 0)).toBe(true);
        else expect(result.errors).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
