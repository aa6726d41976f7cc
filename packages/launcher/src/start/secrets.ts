/** What is made up once and kept with the data: the token, the passwords of the services' roles, the key of webhooks' secrets. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { Hint } from '../hint.ts';
import { writePrivately } from '../postgres/data-folder.ts';

/** Every scope but `agents:self`, which belongs to one agent. */
const SCOPES = [
  'contacts:write',
  'cases:read',
  'cases:write',
  'agents:read',
  'agents:write',
  'work:read',
  'work:write',
  'sla:read',
  'sla:write',
  'customers:read',
  'customers:write',
  'activities:write',
  'offers:read',
  'offers:write',
  'decisions:read',
  'decisions:write',
  'ops',
];

const secretsFile = z.object({
  token: z.string().min(16),
  passwords: z.record(z.string(), z.string().min(16)),
  /** A `WEBHOOK_KEYS` of our own; absent where an earlier version made the file. */
  webhookKey: z.string().optional(),
});

export type Secrets = Required<z.infer<typeof secretsFile>>;

/** The kept secrets, completed by whatever is missing. */
export function keepSecrets(folder: string, services: readonly string[]): Secrets {
  const found = readSecrets(folder);
  const kept = found ?? { token: `sb_${randomText()}`, passwords: {} };
  const missing = services.filter((service) => kept.passwords[service] === undefined);
  const { webhookKey } = kept;
  if (missing.length === 0 && webhookKey !== undefined) return { ...kept, webhookKey };
  const secrets = {
    ...kept,
    webhookKey: webhookKey ?? randomBytes(32).toString('base64'),
    passwords: { ...kept.passwords, ...Object.fromEntries(missing.map((service) => [service, randomText()])) },
  };
  writePrivately(secretsIn(folder), `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

/**
 * Writes the one key that start hands out as the services read keys: its hash, never itself.
 * @param generated it was made up here: services refuse it in production
 */
export function writeApiKeys(folder: string, token: string, generated: boolean): string {
  const file = path.join(folder, 'api-keys.json');
  const sha256 = createHash('sha256').update(token).digest('hex');
  writePrivately(file, `${JSON.stringify([{ id: 'start', sha256, scopes: SCOPES, generated }], null, 2)}\n`);
  return file;
}

/**
 * The kept secrets; none where nothing was started yet.
 * @throws Hint when they cannot be read
 */
export function readSecrets(folder: string): z.infer<typeof secretsFile> | undefined {
  const file = secretsIn(folder);
  if (!existsSync(file)) return undefined;
  try {
    return secretsFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new Hint(`${file} is damaged or unreadable: remove it to have new secrets made (the token changes then).`);
  }
}

function secretsIn(folder: string): string {
  return path.join(folder, 'secrets.json');
}

function randomText(): string {
  return randomBytes(24).toString('base64url');
}
