/** CloudEvents 1.0 over Kafka: binary and structured mode, and the bare records of the two public topics. */
import { isUtf8 } from 'node:buffer';
import { Malformed } from './malformed.ts';
import { isSafeText } from './safe-text.ts';

const names = ['id', 'source', 'subject', 'sequence', 'time', 'correlationid', 'causationid', 'traceparent'] as const;
type AttributeName = (typeof names)[number];
/** Attribute -> its place in a record's headers. The tracing extension travels without the prefix as well. */
const headerNames = [...names.map((name) => [name, `ce_${name}`] as const), ['traceparent', 'traceparent'] as const];
const memberNames = names.map((name) => [name, name] as const);

/** The data before its type is looked at. */
export type Body =
  | { readonly format: 'json'; readonly value: unknown }
  | { readonly format: 'text'; readonly bytes: Buffer }
  | { readonly format: 'protobuf'; readonly bytes: Uint8Array };

/** A record's attributes and its data. */
export interface CloudEvent {
  readonly type: string;
  readonly attributes: Readonly<Partial<Record<AttributeName, string>>>;
  readonly body: Body;
  /** The record had no CloudEvents attributes; its topic tells the type. */
  readonly bare: boolean;
}

interface RecordLike {
  readonly topic: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

const bareTypes = new Map([
  ['contacts', 'switchboard.contacts.v1.ContactReceived'],
  ['activities', 'switchboard.activities.v1.ActivityRecorded'],
]);

/** Separates attributes and data, whatever the mode. @throws Malformed */
export function readCloudEvent(record: RecordLike): CloudEvent {
  const { value, headers } = record;
  if (value === null) throw new Malformed('no-value', 'the record has no value');
  const contentType = mediaType(headers['content-type'] ?? headers['Content-Type']);
  if (contentType === 'application/cloudevents+json') return structured(parseJson(value));
  if (Object.keys(headers).some((name) => name.startsWith('ce_'))) return binary(headers, bodyOf(contentType, value));
  const bareType = bareTypes.get(record.topic.slice(record.topic.lastIndexOf('.') + 1));
  if (bareType === undefined) throw new Malformed('missing-attribute', 'ce_type is missing');
  return bare(bareType, headers, bodyOf(contentType, value));
}

/** Parses bytes as UTF-8 JSON. @throws Malformed */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new Malformed('not-utf8', 'the value is not UTF-8');
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw new Malformed('not-json', error instanceof Error ? error.message : 'the value is not JSON');
  }
}

function binary(headers: RecordLike['headers'], body: Body): CloudEvent {
  checkVersion(headers['ce_specversion']);
  return {
    type: typeOf(headers['ce_type']),
    attributes: attributesFrom(headers, headerNames),
    body,
    bare: false,
  };
}

function bare(type: string, headers: RecordLike['headers'], body: Body): CloudEvent {
  const attributes =
    headers['traceparent'] === undefined ? {} : { traceparent: textOf(headers['traceparent'], 'traceparent') };
  if (body.format !== 'text') return { type, attributes, body, bare: true };
  const value = parseJson(body.bytes);
  // A structured event whose producer could not set headers.
  if (isObject(value) && typeof value['specversion'] === 'string') return structured(value);
  return { type, attributes, body: { format: 'json', value }, bare: true };
}

function structured(event: unknown): CloudEvent {
  if (!isObject(event)) throw new Malformed('not-json', 'a structured CloudEvent is a JSON object');
  checkVersion(event['specversion']);
  return {
    type: typeOf(event['type']),
    attributes: attributesFrom(event, memberNames),
    body: structuredBody(event),
    bare: false,
  };
}

function structuredBody(event: Record<string, unknown>): Body {
  const contentType = event['datacontenttype'];
  const encoded = event['data_base64'];
  if (encoded === undefined) {
    if (bodyOf(typeof contentType === 'string' ? mediaType(contentType) : '', nothing).format === 'protobuf') {
      throw new Malformed('invalid-data', 'data_base64 is missing');
    }
    return { format: 'json', value: event['data'] };
  }
  if (typeof encoded !== 'string') throw new Malformed('invalid-data', 'data_base64 is not a string');
  return bodyOf(typeof contentType === 'string' ? mediaType(contentType) : '', Buffer.from(encoded, 'base64'));
}

const nothing = Buffer.alloc(0);

function bodyOf(contentType: string, bytes: Buffer): Body {
  if (contentType === 'application/protobuf' || contentType === 'application/x-protobuf')
    return { format: 'protobuf', bytes };
  if (
    contentType === '' ||
    contentType === 'application/json' ||
    contentType.endsWith('+json') ||
    contentType.startsWith('text/')
  ) {
    return { format: 'text', bytes };
  }
  throw new Malformed('unknown-content-type', `content type ${contentType} is not read`);
}

function mediaType(header: string | undefined): string {
  if (header === undefined) return '';
  const end = header.indexOf(';');
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
}

function attributesFrom(
  from: Readonly<Record<string, unknown>>,
  places: readonly (readonly [AttributeName, string])[],
): CloudEvent['attributes'] {
  const found: Partial<Record<AttributeName, string>> = {};
  for (const [name, place] of places) {
    const value = from[place];
    if (value !== undefined && value !== null) found[name] = textOf(value, place);
  }
  return found;
}

function typeOf(value: unknown): string {
  if (value === undefined || value === null) throw new Malformed('missing-attribute', 'ce_type is missing');
  return textOf(value, 'ce_type');
}

function checkVersion(value: unknown): void {
  if (value === undefined || value === null) throw new Malformed('missing-attribute', 'ce_specversion is missing');
  if (value !== '1.0') throw new Malformed('invalid-attribute', 'ce_specversion is not 1.0');
}

function textOf(value: unknown, name: string): string {
  // A structured event's extension may be a number.
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') throw new Malformed('invalid-attribute', `${name} is not a string`);
  if (text.length > 1000) throw new Malformed('invalid-attribute', `${name} is longer than 1000 characters`);
  if (!isSafeText(text)) throw new Malformed('invalid-attribute', `${name} contains NUL or unpaired surrogates`);
  return text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
