import { describe, expect, test } from 'vitest';
import { newTrackingCode } from '../../domain/tracking-code.ts';
import { readMail } from './read-mail.ts';
import type { AcceptedMail, ReadMail } from './read-mail.ts';
import { replyAddress } from './reply-address.ts';

const LIMIT = 26_214_400;
const SECRET = 'a secret of sixteen letters';
const CASE = '0192f0c1-7b6a-7c3d-9e8f-001122334455';

const mail = (headers: readonly string[], body = 'Hello'): Buffer =>
  Buffer.from([...headers, '', body].join('\r\n'), 'utf8');
const plain = [
  'From: Anna <anna@example.com>',
  'To: support@shop.example',
  'Subject: Question',
  'Message-ID: <1@example.com>',
];

const read = (raw: Buffer, mailbox: string | undefined = 'support@shop.example'): Promise<ReadMail> =>
  readMail({ raw, mailbox, limit: LIMIT, replySecret: SECRET });

async function accepted(raw: Buffer, mailbox?: string): Promise<AcceptedMail> {
  const result = await read(raw, mailbox);
  if ('refused' in result) throw new Error(`${result.refused}: ${result.reason}`);
  return result;
}

describe('a mail that somebody wrote', () => {
  test('given sender, subject and text, then they are the contact', async () => {
    const { contact, files, thread } = await accepted(
      mail([...plain, 'Date: Mon, 02 Mar 2026 09:00:00 +0100', 'Content-Language: de-AT']),
    );
    expect(contact).toEqual({
      channel: 'email',
      from: { address: 'anna@example.com', name: 'Anna' },
      to: 'support@shop.example',
      subject: 'Question',
      text: 'Hello',
      language: 'de-AT',
      externalId: '<1@example.com>',
      occurredAt: '2026-03-02T08:00:00.000Z',
      attachments: [],
    });
    expect(files).toEqual([]);
    expect(thread).toEqual({
      answers: [],
      own: 'support@shop.example <1@example.com>',
      replyCaseId: undefined,
      trackingCode: undefined,
    });
  });

  test('given HTML alone, then its text is read', async () => {
    const html = '<style>p{}</style><p>Good <b>day</b></p><a href="https://shop.example/x">our offer</a><img src="x">';
    const { contact } = await accepted(mail([...plain, 'Content-Type: text/html; charset=utf-8'], html));
    expect(contact.text).toBe('Good day\n\nour offer [https://shop.example/x]');
  });

  test('given an attachment, then its bytes come along, whatever they are', async () => {
    const content = Buffer.from([0, 255, 13, 10, 0, 10]);
    const parts = [
      '--b',
      '',
      'See there',
      '--b',
      'Content-Type: application/pdf; name="=?utf-8?q?Angebot_=E2=82=AC.pdf?="',
    ];
    const body = [...parts, 'Content-Transfer-Encoding: base64', '', content.toString('base64'), '--b--', ''].join(
      '\r\n',
    );
    const { contact, files } = await accepted(mail([...plain, 'Content-Type: multipart/mixed; boundary=b'], body));
    expect(contact.text).toBe('See there');
    expect(contact.attachments).toEqual([{ name: 'Angebot €.pdf', contentType: 'application/pdf', url: '' }]);
    expect(files).toEqual([
      { name: 'Angebot €.pdf', contentType: 'application/pdf', content: content.toString('base64') },
    ]);
  });

  test('given no Message-ID, then its bytes are its id', async () => {
    const [first, again, other] = await Promise.all([
      accepted(mail(plain.slice(0, 3))),
      accepted(mail(plain.slice(0, 3))),
      accepted(mail(plain.slice(0, 3), 'Hello?')),
    ]);
    expect(first.contact.externalId).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(again.contact.externalId).toBe(first.contact.externalId);
    expect(other.contact.externalId).not.toBe(first.contact.externalId);
  });

  test('given no mailbox, then it is the first that the mail names', async () => {
    const raw = mail(['Delivered-To: desk@shop.example', ...plain]);
    const result = await readMail({ raw, limit: LIMIT });
    expect(result).toHaveProperty('contact.to', 'desk@shop.example');
  });

  test('given a date that is none, then there is none', async () => {
    const { contact } = await accepted(mail([...plain, 'Date: yesterday, about noon']));
    expect(contact.occurredAt).toBeUndefined();
  });

  test('given NUL and half characters, then they are left out', async () => {
    const { contact } = await accepted(
      mail([...plain, 'Content-Type: text/plain; charset=utf-16le'], 'a\0\0\0\0\ud83d\0'),
    );
    expect(contact.text).not.toContain('\0');
    expect(contact.text?.isWellFormed()).toBe(true);
  });

  test('given a text longer than a contact holds, then it is cut there and comes along whole', async () => {
    const long = 'All of it. '.repeat(20_000).trim();
    const { contact, files } = await accepted(mail(plain, long));
    expect(contact.text).toHaveLength(100_000);
    expect(files.map(({ name }) => name)).toEqual(['message.txt']);
    expect(Buffer.from(files[0]?.content ?? '', 'base64').toString()).toBe(long);
  });
});

