/** A mail as a contact, or why it is none. */
import { createHash } from 'node:crypto';
import { normaliseAddress, type ContactReceived } from '@switchboard/contracts';
import type { AttachedFile, MailThread } from '../../domain/commands.ts';
import { trackingCodeInSubject } from '../../domain/tracking-code.ts';
import { parseMail } from './parse-mail.ts';
import type { Mail } from './parse-mail.ts';
import { caseOfReplyAddress } from './reply-address.ts';

/** Why a mail becomes no contact. */
export type MailRefusal =
  /** Nobody says they sent it. */
  | 'no-sender'
  /** The sender's address is none. */
  | 'invalid-sender'
  /** A mail system tells what became of another mail. */
  | 'delivery-report'
  /** A mail program tells that a mail was read. */
  | 'read-receipt'
  /** Nobody wrote it: out of office, received, and the like. */
  | 'auto-reply'
  /** It was sent by the mailbox that receives it. */
  | 'own-mail'
  | 'too-large'
  /** Its head has no end within reason. */
  | 'unreadable';

export interface MailToRead {
  readonly raw: Buffer;
  /** The mailbox it came to; absent: the first one that the mail itself names. */
  readonly mailbox?: string | undefined;
  /** Trusts reply addresses signed with it. */
  readonly replySecret?: string | undefined;
  /** Bytes. */
  readonly limit: number;
}

/** A mail that becomes a contact. */
export interface AcceptedMail {
  /** The first attachments of the contact are the files, in order; their URLs are still to be given. */
  readonly contact: ContactReceived;
  readonly files: readonly AttachedFile[];
  readonly thread: MailThread;
}

export type ReadMail =
  AcceptedMail | { readonly refused: MailRefusal; readonly reason: string; readonly messageId?: string | undefined };

const MAX_SUBJECT = 1_000;
const MAX_TEXT = 100_000;
const MAX_MESSAGE_ID = 500;
const MAX_ANSWERS = 50;

function reportOf(mail: Mail): readonly [MailRefusal, string] | undefined {
  const { value, params } = mail.contentType ?? { value: '', params: {} };
  if (value === 'multipart/report') {
    const kind = (params['report-type'] ?? 'delivery-status').toLowerCase();
    if (kind === 'disposition-notification') return ['read-receipt', 'it tells that a mail was read'];
    return ['delivery-report', `it is a report (${kind})`];
  }
  if (mail.header('x-failed-recipients') !== undefined) return ['delivery-report', 'it names failed recipients'];
  const sender = mail.from?.address.toLowerCase() ?? '';
  return sender.startsWith('mailer-daemon@') ? ['delivery-report', 'it comes from a mail system'] : undefined;
}

/** RFC 3834 and the headers that programs used before it. Mails that a program writes of itself (forms) are welcome. */
function autoReplyOf(mail: Mail): readonly [MailRefusal, string] | undefined {
  const submitted = mail.header('auto-submitted')?.toLowerCase() ?? '';
  if (submitted.startsWith('auto-replied')) return ['auto-reply', 'Auto-Submitted says that nobody wrote it'];
  if (mail.header('precedence')?.toLowerCase() === 'auto_reply') return ['auto-reply', 'Precedence says auto_reply'];
  const old = ['x-autoreply', 'x-autorespond'].find((name) => mail.header(name) !== undefined);
  return old === undefined ? undefined : ['auto-reply', `it carries the header ${old}`];
}

const withoutTag = (address: string): string => address.toLowerCase().replace(/\+[^@]*(?=@)/, '');

function refusalOf(mail: Mail, mailbox: string): readonly [MailRefusal, string] | undefined {
  const automatic = reportOf(mail) ?? autoReplyOf(mail);
  if (automatic !== undefined) return automatic;
  if (mail.from === undefined) return ['no-sender', 'neither From nor Sender names an address'];
  const sender = normaliseAddress({ channel: 'email', address: mail.from.address });
  if ('error' in sender) return ['invalid-sender', `the sender's address ${sender.error.reason}`];
  const own = withoutTag(sender.contactPoint) === `email:${withoutTag(mailbox)}`;
  return own ? ['own-mail', 'it was sent by the mailbox that receives it'] : undefined;
}

