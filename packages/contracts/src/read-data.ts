/** From a body to the typed data of an event. */
import type { DescMessage } from '@bufbuild/protobuf';
import type { CatalogueEntry } from './catalogue.ts';
import type { Body } from './cloud-event.ts';
import { parseJson } from './cloud-event.ts';
import { fieldErrors } from './field-errors.ts';
import { activityRecorded, contactReceived } from './guards.ts';
import { Malformed } from './malformed.ts';
import { jsonFromBinary, readBinary, readJson } from './read-payload.ts';

/** Data of our own events: types checked, unknown fields left out, defaults filled. @throws Malformed */
export function readOwn(schema: DescMessage, body: Body): unknown {
  if (body.format === 'protobuf') return readBinary(schema, body.bytes);
  return readJson(schema, body.format === 'text' ? parseJson(body.bytes) : body.value);
}

/** Data of strangers: through its zod guard. @throws Malformed */
export function readForeign(entry: CatalogueEntry, body: Body): unknown {
  const guard = entry.topic === 'contacts' ? contactReceived : activityRecorded;
  const result = guard.safeParse(foreignValue(entry, body));
  if (result.success) return result.data;
  const errors = fieldErrors(result.error).map(({ field, reason }) => (field === '' ? reason : `${field}: ${reason}`));
  throw new Malformed('invalid-data', errors.join('; '));
}

function foreignValue(entry: CatalogueEntry, body: Body): unknown {
  if (body.format === 'protobuf') return jsonFromBinary(entry.schema, body.bytes);
  return withoutNulls(body.format === 'text' ? parseJson(body.bytes) : body.value);
}

/** In protobuf's JSON a null field is an absent one. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}
