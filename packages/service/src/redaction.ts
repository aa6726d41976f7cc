/** Keeps personal data out of the logs: the one place that says which fields are personal. */

/** Field names (lower case) whose values are about a person, or would let somebody act as one. */
const personal = new Set([
  'address',
  'addresses',
  'contactpoint',
  'contactpoints',
  'identifier',
  'identifiers',
  'email',
  'phone',
  'from',
  'to',
  'name',
  'text',
  'subject',
  'summary',
  'body',
  'data',
  'value',
  'values',
  'attributes',
  'parameters',
  'attachments',
  'authorization',
  'cookie',
  'token',
  'password',
  'secret',
  'secrets',
  'trackingcode',
  'idempotency-key',
  'detail',
  'where',
]);

const deepest = 6;
const hidden = '[redacted]';

/** A copy of what is to be logged, personal fields masked at any depth. Errors keep type, code, message and stack. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return redactedError(value, depth);
  if (value instanceof Date) return value;
  if (Buffer.isBuffer(value) || depth >= deepest) return hidden;
  if (Array.isArray(value)) return value.map((entry) => redacted(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      personal.has(key.toLowerCase()) ? hidden : redacted(inner, depth + 1),
    ]),
  );
}

/** PostgreSQL repeats values in `detail` and `where`, and in quotes in its messages. */
function redactedError(error: Error, depth: number): Record<string, unknown> {
  const shown: Record<string, unknown> = { type: error.name, message: masked(error.message), stack: stackOf(error) };
  if ('code' in error) shown.code = error.code;
  if ('constraint' in error) shown.constraint = error.constraint;
  const { cause } = error;
  // Whatever is thrown may be a cause: a sentence, too.
  if (typeof cause === 'string') shown.cause = masked(cause);
  else if (cause !== undefined && depth < deepest) shown.cause = redacted(cause, depth + 1);
  return shown;
}

/** E-mail addresses and runs of seven or more digits, wherever a sentence carries them. */
function masked(text: string): string {
  return text.replaceAll(/[^\s@"'<>()]+@[^\s@"'<>()]+/g, hidden).replaceAll(/\+?\d[\d ()-]{5,}\d/g, hidden);
}

/** Only where it happened: it begins with the message, whose lines may look like places. */
function stackOf({ stack, message }: Error): string | undefined {
  const begins = stack?.indexOf(message) ?? -1;
  return stack
    ?.slice(begins === -1 ? 0 : begins + message.length)
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .join('\n');
}
