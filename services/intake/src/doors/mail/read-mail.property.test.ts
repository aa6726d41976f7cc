/** Mails as nobody should write them: each becomes a contact that can be kept, or is refused for a reason. */
import { contactReceived, isSafeText, normaliseAddress } from '@switchboard/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMail } from './read-mail.ts';

const odd = fc.oneof(
  fc.constantFrom(
    '\0',
    '<',
    '>',
    '@',
    ':',
    ';',
    '"',
    '\\',
    '=?utf-8?B?AAAA?=',
    '=?utf-8?Q?=00=ED=A0=80?=',
    '=?x?y?z?=',
    '\t',
    ' ',
  ),
  fc.constantFrom(
    'a',
    'a@b.example',
    '<a@b.example>',
    '<a\0b@c>',
    '[#0000-0000-00000]',
    'é',
    '😀',
    '😀'.repeat(200),
    'x'.repeat(400),
  ),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const value = fc.array(odd, { maxLength: 5 }).map((all) => all.join('').replaceAll(/[\r\n]/g, ''));
const header = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        ...['From', 'Sender', 'To', 'Cc', 'Delivered-To', 'Subject', 'Message-ID', 'In-Reply-To', 'References', 'Date'],
        ...['Content-Language', 'Content-Type', 'Content-Transfer-Encoding', 'Auto-Submitted', 'X-\0', ''],
      ),
      value,
    )
    .map(([name, text]) => `${name}: ${text}`),
  fc.constantFrom(
    'Date: Mon, 99 Feb 2026 25:00:00 +9999',
    'Content-Type: text/html; charset=x',
    'Content-Type: multipart/mixed',
  ),
);
const part = fc
  .tuple(value, value, value)
  .map(([name, type, body]) =>
    [
      '--B',
      `Content-Type: application/${type}; x=y`,
      `Content-Disposition: attachment; filename="${name}"`,
      '',
      body,
    ].join('\r\n'),
  );
const sound = ['From: Anna <anna@example.com>', 'To: support@shop.example'];
const mail = fc
  .record({
    first: fc.constantFrom(sound, sound, sound.slice(1)),
    headers: fc.array(header, { maxLength: 5 }),
    parts: fc.array(part, { maxLength: 2 }),
    body: fc.oneof(value, fc.constantFrom('<p>a<a href="x">\0</a>', '<', '<b>'.repeat(300))),
  })
  .map(({ first, headers, parts, body }) => {
    const head = [...first, ...headers, ...(parts.length === 0 ? [] : ['Content-Type: multipart/mixed; boundary=B'])];
    return Buffer.from([...head, '', ...(parts.length === 0 ? [body] : [...parts, '--B--'])].join('\r\n'));
  });

function textsIn(given: unknown): string[] {
  if (typeof given === 'string') return [given];
  if (typeof given !== 'object' || given === null) return [];
  return Object.entries(given).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

test('given any mail, then it is refused for a reason, or a contact within the bounds of all contacts, with nothing no table can hold', async () => {
  await fc.assert(
    fc.asyncProperty(mail, fc.constantFrom('support@shop.example', undefined), async (raw, mailbox) => {
      const read = await readMail({ raw, mailbox, replySecret: 'a secret of sixteen letters', limit: 1_000_000 });
      if ('refused' in read) {
        expect(read.reason).not.toBe('');
        return;
      }
      const { contact, files, thread } = read;
      expect(textsIn([contact, files, thread]).filter((text) => !isSafeText(text))).toEqual([]);
      expect(contactReceived.safeParse({ ...contact, attachments: [] }).error).toBeUndefined();
      expect(normaliseAddress({ channel: 'email', address: contact.from.address })).toHaveProperty('contactPoint');
      expect(contact.attachments).toHaveLength(files.length);
      for (const { name } of files) expect(name.length).toBeLessThanOrEqual(255);
      const again = await readMail({ raw, mailbox, replySecret: 'a secret of sixteen letters', limit: 1_000_000 });
      expect(again).toEqual(read);
    }),
    { numRuns: 120 },
  );
});
