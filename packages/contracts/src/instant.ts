/** Instants of payloads and attributes: RFC 3339 as it comes, in UTC with milliseconds as it is kept. */

// Days that every month has, so that no calendar is needed; the others take the longer road.
const usual = /^(?:19[7-9]|20\d)\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:\d\d)$/i;
/** As protobuf's JSON has it: capital letters, nanoseconds at most. */
export const protobufInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
/** PostgreSQL knows no year 0, and an offset may lead out of the four digits. */
const keepable = /^(?!0000)\d{4}-/;

/** In UTC with milliseconds, what is finer cut off; `undefined` where the text is no instant of the years 1 to 9999. */
export function instantOf(text: string, form = rfc3339): string | undefined {
  if (usual.test(text)) return text;
  const at = form.test(text) ? Date.parse(text) : Number.NaN;
  const instant = Number.isNaN(at) ? '' : new Date(at).toISOString();
  return keepable.test(instant) ? instant : undefined;
}
