/** Every mail in ../shared/data/emails, next to what an independent parser reads in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { readMail } from './read-mail.ts';
import type { AcceptedMail } from './read-mail.ts';

const FOLDER = new URL('../../../../../../shared/data/emails/', import.meta.url);

const REFUSED: Readonly<Record<string, string>> = {
  'bad_encoded_subject.eml': 'no-sender',
  'example13.eml': 'no-sender',
  'mailparser-mixed.eml': 'no-sender',
  'mailparser-delivery-status.eml': 'delivery-report',
  'multi_address_bounce2.eml': 'delivery-report',
  'report_422.eml': 'delivery-report',
};
/** They do not say, or lie about, how their letters beyond ASCII are encoded: every parser guesses differently. */
const GUESSED = new Set(['attachment_pdf_non_ascii.eml', 'raw_email6.eml', 'raw_email8.eml', 'raw_email10.eml']);

if (!existsSync(FOLDER)) throw new Error('../shared/data/emails is absent: its 59 mails cannot be read');
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.eml'));

const words = (text: string | undefined, name: string): string => {
  const known = GUESSED.has(name) ? (text ?? '').replace(/\S*[^\p{ASCII}]\S*/gu, '') : (text ?? '');
  return known.replace(/\s+/g, ' ').trim();
};
/** The independent parser ends every line with LF alone. */
const lines = (content: Uint8Array): string =>
  Buffer.from(content).toString('latin1').replaceAll('\r\n', '\n').trimEnd();

async function accepted(name: string): Promise<AcceptedMail> {
  const raw = readFileSync(new URL(name, FOLDER));
  const result = await readMail({ raw, mailbox: `${name.toLowerCase()}@shop.example`, limit: 26_214_400 });
  if ('refused' in result) throw new Error(`${name}: ${result.refused}`);
  return result;
}

describe('with ../shared/data/emails', () => {
  test('given all 59, then at least 50 become contacts', () => {
    expect(names).toHaveLength(59);
    expect(names.length - Object.keys(REFUSED).length).toBeGreaterThanOrEqual(50);
  });

  test.each(Object.entries(REFUSED))('given %s, then it is refused: %s', async (name, code) => {
    const raw = readFileSync(new URL(name, FOLDER));
    expect(await readMail({ raw, mailbox: 'desk@shop.example', limit: 26_214_400 })).toMatchObject({ refused: code });
  });

  test.each(names.filter((name) => !Object.hasOwn(REFUSED, name)))(
    'given %s, then both parsers agree',
    async (name) => {
      const { contact, files } = await accepted(name);
      const other = await PostalMime.parse(readFileSync(new URL(name, FOLDER)), { forceRfc822Attachments: true });
      expect(contact.from.address).toBe(other.from?.address);
      expect(words(contact.subject, name)).toBe(words(other.subject, name));
      if (other.text?.trim()) expect(words(contact.text, name)).toBe(words(other.text, name));
      if (other.html?.trim() && !other.text?.trim()) expect(contact.text).toMatch(/\w/);
      const attached = other.attachments.filter(({ mimeType }) => mimeType !== 'text/watch-html');
      expect(files).toHaveLength(attached.length);
      for (const [index, { filename, mimeType, content }] of attached.entries()) {
        const file = files[index];
        if (filename && !GUESSED.has(name)) expect(file?.name).toBe(filename);
        expect(file?.contentType).toBe(mimeType);
        expect(lines(Buffer.from(file?.content ?? '', 'base64'))).toBe(lines(new Uint8Array(content as ArrayBuffer)));
      }
    },
  );
});