describe('the thread of a mail', () => {
  test('given In-Reply-To and References, then the most telling come first', async () => {
    const { thread } = await accepted(
      mail([...plain, 'In-Reply-To: <c@x>', 'References: <a@x>\r\n <b@x> garbage <c@x> <1@example.com>']),
    );
    expect(thread.answers).toEqual(['<c@x>', '<b@x>', '<a@x>'].map((id) => `support@shop.example ${id}`));
  });

  test('given our signed reply address, then its case, and the mailbox it belongs to', async () => {
    const address = replyAddress('support@shop.example', CASE, SECRET);
    const direct = await accepted(mail(plain), address.toUpperCase());
    expect(direct.thread).toMatchObject({ replyCaseId: CASE, own: 'support@shop.example <1@example.com>' });
    expect(direct.contact.to).toBe('support@shop.example');
    const copied = await accepted(mail([...plain, `Cc: Us <${address}>`]));
    expect(copied.thread.replyCaseId).toBe(CASE);
    const forged = await accepted(mail(plain), address.replace(/\+./, '+z'));
    expect(forged.thread.replyCaseId).toBeUndefined();
  });

  test('given a tracking code in the subject, then it is found', async () => {
    const code = newTrackingCode(new Uint8Array(8).fill(5));
    const { thread } = await accepted(mail([...plain.slice(0, 2), `Subject: AW: Your case [#${code}]`]));
    expect(thread.trackingCode).toBe(code);
  });
});

describe('a mail that is refused', () => {
  const report = (type: string): string => `Content-Type: multipart/report; report-type=${type}; boundary=b`;
  test.each([
    ['no sender', ['To: support@shop.example'], 'no-sender'],
    ['a sender that is none', ['From: Anna <anna at home>'], 'invalid-sender'],
    ['a sender with no domain', ['From: anna@'], 'invalid-sender'],
    ['a delivery report', [...plain, report('delivery-status')], 'delivery-report'],
    ['failed recipients', [...plain, 'X-Failed-Recipients: x@y.example'], 'delivery-report'],
    ['a mail system', ['From: MAILER-DAEMON@example.com'], 'delivery-report'],
    ['a read receipt', [...plain, report('disposition-notification')], 'read-receipt'],
    ['an absence note', [...plain, 'Auto-Submitted: auto-replied (vacation)'], 'auto-reply'],
    ['an absence note of old', [...plain, 'X-Autoreply: yes'], 'auto-reply'],
    ['our own mail', ['From: Support <Support+x@shop.example>'], 'own-mail'],
    ['a head without end', [...plain, `X-Y: ${'y'.repeat(200_000)}`], 'unreadable'],
  ])('given %s, then the code says so', async (_name, headers, code) => {
    expect(await read(mail(headers))).toMatchObject({ refused: code, reason: expect.any(String) as string });
  });

  test('given a form that a program filled in, then it is welcome', async () => {
    const { contact } = await accepted(mail([...plain, 'Auto-Submitted: auto-generated', 'Precedence: bulk']));
    expect(contact.subject).toBe('Question');
  });

  test('given more bytes than the limit, then it is refused; given 10 MB within it, then it is read', async () => {
    const big = mail(plain, 'A line of seventy characters, more or less, again and again.\r\n'.repeat(170_000));
    expect(big.length).toBeGreaterThan(10_000_000);
    expect(await readMail({ raw: big, limit: 1_000_000 })).toMatchObject({ refused: 'too-large' });
    const { contact } = await accepted(big);
    expect(contact.text).toHaveLength(100_000);
  }, 30_000);
});

describe('a mail that means harm', () => {
  const html = ['Content-Type: text/html'];
  const nested = Array.from(
    { length: 3_000 },
    (_, i) => `--b${String(i)}\r\nContent-Type: multipart/mixed; boundary=b${String(i + 1)}\r\n`,
  );
  test.each([
    ['groups in groups of recipients', [`To: ${'g: '.repeat(40_000)}`], ''],
    ['thousands of recipients', [`Cc: ${'a@b.example, '.repeat(9_000)}c@d.example`], ''],
    ['brackets without end', [`References: ${'<'.repeat(100_000)}`, `Subject: ${'[#'.repeat(10_000)}`], ''],
    ['parts in parts', ['Content-Type: multipart/mixed; boundary=b0'], nested.join('\r\n')],
    [
      'very many parts',
      ['Content-Type: multipart/mixed; boundary=b'],
      '--b\r\nContent-Type: image/png\r\n\r\nx\r\n'.repeat(20_000),
    ],
    ['elements in elements', html, '<div>'.repeat(30_000)],
    ['tags that never close', html, '<a b="'.repeat(500_000)],
    ['comments that never close', html, '<!--'.repeat(40_000)],
    ['nothing but noise', [], '\0\xff\r\n--\r\n'.repeat(1_000)],
  ])(
    'given %s, then it is answered within seconds',
    async (_name, headers, body) => {
      const start = performance.now();
      const result = await read(mail([...plain, ...headers], body));
      expect('contact' in result).toBe(true);
      expect(performance.now() - start).toBeLessThan(10_000);
    },
    30_000,
  );

  test('given nothing at all, then there is no sender', async () => {
    expect(await read(Buffer.alloc(0))).toMatchObject({ refused: 'no-sender' });
  });
});
