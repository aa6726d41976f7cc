/** Builds a service out of its definition and settings: the one composition, for processes and tests alike. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bus } from '@switchboard/bus';
import { authorityFault, createEgress } from '@switchboard/egress';
import type { Egress } from '@switchboard/egress';
import { createHallway } from '@switchboard/hallway';
import type { Commands, Hallway, Kinds } from '@switchboard/hallway';
import { createVault, createWebhooks } from '@switchboard/webhooks';
import type { Vault, WebhookCommands, Webhooks } from '@switchboard/webhooks';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { openBus } from './bus.ts';
import { SettingsError } from './config.ts';
import type { BaseSettings, Settings, SettingsShape } from './config.ts';
import { classify } from './database/classify.ts';
import { clockShift } from './database/clock.ts';
import { migrate } from './database/migrate.ts';
import { openDatabase } from './database/pool.ts';
import type { ServiceDatabase } from './database/pool.ts';
import type { Built, Extra, ServiceDefinition } from './definition.ts';
import { createDoor } from './http/door.ts';
import type { Door } from './http/door.ts';
import { openApiKeys } from './http/keys.ts';
import type { ApiKeys } from './http/keys.ts';
import { createLogger } from './logging.ts';
import { clockFaults, productionFaults } from './production.ts';
import { webhookRoutes } from './http/webhook-routes.ts';
import { createReadiness } from './readiness.ts';
import type { Readiness } from './readiness.ts';
import { serveHttp } from './serve-http.ts';
import { stepwise } from './stepwise.ts';
import type { Steps } from './stepwise.ts';

export interface RunningService<M extends Commands> {
  /** Migrates, connects, listens; resolves when the service is ready. Call it once. */
  start(): Promise<void>;
  /** In order: not ready, a delay for load balancers to notice, HTTP, extras, hallway, bus, database. Safe at any time, also after a failed start. */
  stop(): Promise<void>;
  /** Where HTTP is served, once started. */
  url(): string;
  /** fastify, once started: for `inject` in tests. */
  app(): FastifyInstance;
  readonly hallway: Hallway<M>;
  readonly database: ServiceDatabase;
}

export interface CreateOptions {
  readonly logger?: Logger;
  /** A bus to use instead of the one the settings name; it is not closed here. */
  readonly bus?: Bus;
  /** The service cannot go on: say so and end the process. */
  readonly onDeath?: (error: Error) => void;
}

/** Everything of one service that is open or running. */
interface Parts<S extends SettingsShape, K extends Kinds, M extends Commands, C> {
  readonly definition: ServiceDefinition<S, K, M, C>;
  readonly settings: Settings<S>;
  readonly logger: Logger;
  readonly schema: string;
  readonly database: ServiceDatabase;
  readonly bus: Bus;
  readonly egress: Egress;
  readonly built: Built<K, M, C>;
  readonly hallway: Hallway<M>;
  readonly vault: Vault;
  readonly webhooks: Webhooks;
  readonly door: Door<M>;
  readonly readiness: Readiness;
}

const HOUR = 3_600_000;

/** Nothing is connected before `start`. */
export function createService<S extends SettingsShape, K extends Kinds, M extends Commands, C>(
  definition: ServiceDefinition<S, K, M, C>,
  settings: Settings<S>,
  options: CreateOptions = {},
): RunningService<M> {
  const parts = build(definition, settings, options);
  const { database, hallway, logger, readiness } = parts;
  const steps = stepwise(logger);
  let app: FastifyInstance | undefined;
  const running = (): FastifyInstance => {
    if (app === undefined) throw new Error(`${definition.name} is not started`);
    return app;
  };
  return {
    hallway,
    database,
    app: running,
    url: () => addressOf(running()),
    start: async () => {
      app = await start(parts, steps, options.bus === undefined);
      readiness.set('ready');
      logger.info({ url: addressOf(app) }, 'ready');
    },
    stop: async () => {
      const served = readiness.status() === 'ready' || readiness.status() === 'unready';
      readiness.set('stopping');
      // Whoever sends requests here has to notice first: until then they are answered as ever.
      if (served) await pause(settings.SHUTDOWN_DELAY);
      await steps.undo();
    },
  };
}

function build<S extends SettingsShape, K extends Kinds, M extends Commands, C>(
  definition: ServiceDefinition<S, K, M, C>,
  settings: Settings<S>,
  options: CreateOptions,
): Parts<S, K, M, C> {
  const { name } = definition;
  const logger =
    options.logger ?? createLogger({ service: name, level: settings.LOG_LEVEL, format: settings.LOG_FORMAT });
  const schema = name.replaceAll('-', '_');
  const database = openDatabase({
    url: settings.DATABASE_URL,
    schema,
    application: `switchboard-${name}`,
    connections: settings.DATABASE_POOL,
    onIdleError: (error) => {
      logger.warn({ err: error }, 'an idle database connection broke');
    },
  });
  const bus = options.bus ?? openBus(settings, name, logger);
  const { db } = database;
  const egress = createEgress({ allow: settings.EGRESS_ALLOW ?? [], authorities: readAuthorities(settings) });
  const built = definition.build({ settings, db, sql: database, logger, egress });
  const vault = createVault(settings.WEBHOOK_KEYS ?? []);
  const webhooks = createWebhooks({ database, egress, vault, logger });
  const hallway = createHallway(webhooks.extend(built.definition), {
    database,
    bus,
    logger,
    prefix: settings.TOPIC_PREFIX,
    partitions: settings.KAFKA_PARTITIONS,
    patience: settings.REQUEST_TIMEOUT,
    commandQueue: settings.COMMAND_QUEUE,
    windows: {
      history: settings.HISTORY_WINDOW * HOUR,
      inbox: settings.INBOX_WINDOW * HOUR,
      answers: settings.IDEMPOTENCY_WINDOW * HOUR,
    },
    onDeath: (error) => {
      readiness.died(`consumer: ${error.message}`);
      options.onDeath?.(error);
    },
  });
  const readiness = createReadiness({ database, logger, faults: () => [...hallway.faults(), ...webhooks.faults()] });
  const door = createDoor({ hallway, db, sql: database, logger });
  const outside = { database, bus, egress, vault };
  return { definition, settings, logger, schema, ...outside, built, hallway, webhooks, door, readiness };
}

