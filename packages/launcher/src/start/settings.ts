/** The settings of `npm start`. */
import path from 'node:path';
import * as z from 'zod';
import { Hint } from '../hint.ts';
import { SERVICES, settingName } from '../services.ts';

const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//u, 'must be a postgres:// URL');
const flag = z.enum(['true', 'false', '1', '0', '']).transform((value) => value === 'true' || value === '1');

const ownDatabases = Object.fromEntries(
  SERVICES.map(({ name }) => [`${settingName(name)}_DATABASE_URL`, postgresUrl.optional()]),
);

/** Every setting by its name in the environment. */
export const launcherSettings = z.object({
  SWITCHBOARD_PORT: z.coerce
    .number('must be a port number')
    .int()
    .min(1)
    // Ten more follow it: a port and a metrics port for each service.
    .max(65_525, 'must leave room for the ten ports after it')
    .default(4000),
  SWITCHBOARD_DATA: z.string().min(1).default('.data'),
  SWITCHBOARD_TOKEN: z
    .string()
    .min(16, 'must have at least 16 characters')
    // What an Authorization header can carry (RFC 6750).
    .regex(/^[\w\-.~+/]+=*$/u, 'may have letters, digits, "-", ".", "_", "~", "+" and "/" only, and "=" at the end')
    .optional(),
  DATABASE_URL: postgresUrl.optional(),
  ...ownDatabases,
  KAFKA_BROKERS: z.string().min(1).optional(),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  KAFKA_TLS: flag.optional(),
  TOPIC_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,100}$/u, 'may have letters, digits, dots, dashes and underscores only')
    .default('switchboard'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  HOST: z.string().min(1).default('127.0.0.1'),
  NODE_ENV: z.string().optional(),
  OIDC_ISSUER: z.string().optional(),
});

/** Where the services' data is: one database prepared by us, or one of its own for each service. */
export type DatabaseChoice =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'given'; readonly url: string }
  | { readonly kind: 'separate'; readonly urls: Readonly<Record<string, string>> };

/** What was decided from the settings. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly token: string | undefined;
  readonly database: DatabaseChoice;
  /** Kafka's settings as the services take them; empty when the embedded bus is used. */
  readonly kafka: Readonly<Record<string, string>>;
  readonly topicPrefix: string;
  readonly logLevel: string;
}

type Parsed = z.infer<typeof launcherSettings>;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings; relative folders are taken from `root`.
 * @throws Hint that names every wrong setting at once
 */
export function readSettings(environment: Environment, root: string): Settings {
  // An empty variable is how shells and compose files say "not set".
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = launcherSettings.safeParse(given);
  if (!parsed.success) {
    throw refusal(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const separate = separateUrls(given);
  const complaints = contradictions(parsed.data, separate);
  if (complaints.length > 0) throw refusal(complaints);
  return {
    host: parsed.data.HOST,
    port: parsed.data.SWITCHBOARD_PORT,
    dataDir: path.resolve(root, parsed.data.SWITCHBOARD_DATA),
    token: parsed.data.SWITCHBOARD_TOKEN,
    database: chooseDatabase(parsed.data, separate),
    kafka: kafkaSettings(given),
    topicPrefix: parsed.data.TOPIC_PREFIX,
    logLevel: parsed.data.LOG_LEVEL,
  };
}

function refusal(complaints: readonly string[]): Hint {
  return new Hint(['These settings cannot be used:', ...complaints.map((complaint) => `  ${complaint}`)].join('\n'));
}

function separateUrls(given: Environment): Record<string, string> {
  const urls: Record<string, string> = {};
  for (const { name } of SERVICES) {
    const url = given[`${settingName(name)}_DATABASE_URL`];
    if (url !== undefined) urls[name] = url;
  }
  return urls;
}

function contradictions(parsed: Parsed, separate: Readonly<Record<string, string>>): string[] {
  const complaints: string[] = [];
  const own = Object.keys(separate).length;
  if (own > 0) {
    const missing = SERVICES.filter(({ name }) => separate[name] === undefined);
    for (const { name } of missing) {
      complaints.push(`${settingName(name)}_DATABASE_URL: is missing (every service needs its own once one has it)`);
    }
    if (parsed.DATABASE_URL !== undefined) complaints.push('DATABASE_URL: leave it out when every service has its own');
    if (parsed.KAFKA_BROKERS === undefined) complaints.push('KAFKA_BROKERS: is needed when databases are separate');
  }
  if (parsed.KAFKA_SASL_MECHANISM !== undefined) {
    for (const name of ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const) {
      if (parsed[name] === undefined) complaints.push(`${name}: is needed with KAFKA_SASL_MECHANISM`);
    }
  }
  if (parsed.NODE_ENV === 'production' && parsed.SWITCHBOARD_TOKEN === undefined && parsed.OIDC_ISSUER === undefined) {
    complaints.push('SWITCHBOARD_TOKEN: is needed in production (or OIDC_ISSUER): no token is made up there');
  }
  return complaints;
}

function chooseDatabase(parsed: Parsed, separate: Readonly<Record<string, string>>): DatabaseChoice {
  if (Object.keys(separate).length > 0) return { kind: 'separate', urls: separate };
  if (parsed.DATABASE_URL !== undefined) return { kind: 'given', url: parsed.DATABASE_URL };
  return { kind: 'embedded' };
}

function kafkaSettings(given: Environment): Record<string, string> {
  if (given.KAFKA_BROKERS === undefined) return {};
  const entries = Object.entries(given).filter(
    (entry): entry is [string, string] => entry[0].startsWith('KAFKA_') && entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
