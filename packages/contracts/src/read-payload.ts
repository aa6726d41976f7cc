/** Payloads of our own events as plain JSON objects with every default filled in. */
import { fromBinary, fromJson, toJson } from '@bufbuild/protobuf';
import type { DescMessage, JsonValue } from '@bufbuild/protobuf';
import { Malformed } from './malformed.ts';
import { messageReader } from './payload-reader.ts';

const readers = new Map<DescMessage, ReturnType<typeof messageReader>>();

/** A payload from parsed JSON. @throws Malformed, naming the field */
export function readJson(schema: DescMessage, value: unknown): unknown {
  const read = readerOf(schema);
  try {
    return read(value);
  } catch (error) {
    // Rare spellings that protobuf allows too, numbers in quotes for example, are left to the library.
    const plain = throughLibrary(schema, value);
    if (plain === undefined) throw error;
    return read(plain);
  }
}

/** A payload from protobuf's binary form. @throws Malformed, naming the field */
export function readBinary(schema: DescMessage, bytes: Uint8Array): unknown {
  return readerOf(schema)(jsonFromBinary(schema, bytes));
}

/** Protobuf's binary form as JSON, absent fields left out. @throws Malformed */
export function jsonFromBinary(schema: DescMessage, bytes: Uint8Array): JsonValue {
  try {
    return toJson(schema, fromBinary(schema, bytes));
  } catch (error) {
    throw new Malformed('invalid-data', error instanceof Error ? error.message : 'unreadable protobuf');
  }
}

function readerOf(schema: DescMessage): ReturnType<typeof messageReader> {
  let read = readers.get(schema);
  if (read === undefined) readers.set(schema, (read = messageReader(schema)));
  return read;
}

function throughLibrary(schema: DescMessage, value: unknown): JsonValue | undefined {
  try {
    return toJson(schema, fromJson(schema, value as JsonValue, { ignoreUnknownFields: true }));
  } catch {
    return undefined;
  }
}
