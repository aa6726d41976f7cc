/**
 * A mail's bytes as what the house needs to know of it; the only file that knows the parser. mailparser was chosen
 * over postal-mime because it gives attachments byte by byte; where it reads less well, its answer is mended here.
 */
import { simpleParser } from 'mailparser';
import type { Attachment, EmailAddress, ParsedMail, StructuredHeader } from 'mailparser';
import { textOfHtml } from './html-text.ts';

export interface MailAddress {
  readonly address: string;
  readonly name: string;
}

export interface MailFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

export interface Mail {
  /** The first address of `From`, or of `Sender`. */
  readonly from: MailAddress | undefined;
  /** Everybody it says it was sent or delivered to. */
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** With angle brackets; '' when there is none. */
  readonly messageId: string;
  /** With angle brackets, as they stand. */
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  readonly date: Date | undefined;
  readonly files: readonly MailFile[];
  readonly contentType: StructuredHeader | undefined;
  /** The first header of that name, unfolded, not decoded. */
  header(name: string): string | undefined;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Raw UTF-8 in a header is read as Latin-1 by the parser. */
function mendUtf8(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\x00-\xff]/.test(text)) return text;
  try {
    return UTF8.decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

/** What PostgreSQL cannot hold has no place in a text: NUL and halves of characters. */
const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();

const addressesOf = (value: ParsedMail['to'] | ParsedMail['from']): EmailAddress[] =>
  [value ?? []].flat().flatMap((list) => list.value.flatMap((entry) => [entry, ...(entry.group ?? [])]));

/** Of two subjects the first counts, as everywhere else; the parser keeps the last. */
async function subjectOf(parsed: ParsedMail): Promise<string> {
  const lines = parsed.headerLines.filter(({ key }) => key === 'subject');
  const only = lines.length > 1 ? await simpleParser(`${lines[0]?.line ?? ''}\r\n\r\n`) : parsed;
  return clean(only.subject ?? '').trim();
}

const messageIds = (text: string | undefined): readonly string[] => text?.match(/<[^<>\s][^<>]{0,996}>/g) ?? [];

const EXTENSIONS: Readonly<Record<string, string>> = { 'message/rfc822': '.eml', 'text/calendar': '.ics' };

function toFile(attachment: Attachment, index: number): MailFile {
  const declared = attachment.headers.get('content-type') as StructuredHeader | undefined;
  // The parser guesses another type from the name where a mail says octet-stream.
  const contentType = declared?.value.toLowerCase() ?? attachment.contentType;
  const fallback = `attachment-${String(index + 1)}${EXTENSIONS[contentType] ?? ''}`;
  const name = clean(mendUtf8(attachment.filename ?? ''))
    .replace(/[\r\n\t]+/g, ' ')
    .trim();
  return {
    // Cut, it may begin with half a character.
    name: name === '' ? fallback : clean(name.slice(-255)),
    contentType: clean(contentType),
    content: attachment.content,
  };
}

/** The parser gives the present moment for a date it cannot read. */
function dateOf(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function textOf(parsed: ParsedMail, contentType: StructuredHeader | undefined): string {
  const text = contentType?.value === 'text/html' ? '' : clean(parsed.text ?? '').trim();
  return text !== '' || typeof parsed.html !== 'string' ? text : clean(textOfHtml(parsed.html)).trim();
}

/** Further versions of the text itself, for watches and for mail programs that run scripts: nobody attached them. */
const OTHER_VERSIONS = new Set(['text/watch-html', 'text/x-amp-html']);

const isAttached = ({ filename, contentType }: Attachment): boolean =>
  filename !== undefined || !OTHER_VERSIONS.has(contentType.toLowerCase());

/** Addresses are read in quadratic time: a head of this size, some thousand recipients, takes a moment at most. */
const MAX_HEAD = 128 * 1024;

const OPTIONS = {
  skipImageLinks: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  maxHtmlLengthToParse: 200_000,
  maxHeadSize: MAX_HEAD,
};

/** HTML that the parser gives up on costs only its own conversion, not the mail. */
async function parse(raw: Buffer): Promise<ParsedMail> {
  try {
    return await simpleParser(raw, OPTIONS);
  } catch {
    return await simpleParser(raw, { ...OPTIONS, skipHtmlToText: true });
  }
}

async function toMail(parsed: ParsedMail): Promise<Mail> {
  const headers = new Map<string, string>();
  for (const { key, line } of parsed.headerLines) {
    const value = line.slice(line.indexOf(':') + 1).replace(/\r?\n[ \t]*/g, ' ');
    if (!headers.has(key)) headers.set(key, clean(mendUtf8(value.trim())));
  }
  const sender = addressesOf(parsed.from)[0] ?? addressesOf(parsed.headers.get('sender') as ParsedMail['from'])[0];
  const contentType = parsed.headers.get('content-type') as StructuredHeader | undefined;
  const delivered = ['delivered-to', 'x-original-to', 'envelope-to'].map((name) => headers.get(name) ?? '');
  const named = [...addressesOf(parsed.to), ...addressesOf(parsed.cc)].map(({ address }) => address ?? '');
  return {
    from:
      sender?.address === undefined || sender.address === ''
        ? undefined
        : { address: sender.address, name: clean(sender.name) },
    recipients: [...delivered, ...named].map(clean).filter((address) => address !== ''),
    subject: await subjectOf(parsed),
    text: textOf(parsed, contentType),
    messageId: messageIds(headers.get('message-id'))[0] ?? clean(headers.get('message-id') ?? ''),
    inReplyTo: messageIds(headers.get('in-reply-to')),
    references: messageIds(headers.get('references')),
    date: dateOf(headers.get('date')),
    files: parsed.attachments.filter(isAttached).map(toFile),
    contentType,
    header: (name) => headers.get(name),
  };
}

/** Length of the head: up to the first empty line. */
function headLength(raw: Buffer): number {
  const ends = [raw.indexOf('\r\n\r\n'), raw.indexOf('\n\n')].filter((end) => end !== -1);
  return ends.length === 0 ? raw.length : Math.min(...ends);
}

/**
 * Reads a mail. What is broken in it is read as well as can be; `undefined` only when its head is no head, but
 * somebody's attempt to keep us busy.
 */
export async function parseMail(raw: Buffer): Promise<Mail | undefined> {
  if (headLength(raw) > MAX_HEAD) return undefined;
  return await toMail(await parse(raw));
}
