/** Idempotency-Key: a POST that is sent again gets the first answer. */
import { createHash } from 'node:crypto';
import type { Idempotency } from '@switchboard/hallway';
import { problem } from './problem.ts';

/** A quoted string of the structured-field syntax, or the same bare. */
const quotedKey = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/;
const bareKey = /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,255}$/;

/**
 * The key in the header.
 * @throws Problem invalid-header
 */
export function readKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = typeof header === 'string' ? header.trim() : '';
  const quoted = quotedKey.exec(text)?.[1];
  if (quoted !== undefined) return quoted.replaceAll(/\\(["\\])/g, '$1');
  if (bareKey.test(text)) return text;
  throw problem('invalid-header', 'The Idempotency-Key does not fit', {
    errors: [
      { field: 'Idempotency-Key', reason: 'must be one string of 1 to 255 printable ASCII characters, bare or quoted' },
    ],
  });
}

/** JSON with sorted keys: equal for bodies that mean the same. The depth is bounded by the body parser. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === undefined) return 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

/** SHA-256 of the body as it was sent, before defaults. */
export function fingerprint(sent: unknown): string {
  const content = Buffer.isBuffer(sent) ? sent : canonicalJson(sent ?? {});
  return createHash('sha256').update(content).digest('base64url');
}

/** Keys whose first request is still being handled by this process. */
export type RunningKeys = Set<string>;

/**
 * Runs the work as the only one with its key here; other replicas are told apart by the database.
 * @throws Problem still-running
 */
export async function alone<T>(
  running: RunningKeys,
  idempotency: Idempotency | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (idempotency === undefined) return work();
  const id = `${idempotency.scope} ${idempotency.key}`;
  if (running.has(id)) {
    throw problem('still-running', 'The first request with this Idempotency-Key is still running', {
      headers: { 'retry-after': '1' },
    });
  }
  running.add(id);
  try {
    return await work();
  } finally {
    running.delete(id);
  }
}
