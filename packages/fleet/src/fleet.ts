/**
 * The house as operators run it: several replicas of each service as processes of their own, on a real PostgreSQL and
 * a real Kafka (or the embedded bus). For load and for faults, so every part can be stopped, killed and put back.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { createEmbeddedBus, createKafkaBus, provisionEmbeddedBus, type Bus } from '@switchboard/bus';
import { freePortRow, provisionDatabase, SERVICES, type Postgres, type ServiceName } from '@switchboard/launcher';
import { startKafka, startPostgres, temporaryFolder, type RunningKafka } from '@switchboard/testing';
import { closeProxies, noProxies, startProxies, through, type Proxies } from './proxies.ts';
import { createReplica, type Replica } from './replica.ts';

/** A static key beside the fleet's own all-powerful one. */
export interface ProgramKey {
  readonly id: string;
  readonly token: string;
  readonly scopes: readonly string[];
  readonly agentId?: string;
}

export interface FleetOptions {
  /** The checkout whose services run. */
  readonly root: string;
  readonly bus: 'kafka' | 'embedded';
  /** Of each service (default 1). */
  readonly replicas?: number;
  /** Those that run (default: all five). */
  readonly services?: readonly ServiceName[];
  /** `load` gives the servers the memory of a production machine (default `tests`: quick to start). */
  readonly purpose?: 'tests' | 'load';
  /** Where servers keep data and services write logs; made, and removed at the end (default: a temporary folder). */
  readonly dataDir?: string;
  /** Settings of PostgreSQL beyond those of the purpose, for example `{shared_preload_libraries: 'auto_explain'}`. */
  readonly postgres?: Readonly<Record<string, string>>;
  /** Settings of all services. */
  readonly env?: Readonly<Record<string, string>>;
  /** Settings of one replica; they win. `database` is its connection string, `brokers` Kafka's. */
  replicaEnv?(which: {
    service: ServiceName;
    index: number;
    database: string;
    brokers: string;
  }): Record<string, string>;
  /** Arguments of Node before the script, for example `--cpu-prof`. */
  nodeArguments?(service: ServiceName, index: number): readonly string[];
  readonly keys?: readonly ProgramKey[];
  /** Services reach their servers through `Fleet.proxies`. */
  readonly proxied?: boolean;
  onProgress?(text: string): void;
}

export interface Fleet {
  /** Kept while it runs; logs are in `logs`. */
  readonly dataDir: string;
  /** The topic prefix. */
  readonly prefix: string;
  /** A token with every scope but `agents:self`. */
  readonly token: string;
  /** The owner's connection string: it sees every schema. */
  readonly adminUrl: string;
  /** Service -> the connection string of its role. */
  readonly databases: Readonly<Record<string, string>>;
  readonly postgres: Postgres;
  readonly kafka: RunningKafka | undefined;
  /** None unless asked for. */
  readonly proxies: Proxies;
  readonly replicas: readonly Replica[];
  /** The replicas of one service. */
  of(service: ServiceName): readonly Replica[];
  /** A client of the bus, to publish or to listen; the caller closes it. */
  openBus(clientId: string): Bus;
  stop(): Promise<void>;
}

const scopes = [
  ...['contacts:write', 'cases:read', 'cases:write', 'agents:read', 'agents:write', 'work:read', 'work:write'],
  ...['sla:read', 'sla:write', 'customers:read', 'customers:write', 'activities:write', 'offers:read', 'offers:write'],
  ...['decisions:read', 'decisions:write', 'ops'],
];

/** What a server of that purpose is given beyond its defaults; nothing that weakens a commit. */
const postgresSettings = {
  tests: {},
  load: { shared_buffers: '2GB', max_wal_size: '8GB' },
};