async function start<S extends SettingsShape, K extends Kinds, M extends Commands, C>(
  parts: Parts<S, K, M, C>,
  steps: Steps,
  ownsBus: boolean,
): Promise<FastifyInstance> {
  const { definition, settings, logger, database, bus, egress, vault } = parts;
  const { built, hallway, webhooks, door, readiness } = parts;
  steps.begun('database', () => database.close());
  steps.begun('egress', () => egress.close());
  if (ownsBus) steps.begun('bus', () => bus.close());
  const keys = openKeys(settings, logger);
  steps.begun('keys', () => Promise.resolve(keys?.close()));
  refuse(productionFaults(settings, keys));
  await reaching('DATABASE_URL', () => prepareDatabase(parts));
  await reaching(settings.KAFKA_BROKERS === undefined ? 'BUS_DATABASE_URL' : 'KAFKA_BROKERS', () => bus.ping());
  readiness.watch();
  steps.begun('readiness', () => {
    readiness.close();
    return Promise.resolve();
  });
  steps.begun('hallway', () => hallway.stop());
  await hallway.start();
  steps.begun('webhooks', () => webhooks.stop());
  sayUnsealed(settings, logger);
  // The extended definition has these commands too.
  await webhooks.start(hallway as unknown as Hallway<WebhookCommands>);
  await startExtras(
    (built.extras ?? []).map((extra) => extra(door)),
    steps,
  );
  const historyWindow = settings.HISTORY_WINDOW * HOUR;
  const routes = [...built.routes, webhookRoutes({ service: definition.name, egress, vault, historyWindow })];
  return serveHttp({ definition, settings, logger, door, keys, readiness, routes, steps });
}

async function prepareDatabase<S extends SettingsShape, K extends Kinds, M extends Commands, C>({
  database,
  schema,
  settings,
  logger,
  definition,
}: Parts<S, K, M, C>): Promise<void> {
  const migrationsOf = (name: string): URL => new URL('../migrations/', import.meta.resolve(name));
  const applied = await migrate(database, schema, [
    { name: 'hallway', url: migrationsOf('@switchboard/hallway') },
    { name: 'webhooks', url: migrationsOf('@switchboard/webhooks') },
    { name: definition.name, url: definition.migrations },
  ]);
  if (applied > 0) logger.info({ applied }, 'migrated');
  refuse(clockFaults(settings, await clockShift(database)));
}

/** What a setting points at is away or lets nobody in: that is for a person to mend, so it is said with the setting. */
async function reaching(setting: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    throw new SettingsError([`${setting}: cannot be used now: ${reasonOf(error)}`]);
  }
}

/** Away, or 28 (who are you), 3D (no such database), 42501 (no right); or a broker's own error. */
function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof SettingsError) return false;
  const code = 'code' in error ? String(error.code) : '';
  return classify(error) === 'infrastructure' || /^(28|3D|42501)/.test(code) || error.name.startsWith('KafkaJS');
}

/** Node puts the refusals of several addresses into one error without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}

/** Once a start. Production is warned, not refused: a version that has come to know the setting must not stop one that runs. */
function sayUnsealed({ WEBHOOK_KEYS: keys, NODE_ENV }: BaseSettings, logger: Logger): void {
  if (keys !== undefined) return;
  const level = NODE_ENV === 'production' ? 'warn' : 'info';
  logger[level]('secrets of webhooks are stored as they are: set WEBHOOK_KEYS to have them encrypted');
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new SettingsError(faults);
}

/** @throws SettingsError when the file does not hold */
function readAuthorities({ EGRESS_CA_FILE: file }: BaseSettings): string[] {
  if (file === undefined) return [];
  try {
    const pem = readFileSync(file, 'utf8');
    const fault = authorityFault(pem);
    if (fault === undefined) return [pem];
    throw new Error(`${file} ${fault}`);
  } catch (error) {
    throw new SettingsError([`EGRESS_CA_FILE: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** @throws SettingsError when the file does not hold */
function openKeys(settings: BaseSettings, logger: Logger): ApiKeys | undefined {
  if (settings.API_KEYS_FILE === undefined) return undefined;
  try {
    return openApiKeys(settings.API_KEYS_FILE, (error) => {
      logger.error({ err: error }, 'API_KEYS_FILE does not hold: the earlier keys stay');
    });
  } catch (error) {
    throw new SettingsError([`API_KEYS_FILE: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

async function startExtras(extras: readonly Extra[], steps: Steps): Promise<void> {
  for (const extra of extras) {
    steps.begun(extra.name, () => extra.stop());
    await extra.start();
  }
}

function addressOf(app: FastifyInstance): string {
  const [address] = app.addresses() as (AddressInfo | undefined)[];
  if (address === undefined) throw new Error('nothing is listening');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${String(address.port)}`;
}
