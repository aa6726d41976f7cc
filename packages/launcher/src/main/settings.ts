/** The settings of the two containers beside the services: the one that prepares the database, and the gateway. */
import * as z from 'zod';
import { Hint } from '../hint.ts';

const url = z.url({ protocol: /^https?$/, error: 'must be an http:// URL' });

/** What prepares the database needs. */
export const provisionSettings = z.object({
  /** Of a role that may create roles. */
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//u, 'must be a postgres:// URL'),
  /** The password all the services' roles get. */
  SERVICE_PASSWORD: z.string().min(8, 'must have at least 8 characters'),
  TOPIC_PREFIX: z.string().default('switchboard'),
  /** Where the key file goes; the services' `API_KEYS_FILE` is `api-keys.json` in there. */
  SWITCHBOARD_DATA: z.string().min(1),
  /** Made up once, kept beside the key file and printed, unless given. */
  SWITCHBOARD_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
});

/** What the joint base URL needs. */
export const gatewaySettings = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(4000),
  HOST: z.string().default('127.0.0.1'),
  INTAKE_URL: url,
  ROUTING_URL: url,
  SLA_URL: url,
  CUSTOMER_360_URL: url,
  OFFERS_URL: url,
  /** Believe `X-Forwarded-For`: behind one's own load balancer only. */
  TRUST_PROXY: z.stringbool().default(false),
});

/**
 * Reads settings by their schema.
 * @throws Hint that names everything wrong at once
 */
export function readBy<T>(schema: z.ZodType<T>, env: Readonly<Record<string, string | undefined>>): T {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Hint(['These settings cannot be used:', ...lines].join('\n'));
}
