/**
 * How one record is written and read, in place of kafkajs's own two functions. Those make an encoder for each header
 * and copy the headers so far for each further one; a CloudEvent has a dozen of them, and a quarter of a service's time
 * went there. Importing this file puts these two where kafkajs looks, so it has to come before kafkajs itself.
 *
 * The format is Kafka's record of magic 2: length, attributes, timestamp delta, offset delta, key, value, headers, all
 * lengths and deltas as zigzag varints.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

type Text = Buffer | string | null | undefined;
type HeaderValue = Text | readonly Text[];

export interface RecordToEncode {
  readonly offsetDelta?: number;
  /** ms after the first record of its batch. */
  readonly timestampDelta?: number;
  readonly key?: Text;
  readonly value?: Text;
  readonly headers?: Readonly<Record<string, HeaderValue>> | undefined;
}

/** What kafkajs takes for an encoder: `buf` is looked at, `buffer` is written. */
export interface EncodedBytes {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

export interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly maxTimestamp?: string;
  readonly timestampType?: number;
  readonly magicByte?: number;
  readonly isControlBatch?: boolean;
}

export interface DecodedRecord {
  readonly magicByte: number | undefined;
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Text already, unlike kafkajs's; a name that comes again has a list. */
  readonly headers: Record<string, HeaderValue>;
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
}

/** The record with its length before it. */
export function encodeRecord(record: RecordToEncode): EncodedBytes {
  const { offsetDelta = 0, timestampDelta = 0, key, value } = record;
  const headers = listOf(record.headers ?? {});
  let size = 1 + varintSize(timestampDelta) + varintSize(offsetDelta) + textSize(key) + textSize(value);
  size += varintSize(headers.length);
  for (const [name, text] of headers) size += textSize(name) + textSize(text);
  const bytes = Buffer.allocUnsafe(varintSize(size) + size);
  let at = writeVarint(bytes, 0, size);
  // No attribute is in use.
  bytes[at] = 0;
  at = writeVarint(bytes, at + 1, timestampDelta);
  at = writeVarint(bytes, at, offsetDelta);
  at = writeText(bytes, at, key);
  at = writeText(bytes, at, value);
  at = writeVarint(bytes, at, headers.length);
  for (const [name, text] of headers) at = writeText(bytes, writeText(bytes, at, name), text);
  return { buf: bytes, buffer: bytes };
}

/** @param decoder stands at the beginning of one record, after its length */
export function decodeRecord(decoder: { readonly buffer: Buffer; offset: number }, batch: BatchContext): DecodedRecord {
  const { buffer } = decoder;
  const cursor: Cursor = { buffer, at: decoder.offset + 1 };
  const attributes = buffer.readInt8(decoder.offset);
  const timestampDelta = readVarint(cursor);
  const offsetDelta = readVarint(cursor);
  const key = readBytes(cursor);
  const value = readBytes(cursor);
  const headers = readHeaders(cursor);
  decoder.offset = cursor.at;
  return {
    magicByte: batch.magicByte,
    attributes,
    timestamp: timestampOf(batch, timestampDelta),
    offset: String(Number(batch.firstOffset) + offsetDelta),
    key,
    value,
    headers,
    isControlRecord: batch.isControlBatch === true,
    batchContext: batch,
  };
}

/** The broker's clock counts for the whole batch where the topic says so. */
const LOG_APPEND_TIME = 1;

function timestampOf(batch: BatchContext, delta: number): string {
  const { timestampType, maxTimestamp } = batch;
  if (timestampType === LOG_APPEND_TIME && maxTimestamp !== undefined && maxTimestamp !== '') return maxTimestamp;
  return String(Number(batch.firstTimestamp) + delta);
}

function listOf(headers: Readonly<Record<string, HeaderValue>>): (readonly [string, Text])[] {
  const list: (readonly [string, Text])[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (isList(value)) for (const one of value) list.push([name, one]);
    else list.push([name, value]);
  }
  return list;
}

const isList = (value: HeaderValue): value is readonly Text[] => Array.isArray(value);

/** Signed to unsigned with the sign last; beyond 32 bits numbers are not shifted but multiplied. */
const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

function varintSize(value: number): number {
  let size = 1;
  for (let rest = zigzag(value); rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Answers the place behind it, as all writers here. */
function writeVarint(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = zigzag(value);
  while (rest >= 0x80) {
    bytes[at] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
    at += 1;
  }
  bytes[at] = rest;
  return at + 1;
}

const byteLength = (text: Buffer | string): number =>
  typeof text === 'string' ? Buffer.byteLength(text) : text.length;

/** Nothing at all has the length -1. */
function textSize(text: Text): number {
  if (text === null || text === undefined) return 1;
  const length = byteLength(text);
  return varintSize(length) + length;
}

function writeText(bytes: Buffer, start: number, text: Text): number {
  if (text === null || text === undefined) return writeVarint(bytes, start, -1);
  const length = byteLength(text);
  const at = writeVarint(bytes, start, length);
  if (typeof text === 'string') bytes.write(text, at, length);
  else text.copy(bytes, at);
  return at + length;
}

interface Cursor {
  readonly buffer: Buffer;
  at: number;
}

function readVarint(cursor: Cursor): number {
  const { buffer } = cursor;
  let value = 0;
  let factor = 1;
  for (;;) {
    const byte = buffer[cursor.at];
    if (byte === undefined) throw new RangeError('a record ends in the middle of a number');
    cursor.at += 1;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) break;
    factor *= 0x80;
  }
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function readBytes(cursor: Cursor): Buffer | null {
  const length = readVarint(cursor);
  if (length < 0) return null;
  const start = cursor.at;
  cursor.at += length;
  return cursor.buffer.subarray(start, cursor.at);
}

function readText(cursor: Cursor): string | null {
  const length = readVarint(cursor);
  if (length < 0) return null;
  const start = cursor.at;
  cursor.at += length;
  return cursor.buffer.toString('utf8', start, cursor.at);
}

function readHeaders(cursor: Cursor): Record<string, HeaderValue> {
  const headers: Record<string, HeaderValue> = {};
  const count = readVarint(cursor);
  for (let index = 0; index < count; index += 1) {
    const name = readText(cursor) ?? '';
    const value = readText(cursor);
    if (!Object.hasOwn(headers, name)) set(headers, name, value);
    else {
      const before = headers[name];
      set(headers, name, isList(before) ? [...before, value] : [before, value]);
    }
  }
  return headers;
}

/** A stranger may name a header `__proto__`. */
function set(headers: Record<string, HeaderValue>, name: string, value: HeaderValue): void {
  if (name !== '__proto__') headers[name] = value;
  else Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true });
}

const paths = {
  encode: require.resolve('kafkajs/src/protocol/recordBatch/record/v0/index.js'),
  decode: require.resolve('kafkajs/src/protocol/recordBatch/record/v0/decoder.js'),
};

/** kafkajs's own two, to compare with. */
export const original = {
  encode: require(paths.encode) as (record: RecordToEncode) => EncodedBytes,
  decode: require(paths.decode) as typeof decodeRecord,
};

/** They are loaded by now; kafkajs, loaded later, gets what their modules export by then. */
function replace(path: string, exports: unknown): void {
  const loaded = require.cache[path];
  if (loaded === undefined) throw new Error(`${path} is not where kafkajs looks for it`);
  loaded.exports = exports;
}

replace(paths.encode, encodeRecord);
replace(paths.decode, decodeRecord);
