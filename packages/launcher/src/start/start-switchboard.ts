/** The whole house in one call: database, five service processes and the joint base URL. */
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { startGateway } from '../gateway/gateway.ts';
import type { ServiceUrls } from '../gateway/routes.ts';
import { Hint } from '../hint.ts';
import { isPortFree } from '../ports.ts';
import { makeDataFolder } from '../postgres/data-folder.ts';
import { SERVICES } from '../services.ts';
import { startChildService } from './child-service.ts';
import type { ChildService } from './child-service.ts';
import { lockDataFolder } from './data-lock.ts';
import { logFolder, openDatabases } from './databases.ts';
import type { Databases } from './databases.ts';
import { baseUrlOf, homeOf } from './find-switchboard.ts';
import { keepSecrets, writeApiKeys } from './secrets.ts';
import { readSettings } from './settings.ts';
import type { Settings } from './settings.ts';

export interface StartOptions {
  /** The checkout. */
  readonly root: string;
  /** Settings as in the environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  onProgress?(text: string): void;
  /** Gives up a start that is still under way; a running house is stopped by `stop`. */
  readonly signal?: AbortSignal;
  /** The script of a service (default: its own `src/main.ts`). */
  main?(service: string): string;
}

export interface RunningSwitchboard {
  readonly baseUrl: string;
  readonly token: string;
  readonly dataDir: string;
  readonly logFolder: string;
  readonly services: readonly ChildService[];
  /** The connection string of the database's owner (for tests and tools); none when databases are separate. */
  readonly adminUrl: string | undefined;
  /** Resolves when something ends that nobody stopped. */
  readonly died: Promise<Error>;
  /** Proxy, services, database: in this order. */
  stop(): Promise<void>;
}

/**
 * Starts everything and resolves when every service is ready.
 * @throws Hint for what the reader can mend; whatever was started is stopped again
 */
export async function startSwitchboard(options: StartOptions): Promise<RunningSwitchboard> {
  const settings = readSettings(options.env, options.root);
  const progress = options.onProgress ?? (() => undefined);
  await refuseTakenPorts(settings);
  const dataDir = homeOf(settings);
  makeDataFolder(dataDir);
  const undo: (() => Promise<void> | void)[] = [lockDataFolder(dataDir)];
  const stop = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    const secrets = keepSecrets(
      dataDir,
      SERVICES.map(({ name }) => name),
    );
    const token = settings.token ?? secrets.token;
    const databases = await openDatabases({ settings, dataDir, passwords: secrets.passwords, onProgress: progress });
    undo.push(() => databases.stop());
    progress('Starting the services');
    const keys = writeApiKeys(dataDir, token, settings.token === undefined);
    const services = startServices({ options, settings, databases, dataDir, keys, webhookKey: secrets.webhookKey });
    undo.push(async () => {
      await Promise.all(services.map((service) => service.stop()));
    });
    await orGiveUp(Promise.all(services.map((service) => service.ready())), options.signal);
    const gateway = await openGateway(settings, services);
    undo.push(() => gateway.close());
    const died = Promise.race([databases.died, ...services.map((service) => service.died)]);
    return {
      baseUrl: baseUrlOf(settings),
      token,
      dataDir,
      logFolder: logFolder(dataDir),
      services,
      adminUrl: databases.adminUrl,
      died,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function orGiveUp(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    await work;
    return;
  }
  const givenUp = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => {
      reject(new Hint('Stopped before it was ready.'));
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  await Promise.race([work, givenUp]);
}

async function refuseTakenPorts({ host, port }: Settings): Promise<void> {
  for (let each = port; each <= port + 2 * SERVICES.length; each += 1) {
    if (await isPortFree(each, each === port ? host : '127.0.0.1')) continue;
    throw new Hint(
      `Port ${String(each)} is taken by another program (or another Switchboard). Switchboard needs ${String(port)} to ${String(port + 2 * SERVICES.length)}: set SWITCHBOARD_PORT to the first of eleven free ones.`,
    );
  }
}

interface ServicesPlan {
  readonly options: StartOptions;
  readonly settings: Settings;
  readonly databases: Databases;
  readonly dataDir: string;
  readonly keys: string;
  readonly webhookKey: string;
}

function startServices({ options, settings, databases, dataDir, keys, webhookKey }: ServicesPlan): ChildService[] {
  return SERVICES.map(({ name }, at) => {
    const port = settings.port + 1 + at;
    const database = databases.urls[name] ?? '';
    const bus = settings.kafka.KAFKA_BROKERS === undefined ? { BUS_DATABASE_URL: database } : settings.kafka;
    return startChildService({
      name,
      main: options.main?.(name) ?? path.join(options.root, 'services', name, 'src', 'main.ts'),
      root: options.root,
      logFolder: logFolder(dataDir),
      url: `http://127.0.0.1:${String(port)}`,
      env: {
        ...options.env,
        ...bus,
        HOST: '127.0.0.1',
        PORT: String(port),
        METRICS_PORT: String(port + SERVICES.length),
        DATABASE_URL: database,
        TOPIC_PREFIX: settings.topicPrefix,
        API_KEYS_FILE: keys,
        // What our own key sealed can be opened also after somebody gave another one.
        WEBHOOK_KEYS: [options.env.WEBHOOK_KEYS, webhookKey].filter(Boolean).join(','),
        LOG_LEVEL: settings.logLevel,
        // Compiled code is kept: a second start takes a third less.
        NODE_COMPILE_CACHE: path.join(dataDir, 'compile-cache'),
      },
    });
  });
}

function openGateway(settings: Settings, services: readonly ChildService[]): Promise<FastifyInstance> {
  const urls = Object.fromEntries(services.map(({ name, url }) => [name, url])) as ServiceUrls;
  return startGateway({ services: urls, host: settings.host, port: settings.port });
}
