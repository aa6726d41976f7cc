/** The house under test: a fleet on servers of a production machine's size, with telemetry on, and all its processes named. */
import path from 'node:path';
import { Client } from 'pg';
import { startFleet, type Fleet, type FleetOptions } from '@switchboard/fleet';
import type { ServiceName } from '@switchboard/launcher';
import type { Watched } from '../cpu.ts';
import type { ScenarioContext } from '../scenario.ts';
import { profileReport } from '../report/profile.ts';
import { countingStatements, countStatements, statementReport } from '../report/statements.ts';
import { openSink } from './sink.ts';

/** Of each topic, where the command line says nothing. */
export const PARTITIONS = 3;

export interface House {
  readonly fleet: Fleet;
  /** Services, database, broker, and this process. */
  readonly watched: readonly Watched[];
  put(service: ServiceName, at: string, body: object): Promise<void>;
  post<T>(service: ServiceName, at: string, body: object): Promise<T>;
  /** With `--cpu-prof`: what statements took before does not count. */
  countStatements(): Promise<void>;
  /** With `--cpu-prof` it tells what the services and the database spent their time on. */
  stop(): Promise<void>;
}

export interface HouseOptions {
  /** Those that run (default: all five). */
  readonly services?: readonly ServiceName[];
  readonly env?: Readonly<Record<string, string>>;
  /** Settings of PostgreSQL beyond those of every scenario. */
  readonly postgres?: Readonly<Record<string, string>>;
}

export async function openHouse(context: ScenarioContext, options: HouseOptions = {}): Promise<House> {
  const sink = await openSink();
  const profiles = context.options.cpuProfiles
    ? path.join(context.outputFolder, `profiles-${new Date().toISOString().replaceAll(':', '')}`)
    : undefined;
  try {
    const fleet = await startFleet(fleetOptions(context, { ...options, endpoint: sink.endpoint, profiles }));
    sink.scrape(fleet.replicas.map(({ metricsUrl }) => metricsUrl));
    const atDatabase = async <T>(ask: (client: Client) => Promise<T>): Promise<T | undefined> =>
      profiles === undefined ? undefined : withClient(fleet.adminUrl, ask);
    await atDatabase(countStatements);
    return {
      fleet,
      watched: watchedOf(fleet),
      put: async (service, at, body) => {
        await call(fleet, service, { method: 'PUT', at, body });
      },
      post: async (service, at, body) => (await call(fleet, service, { method: 'POST', at, body })) as never,
      countStatements: async () => {
        await atDatabase(countStatements);
      },
      stop: async () => {
        const statements = await atDatabase(statementReport).catch(String);
        await fleet.stop();
        await sink.close();
        if (profiles !== undefined) context.tell(`${statements ?? ''}${profileReport(profiles)}`);
      },
    };
  } catch (error) {
    await sink.close();
    throw error;
  }
}

async function withClient<T>(url: string, ask: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return await ask(client);
  } finally {
    await client.end();
  }
}

function fleetOptions(
  { root, options, tell }: ScenarioContext,
  { services, env, postgres, endpoint, profiles }: HouseOptions & { endpoint: string; profiles: string | undefined },
): FleetOptions {
  return {
    root,
    bus: options.bus,
    replicas: options.replicas,
    purpose: 'load',
    onProgress: tell,
    ...(services === undefined ? {} : { services }),
    postgres: { ...postgres, ...(profiles === undefined ? {} : countingStatements) },
    env: {
      KAFKA_PARTITIONS: String(options.partitions ?? PARTITIONS),
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      TRACE_SAMPLE_RATIO: '0.01',
      ...env,
    },
    nodeArguments: (service, index) =>
      profiles === undefined
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${service}-${String(index)}.cpuprofile`],
  };
}

function watchedOf(fleet: Fleet): Watched[] {
  return [
    ...fleet.replicas.map(({ service, index, pid }) => ({
      name: index === 0 ? service : `${service}-${String(index)}`,
      role: 'service' as const,
      pid,
    })),
    { name: 'PostgreSQL', role: 'database', pid: fleet.postgres.pid, family: true },
    ...(fleet.kafka === undefined ? [] : [{ name: 'Kafka', role: 'broker' as const, pid: fleet.kafka.pid }]),
    { name: 'bench', role: 'load', pid: process.pid },
  ];
}

interface Call {
  readonly method: 'PUT' | 'POST';
  readonly at: string;
  readonly body: object;
}

async function call(fleet: Fleet, service: ServiceName, { method, at, body }: Call): Promise<unknown> {
  const response = await fetch(`${fleet.of(service)[0]?.url ?? ''}${at}`, {
    method,
    headers: { authorization: `Bearer ${fleet.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${at} answered ${String(response.status)}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
