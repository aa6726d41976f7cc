import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { freePort } from '@switchboard/launcher';
import { startTestService, type TestService } from '@switchboard/service/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IntakeCommands } from './domain/commands.ts';
import { intake } from './service.ts';

let running: TestService<IntakeCommands>;
let smtpPort: number;
beforeAll(async () => {
  smtpPort = await freePort();
  running = await startTestService(intake, { SMTP_PORT: String(smtpPort), MAIL_LIMIT: '12000000' });
});
afterAll(() => running.stop());

interface Answer {
  readonly status: number;
  readonly body: { caseId: string; contactId: string; code: string; caseCreated: boolean };
}

async function post(mail: string | Buffer, to = 'help@example.com', type = 'message/rfc822'): Promise<Answer> {
  const path = `/v1/channels/email/messages?to=${encodeURIComponent(to)}`;
  return running.call('POST', path, typeof mail === 'string' ? Buffer.from(mail) : mail, { 'content-type': type });
}

const mail = (headers: Record<string, string>, text = 'Hello'): string =>
  [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', text].join('\r\n');
const from = (address: string, id: string, more: Record<string, string> = {}): Record<string, string> => ({
  From: address,
  To: 'help@example.com',
  Subject: 'Invoice',
  'Message-ID': `<${id}>`,
  ...more,
});

describe('a mail by REST', () => {
  test('becomes a contact; the same Message-ID in one mailbox is one, in another mailbox another', async () => {
    const bytes = mail(from('Ann <ann@example.org>', 'm1@x'), 'My invoice is wrong');

    const sent = await Promise.all(Array.from({ length: 20 }, () => post(bytes)));
    const elsewhere = await post(bytes, 'sales@example.com');

    expect(sent.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(sent.map(({ body }) => body.contactId)).size).toBe(1);
    expect(elsewhere.body.contactId).not.toBe(sent[0]?.body.contactId);
    const { body } = await running.call('GET', `/v1/contacts/${sent[0]?.body.contactId ?? ''}`);
    expect(body).toMatchObject({ channel: 'email', contactPoint: 'email:ann@example.org', subject: 'Invoice' });
  });

  test('answers its thread; somebody else who knows the id gets a case of their own', async () => {
    const first = await post(mail(from('bob@example.org', 'm2@x', { Subject: 'A' })));
    await running.call('PATCH', `/v1/cases/${first.body.caseId}`, { reason: 'invoice', product: 'mobile' });
    const other = await post(mail(from('bob@example.org', 'm3@x', { Subject: 'B' })));
    const answer = { 'In-Reply-To': '<m2@x>', References: '<m1@x> <m2@x>', Subject: 'Re: A' };

    const reply = await post(mail(from('bob@example.org', 'm4@x', answer)));
    const stranger = await post(mail(from('eve@example.org', 'm5@x', answer)));

    expect(other.status).toBe(201);
    expect(reply.body).toMatchObject({ caseId: first.body.caseId, caseCreated: false });
    expect(stranger.body.caseCreated).toBe(true);
    const { body } = await running.call('GET', `/v1/cases/${stranger.body.caseId}`);
    expect(body).toMatchObject({ relatedCaseId: first.body.caseId });
  });

  test('that is none is refused with a code that names why', async () => {
    const report = 'multipart/report; report-type=delivery-status; boundary=b';

    const answers = await Promise.all([
      post(mail({ To: 'help@example.com', Subject: 'x' })),
      post(mail(from('mailer-daemon@example.org', 'r@x', { 'Content-Type': report }), '--b\r\n\r\nfailed\r\n--b--')),
      post(mail(from('ann@example.org', 'a@x', { 'Auto-Submitted': 'auto-replied' }))),
      post(Buffer.alloc(12_000_001, 'x')),
      post('{}', 'help@example.com', 'application/json'),
      post(mail(from('ann@example.org', 'b@x')), 'nobody'),
    ]);

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [400, 'no-sender'],
      [400, 'delivery-report'],
      [400, 'auto-reply'],
      [413, 'too-large'],
      [415, 'unsupported-media-type'],
      [400, 'invalid-query'],
    ]);
  });

  test('of 10 MB with hostile bytes comes through, its attachment byte by byte', async () => {
    const file = Buffer.alloc(7_000_000, 'ab\0\xff');
    const headers = from('big@example.org', 'big@x', { 'Content-Type': 'multipart/mixed; boundary=b' });
    const parts = `--b\r\nContent-Type: text/plain\r\n\r\nhe\0llo \ud83d\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="a\0b.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${file.toString('base64')}\r\n--b--`;

    const sent = await post(mail(headers, parts));

    expect(sent.status).toBe(201);
    const { body } = await running.call('GET', `/v1/contacts/${sent.body.contactId}/attachments/0`);
    expect(Buffer.from((body as { content: string }).content, 'base64').equals(file)).toBe(true);
  });
});

describe('a mail by SMTP', () => {
  /** Speaks SMTP, a command at a time; answers the reply to the mail itself. */
  async function deliver(bytes: string, recipient = 'help@example.com'): Promise<string> {
    const socket = createConnection(smtpPort, '127.0.0.1');
    const lines = createInterface(socket)[Symbol.asyncIterator]();
    const reply = async (): Promise<string> => {
      for (;;) {
        const { value } = (await lines.next()) as { value: string };
        if (value[3] === ' ') return value;
      }
    };
    await reply();
    for (const line of ['EHLO test', 'MAIL FROM:<x@example.org>', `RCPT TO:<${recipient}>`, 'DATA']) {
      socket.write(`${line}\r\n`);
      await reply();
    }
    socket.write(`${bytes}\r\n.\r\n`);
    const answer = await reply();
    socket.destroy();
    return answer;
  }

  test('is acknowledged when it is a contact, and refused with its reason when it is none', async () => {
    const accepted = await deliver(mail(from('smtp@example.org', 's1@x'), 'By SMTP'));
    const again = await deliver(mail(from('smtp@example.org', 's1@x'), 'By SMTP'));
    const refused = await deliver(mail(from('smtp@example.org', 's2@x', { 'Auto-Submitted': 'auto-replied' })));

    expect([accepted, again].map((line) => line.slice(0, 3))).toEqual(['250', '250']);
    expect(refused).toMatch(/^554 .*auto-reply/);
    const { body } = await running.call('GET', '/v1/cases?contactPoint=email:smtp@example.org');
    expect((body as { items: object[] }).items).toHaveLength(1);
  });
});