const fingerprintOf = (raw: Buffer): string => `sha256:${createHash('sha256').update(raw).digest('hex')}`;

/** A mail without an id of its own, or with an absurd one, is known by its bytes. */
const identify = (mail: Mail, raw: Buffer): string =>
  mail.messageId === '' || mail.messageId.length > MAX_MESSAGE_ID ? fingerprintOf(raw) : mail.messageId;

/** In-Reply-To first, then References from the newest on. */
function threadOf(mail: Mail, to: string, own: string, replyCaseId: string | undefined): MailThread {
  const ids = new Set([...mail.inReplyTo, ...mail.references.toReversed()].slice(0, MAX_ANSWERS));
  ids.delete(own);
  const key = (id: string): string => `${to} ${id}`;
  return { answers: [...ids].map(key), own: key(own), replyCaseId, trackingCode: trackingCodeInSubject(mail.subject) };
}

/** The case that an address of ours among the recipients leads to. */
function caseAddressed(recipients: readonly string[], secret: string | undefined): string | undefined {
  if (secret === undefined) return undefined;
  for (const address of recipients) {
    const caseId = caseOfReplyAddress(address, secret);
    if (caseId !== undefined) return caseId;
  }
  return undefined;
}

/** A text too long for a contact is cut there, and goes along whole. */
function filesOf(mail: Mail): readonly AttachedFile[] {
  const whole = { name: 'message.txt', contentType: 'text/plain; charset=utf-8', content: Buffer.from(mail.text) };
  const files = mail.text.length > MAX_TEXT ? [...mail.files, whole] : mail.files;
  return files.map(({ name, contentType, content }) => ({ name, contentType, content: content.toString('base64') }));
}

const cut = (text: string, length: number): string => text.slice(0, length).toWellFormed();
const present = (text: string): string | undefined => (text === '' ? undefined : text);

const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2101, 0, 1);

function instantOf(date: Date | undefined): string | undefined {
  const time = date?.getTime() ?? NaN;
  return time >= EARLIEST && time < LATEST ? date?.toISOString() : undefined;
}

function contactOf(mail: Mail, to: string, externalId: string, files: readonly AttachedFile[]): ContactReceived {
  return {
    channel: 'email',
    from: { address: mail.from?.address ?? '', name: present(cut(mail.from?.name ?? '', 200)) },
    to,
    subject: present(cut(mail.subject, MAX_SUBJECT)),
    text: present(cut(mail.text, MAX_TEXT)),
    language: present(cut(mail.header('content-language') ?? '', 35)),
    externalId,
    occurredAt: instantOf(mail.date),
    attachments: files.map(({ name, contentType }) => ({ name, contentType, url: '' })),
  };
}

/** Reads a mail by the rules of the channel; never throws for what a stranger sent. */
export async function readMail({ raw, mailbox: given, replySecret, limit }: MailToRead): Promise<ReadMail> {
  if (raw.length > limit) {
    return { refused: 'too-large', reason: `has ${String(raw.length)} bytes, at most ${String(limit)} are accepted` };
  }
  const mail = await parseMail(raw);
  if (mail === undefined) return { refused: 'unreadable', reason: 'its head is larger than 128 KB' };
  const mailbox = cut((given ?? mail.recipients[0] ?? '').trim().toLowerCase(), 320);
  const externalId = identify(mail, raw);
  const refusal = refusalOf(mail, mailbox);
  if (refusal !== undefined) return { refused: refusal[0], reason: refusal[1], messageId: externalId };
  // What came to a reply address came to the mailbox it belongs to.
  const to = caseAddressed([mailbox], replySecret) === undefined ? mailbox : withoutTag(mailbox);
  const replyCaseId = caseAddressed([mailbox, ...mail.recipients], replySecret);
  const files = filesOf(mail);
  const contact = contactOf(mail, to, externalId, files);
  return { contact, files, thread: threadOf(mail, to, externalId, replyCaseId) };
}
