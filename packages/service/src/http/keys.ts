/** Static keys: a file of ids, hashes and scopes, read again when it changes. Tokens themselves are nowhere. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isScope } from './scopes.ts';
import type { Caller, Scope } from './scopes.ts';

const keySchema = z.object({
  id: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits'),
  scopes: z.array(z.string().refine(isScope, 'is not a known scope')),
  agentId: z.string().min(1).optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
  /** Made by a one-command start; production refuses it. */
  generated: z.boolean().optional(),
});
const fileSchema = z.array(keySchema);

type Key = z.output<typeof keySchema>;

export interface ApiKeys {
  /** Who owns the token; `undefined` where nobody does, or no longer. */
  find(token: string, now: Date): Caller | undefined;
  /** Ids of keys that a one-command start made. */
  generated(): readonly string[];
  count(): number;
  close(): void;
}

/** Only its hash is looked up, so no comparison with a secret takes a time that tells something about it. */
const hashOf = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');

/**
 * Reads the file and watches it. A later version that does not hold is logged and the earlier one kept.
 * @param interval ms between two looks at the file
 * @throws when the first version does not hold
 */
export function openApiKeys(path: string, onFault: (error: unknown) => void, interval = 2000): ApiKeys {
  let content = readFileSync(path, 'utf8');
  let keys = readKeys(path, content);
  const look = (): void => {
    try {
      const now = readFileSync(path, 'utf8');
      if (now === content) return;
      content = now;
      keys = readKeys(path, now);
    } catch (error) {
      onFault(error);
    }
  };
  // By looking: a Kubernetes secret is replaced through links, which no file event tells.
  const timer = setInterval(look, interval).unref();
  return {
    find: (token, now) => {
      const key = keys.get(hashOf(token));
      return key === undefined || hasExpired(key, now) ? undefined : callerOf(key);
    },
    generated: () => [...keys.values()].filter((key) => key.generated === true).map((key) => key.id),
    count: () => keys.size,
    close: () => {
      clearInterval(timer);
    },
  };
}

function readKeys(path: string, content: string): Map<string, Key> {
  const parsed = fileSchema.safeParse(JSON.parse(content));
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new Error(`${path}: ${lines.join('; ')}`);
  }
  return new Map(parsed.data.map((key) => [key.sha256.toLowerCase(), key]));
}

const hasExpired = (key: Key, now: Date): boolean => key.expiresAt !== undefined && new Date(key.expiresAt) <= now;

function callerOf(key: Key): Caller {
  return { id: `key:${key.id}`, scopes: new Set<Scope>(key.scopes.filter(isScope)), agentId: key.agentId };
}
