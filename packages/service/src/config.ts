/** Settings: the only place that looks at the environment. */
import { allowListFaults } from '@switchboard/egress';
import { keyFault } from '@switchboard/webhooks';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
const hours = z.coerce.number().int().min(1).max(8760);
const list = z
  .string()
  .transform((value) => value.split(',').map((entry) => entry.trim()))
  .pipe(z.array(z.string().min(1)).min(1));

const databaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: ({ input }) => (input === undefined ? 'is missing' : 'must be postgres://user:password@host:port/database'),
});

/** What every service is told. A service's own settings are merged with these. */
export const baseSettings = z.object({
  PORT: port.default(4001).describe('where HTTP is served; 0 takes any free port'),
  HOST: z.string().default('127.0.0.1').describe('the address HTTP is served on'),
  METRICS_PORT: port.optional().describe('where /metrics is served; not served unless set'),
  DATABASE_URL: databaseUrl,
  DATABASE_POOL: z.coerce.number().int().min(2).max(100).default(8).describe('most connections to the database'),
  KAFKA_BROKERS: list.optional().describe('host:port, separated by commas'),
  BUS_DATABASE_URL: databaseUrl.optional().describe('the embedded bus, where no brokers are given'),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  KAFKA_TLS: flag.default(false),
  KAFKA_PARTITIONS: z.coerce.number().int().min(1).max(1000).default(6).describe('for topics made at the start'),
  GROUP_TIMEOUT: z.coerce
    .number()
    .int()
    .min(1000)
    .optional()
    .describe("ms of silence until a replica's partitions go to others; 30,000 on Kafka, 10,000 on the embedded bus"),
  TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be letters, digits, ".", "_" and "-"')
    .default('switchboard'),
  API_KEYS_FILE: z.string().optional().describe('static keys: [{id, sha256, scopes, agentId?, expiresAt?}]'),
  OIDC_ISSUER: z.url().optional(),
  OIDC_AUDIENCE: z.string().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe('traces are sent there; not sent unless set'),
  TRACE_SAMPLE_RATIO: z.coerce.number().min(0).max(1).default(1),
  NODE_ENV: z.string().default('development'),
  BODY_LIMIT: z.coerce.number().int().min(1024).default(1_048_576).describe('bytes of a request body'),
  REQUEST_TIMEOUT: z.coerce.number().int().min(100).default(10_000).describe('ms until a waiting request is told 503'),
  COMMAND_QUEUE: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(5000)
    .describe('waiting requests; more are told 503'),
  SHUTDOWN_DELAY: z.coerce
    .number()
    .int()
    .min(0)
    .max(600_000)
    .default(0)
    .describe('ms from unready to closing the door: load balancers have to notice'),
  SHUTDOWN_TIMEOUT: z.coerce.number().int().min(100).default(20_000).describe('ms, after the delay'),
  HISTORY_WINDOW: hours.default(72).describe('hours that published events are kept for streams and repairs'),
  INBOX_WINDOW: hours
    .default(192)
    .describe("hours that ids of handled records are kept: more than the topics' retention"),
  IDEMPOTENCY_WINDOW: hours.default(48).describe('hours that the answer under an Idempotency-Key is kept'),
  BUS_RETENTION: hours.default(168).describe('hours that the embedded bus keeps records'),
  EGRESS_ALLOW: list
    .superRefine((entries, context) => {
      for (const fault of allowListFaults(entries)) context.addIssue({ code: 'custom', message: fault });
    })
    .optional()
    .describe('addresses, CIDR ranges, hosts and *.suffixes inside that webhooks and feeds may call, by http too'),
  WEBHOOK_KEYS: list
    .superRefine((keys, context) => {
      const fault = keys.map(keyFault).find((one) => one !== undefined);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: `each ${fault}` });
    })
    .optional()
    .describe('encrypt the secrets of webhooks at rest: the first seals, all open; as they are unless set'),
  EGRESS_CA_FILE: z
    .string()
    .optional()
    .describe('certificates (PEM) of authorities whose webhooks and feeds are trusted besides those that Node trusts'),
  TRUST_PROXY: z.string().default('loopback').describe('whose X-Forwarded-For is believed'),
});

export type BaseSettings = z.output<typeof baseSettings>;

/** A service's own settings, beside the base ones. */
export type SettingsShape = Record<string, z.ZodType>;

/** The base settings and the service's own, read and checked. */
export type Settings<S extends SettingsShape> = BaseSettings & { readonly [K in keyof S]: z.output<S[K]> };

/** Settings that do not hold: one line each, naming the setting and the reason. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the base settings and the service's own. An empty value counts as unset.
 * @throws SettingsError with everything that is wrong
 */
export function readSettings<S extends SettingsShape>(shape: S, environment: Environment): Settings<S> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = baseSettings.extend(shape).safeParse(given);
  const lines = parsed.success ? [] : parsed.error.issues.map(issueLine);
  lines.push(...missingTogether(given));
  if (!parsed.success || lines.length > 0) throw new SettingsError(lines);
  return parsed.data as unknown as Settings<S>;
}

/** The settings of this process. */
export function processSettings<S extends SettingsShape>(shape: S): Settings<S> {
  return readSettings(shape, process.env);
}

/** Rules over more than one setting. */
function missingTogether(given: Environment): string[] {
  const lines: string[] = [];
  if (given.KAFKA_BROKERS === undefined && given.BUS_DATABASE_URL === undefined) {
    lines.push('KAFKA_BROKERS: is missing (or BUS_DATABASE_URL, for the embedded bus)');
  }
  if (given.KAFKA_SASL_MECHANISM !== undefined) {
    for (const name of ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD']) {
      if (given[name] === undefined) lines.push(`${name}: is missing, although KAFKA_SASL_MECHANISM is set`);
    }
  }
  if (given.OIDC_ISSUER !== undefined && given.OIDC_AUDIENCE === undefined) {
    lines.push('OIDC_AUDIENCE: is missing, although OIDC_ISSUER is set');
  }
  return lines;
}

function issueLine(issue: z.core.$ZodIssue): string {
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return `${issue.path.join('.')}: ${missing ? 'is missing' : issue.message}`;
}
