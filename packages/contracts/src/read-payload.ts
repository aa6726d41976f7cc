import { fromBinary, fromJson, toJson } from '@bufbuild/protobuf';
import type { DescMessage, JsonValue } from '@bufbuild/protobuf';

/** Thrown by the readers; the message names the field. */
export class PayloadError extends Error {
  override readonly name = 'PayloadError';
}

/** A payload from JSON: types checked, unknown fields left out, defaults filled. */
export function readJson(schema: DescMessage, value: JsonValue): JsonValue {
  return toJson(schema, fromJson(schema, value, { ignoreUnknownFields: true }), { alwaysEmitImplicit: true });
}

/** A payload from protobuf's binary form; `filled` adds defaults. */
export function readBinary(schema: DescMessage, bytes: Uint8Array, filled: boolean): JsonValue {
  return toJson(schema, fromBinary(schema, bytes), { alwaysEmitImplicit: filled });
}
