/** The five services as plain processes behind the joint base URL, and a caller in front of it. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { createEmbeddedBus, createKafkaBus, type Bus } from '@switchboard/bus';
import { freePortRow, startSwitchboard, type RunningSwitchboard } from '@switchboard/launcher';
import { eventually, moveClock, temporaryFolder } from '@switchboard/testing';

const root = path.resolve(import.meta.dirname, '../../..');

export interface House {
  readonly running: RunningSwitchboard;
  readonly bus: Bus;
  /** The topic prefix, one a house: houses may share brokers. */
  readonly prefix: string;
  /** Calls the joint base URL. @throws when the answer is not 2xx */
  put(at: string, body: object): Promise<void>;
  post<T = Record<string, unknown>>(at: string, body?: object, headers?: Record<string, string>): Promise<T>;
  get<T>(at: string): Promise<T>;
  /** The items of a list once there are as many as asked for. */
  list<T>(at: string, atLeast: number): Promise<readonly T[]>;
  moveClock(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** @param brokers real Kafka; the embedded bus without */
export async function openHouse(brokers?: string): Promise<House> {
  const dataDir = temporaryFolder('switchboard-story-');
  const prefix = `story${String(Date.now())}`;
  const env = {
    SWITCHBOARD_PORT: String(await freePortRow(11)),
    SWITCHBOARD_DATA: dataDir,
    TOPIC_PREFIX: prefix,
    LOG_LEVEL: 'warn',
    ...(brokers === undefined ? {} : { KAFKA_BROKERS: brokers, KAFKA_PARTITIONS: '3' }),
  };
  const running = await startSwitchboard({ root, env });
  const adminUrl = running.adminUrl ?? '';
  const bus =
    brokers === undefined
      ? createEmbeddedBus({ connectionString: adminUrl })
      : createKafkaBus({ brokers: brokers.split(','), clientId: 'story' });
  const call = async (method: string, at: string, options: CallOptions = {}): Promise<unknown> =>
    request(running, `${method} ${at}`, options);
  return {
    running,
    bus,
    prefix,
    put: async (at, body) => {
      await call('PUT', at, { body });
    },
    post: async (at, body, headers) => (await call('POST', at, { body, headers })) as never,
    get: async (at) => (await call('GET', at)) as never,
    list: (at, atLeast) =>
      eventually(async () => {
        const { items } = (await call('GET', at)) as { items: never[] };
        if (items.length < atLeast)
          throw new Error(`${at} has ${String(items.length)} items: ${JSON.stringify(items)}`);
        return items;
      }),
    moveClock: (ms) => moveClock(adminUrl, ms / 1000),
    async stop() {
      await bus.close();
      await running.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

interface CallOptions {
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

async function request(
  { baseUrl, token }: RunningSwitchboard,
  line: string,
  { body, headers = {} }: CallOptions,
): Promise<unknown> {
  const [method = 'GET', at = '/'] = line.split(' ');
  const response = await fetch(baseUrl + at, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${line} answered ${String(response.status)}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