/** Starts servers and services; resolves when every replica is ready. Whatever was started is stopped when it fails. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const purpose = options.purpose ?? 'tests';
  const dataDir = options.dataDir ?? temporaryFolder('switchboard-fleet-');
  mkdirSync(dataDir, { recursive: true });
  const undo: (() => Promise<void> | void)[] = [
    () => {
      rmSync(dataDir, { recursive: true, force: true });
    },
  ];
  const stop = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    const proxies = options.proxied === true ? await startProxies(options.replicas ?? 1, options.bus) : noProxies;
    undo.push(() => closeProxies(proxies));
    options.onProgress?.('starting PostgreSQL');
    const postgres = await startPostgres({ dataDir, settings: { ...postgresSettings[purpose], ...options.postgres } });
    undo.push(() => postgres.stop());
    if (options.bus === 'kafka') options.onProgress?.('starting Kafka');
    const advertise = proxies.kafka.map(({ address }) => address);
    const kafka =
      options.bus === 'kafka'
        ? await startKafka({ purpose, dataDir: path.join(dataDir, 'kafka'), advertise })
        : undefined;
    if (kafka !== undefined) undo.push(() => kafka.stop());
    lead(proxies, postgres, kafka);
    const servers = await provision(options, postgres);
    const keys = writeKeys(dataDir, options.keys ?? []);
    const replicas = await createReplicas({ options, dataDir, kafka, proxies, keysFile: keys.file, ...servers });
    undo.push(async () => {
      await Promise.all(replicas.map((replica) => replica.stop()));
    });
    options.onProgress?.('starting the services');
    await startInTurn(replicas);
    return {
      dataDir,
      prefix: servers.prefix,
      token: keys.token,
      adminUrl: servers.adminUrl,
      databases: servers.databases,
      postgres,
      kafka,
      proxies,
      replicas,
      of: (service) => replicas.filter((replica) => replica.service === service),
      openBus: (clientId) =>
        kafka === undefined
          ? createEmbeddedBus({ connectionString: servers.adminUrl })
          : createKafkaBus({ brokers: [kafka.brokers], clientId }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function lead({ postgres, kafka }: Proxies, database: Postgres, broker: RunningKafka | undefined): void {
  for (const proxy of postgres) proxy.lead({ host: '127.0.0.1', port: database.port });
  for (const [index, proxy] of kafka.entries()) {
    const listener = broker?.listeners[index];
    if (listener !== undefined) proxy.lead(listener);
  }
}

/** The first replica of each service makes schema and topics; the others find them. */
async function startInTurn(replicas: readonly Replica[]): Promise<void> {
  const first = replicas.filter(({ index }) => index === 0);
  const others = replicas.filter(({ index }) => index > 0);
  await Promise.all(first.map((replica) => replica.start()));
  await Promise.all(others.map((replica) => replica.start()));
}

interface Prepared {
  readonly adminUrl: string;
  readonly databases: Readonly<Record<string, string>>;
  readonly prefix: string;
}

async function provision(options: FleetOptions, postgres: Postgres): Promise<Prepared> {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await client.query('create database switchboard');
  } finally {
    await client.end();
  }
  const url = new URL(postgres.url);
  url.pathname = '/switchboard';
  const services = SERVICES.map(({ name }) => name);
  const prefix = 'switchboard';
  const databases = await provisionDatabase(url.href, {
    services,
    passwords: Object.fromEntries(services.map((name) => [name, randomBytes(18).toString('base64url')])),
    rolePrefix: prefix,
    exclusive: true,
    connectionLimit: 36,
    ...(options.bus === 'embedded' ? { also: provisionEmbeddedBus } : {}),
  });
  return { adminUrl: url.href, databases, prefix };
}

function writeKeys(dataDir: string, others: readonly ProgramKey[]): { token: string; file: string } {
  const token = `sb_${randomBytes(24).toString('base64url')}`;
  const file = path.join(dataDir, 'api-keys.json');
  const entries = [{ id: 'fleet', token, scopes }, ...others].map(({ token: secret, ...entry }) => ({
    ...entry,
    sha256: createHash('sha256').update(secret).digest('hex'),
  }));
  writeFileSync(file, JSON.stringify(entries), { mode: 0o600 });
  return { token, file };
}

interface ReplicaPlan extends Prepared {
  readonly options: FleetOptions;
  readonly dataDir: string;
  readonly kafka: RunningKafka | undefined;
  readonly proxies: Proxies;
  readonly keysFile: string;
}

async function createReplicas(plan: ReplicaPlan): Promise<Replica[]> {
  const { options, dataDir, kafka, proxies } = plan;
  const services = options.services ?? SERVICES.map(({ name }) => name);
  const which = services.flatMap((service) =>
    Array.from({ length: options.replicas ?? 1 }, (_, index) => ({ service, index })),
  );
  const firstPort = await freePortRow(2 * which.length);
  const logFolder = path.join(dataDir, 'logs');
  mkdirSync(logFolder, { recursive: true });
  return which.map(({ service, index }, at) => {
    const database = through(proxies.postgres[index], plan.databases[service] ?? '');
    const brokers = proxies.kafka[index]?.address ?? kafka?.brokers ?? '';
    return createReplica({
      service,
      index,
      root: options.root,
      port: firstPort + 2 * at,
      metricsPort: firstPort + 2 * at + 1,
      logFolder,
      nodeArguments: options.nodeArguments?.(service, index) ?? [],
      env: {
        HOST: '127.0.0.1',
        TOPIC_PREFIX: plan.prefix,
        API_KEYS_FILE: plan.keysFile,
        LOG_LEVEL: 'warn',
        DATABASE_URL: database,
        ...(kafka === undefined ? { BUS_DATABASE_URL: database } : { KAFKA_BROKERS: brokers }),
        // Compiled code, which a process writes when it ends: kept for all fleets of this checkout.
        NODE_COMPILE_CACHE: path.join(options.root, 'node_modules/.cache/compiled'),
        ...options.env,
        ...options.replicaEnv?.({ service, index, database, brokers }),
      },
    });
  });
}
