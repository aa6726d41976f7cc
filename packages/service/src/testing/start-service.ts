/** A service in this process, on a database role of its own and the embedded bus: for the services' own tests. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createEmbeddedBus, provisionEmbeddedBus } from '@switchboard/bus';
import type { Bus, OutgoingRecord } from '@switchboard/bus';
import { decodeRecord, encodeEvent, entryOf, topicName } from '@switchboard/contracts';
import type { EventData, OwnEventType, ReceivedEvent, Service } from '@switchboard/contracts';
import type { Commands, Kinds } from '@switchboard/hallway';
import { eventually, moveClock, provisionedDatabase } from '@switchboard/testing';
import { readSettings } from '../config.ts';
import type { SettingsShape } from '../config.ts';
import { createService } from '../create-service.ts';
import type { RunningService } from '../create-service.ts';
import type { ServiceDefinition } from '../definition.ts';
import { scopes } from '../http/scopes.ts';

const PREFIX = 'switchboard';
/** One that may do everything. */
export const TOKEN = 'a-token-with-every-scope';
/** The token of the agent `anna`, who may do nothing but her own things. */
export const AGENT_TOKEN = 'a-token-of-agent-anna';
/** One that may read work, and nothing else. */
export const WORK_TOKEN = 'a-token-that-reads-work';

/** An event of another service, to be put on its topic. */
export type Saying<T extends OwnEventType = OwnEventType> = T extends OwnEventType
  ? { readonly type: T; readonly subject: string; readonly sequence?: number; readonly data: EventData<T> }
  : never;

/** An answer of the service; `body` is the parsed JSON. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: never;
}

/** A running service and the world around it. */
export interface TestService<M extends Commands> {
  readonly service: RunningService<M>;
  /** What it was started with: another replica starts with the same. */
  readonly environment: Readonly<Record<string, string>>;
  /** A request with every scope and a JSON body; a Buffer is sent as it is. */
  call(method: string, at: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<TestAnswer>;
  /** Publishes what another service would say. */
  say(...events: readonly Saying[]): Promise<void>;
  /** Publishes records as they are, for the topics of strangers; `topic` without its prefix. */
  publish(
    ...records: readonly (Pick<OutgoingRecord, 'headers'> & { topic: string; key: string; body: unknown })[]
  ): Promise<void>;
  /** Every own event as published so far. */
  readonly heard: readonly ReceivedEvent[];
  /** The service's own events of a type as published so far, oldest first, once the condition holds. */
  said<T extends OwnEventType>(
    type: T,
    until?: (events: readonly ReceivedEvent<T>[]) => void,
  ): Promise<ReceivedEvent<T>[]>;
  /** Moves the clock relative to real time. */
  moveClock(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the service on a fresh database. */
export async function startTestService<S extends SettingsShape, K extends Kinds, M extends Commands, C>(
  definition: ServiceDefinition<S, K, M, C>,
  extra: Readonly<Record<string, string>> = {},
): Promise<TestService<M>> {
  const database = await provisionedDatabase([definition.name], provisionEmbeddedBus);
  const url = database.services[definition.name] ?? database.url;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'switchboard-test-'));
  const environment = {
    PORT: '0',
    DATABASE_URL: url,
    BUS_DATABASE_URL: url,
    API_KEYS_FILE: keysFile(folder),
    LOG_LEVEL: 'silent',
    TOPIC_PREFIX: PREFIX,
    ...extra,
  };
  const service = createService(definition, readSettings(definition.settings, environment));
  const bus = createEmbeddedBus({ connectionString: url });
  await service.start();
  const heard = await listen(bus, definition.name);
  return {
    service,
    environment,
    heard,
    call: (method, at, body, headers = {}) => call(new URL(at, service.url()).href, { method, body, headers }),
    say: (...events) => bus.publish(events.map(toRecord)),
    publish: (...records) =>
      bus.publish(
        records.map(({ topic, key, body, headers }) => ({
          topic: `${PREFIX}.${topic}`,
          key,
          headers,
          value: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
        })),
      ),
    said: (type, until) =>
      eventually(() => {
        const events = heard.filter((event) => event.type === type) as never[];
        until?.(events);
        return events;
      }),
    moveClock: (seconds) => moveClock(database.url, seconds),
    stop: async () => {
      await service.stop();
      await bus.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function keysFile(folder: string): string {
  const file = path.join(folder, 'keys.json');
  const sha256 = (token: string) => createHash('sha256').update(token).digest('hex');
  const keys = [
    { id: 'test', sha256: sha256(TOKEN), scopes: Object.keys(scopes) },
    { id: 'anna', sha256: sha256(AGENT_TOKEN), scopes: ['agents:self'], agentId: 'anna' },
    { id: 'work', sha256: sha256(WORK_TOKEN), scopes: ['work:read'] },
  ];
  writeFileSync(file, JSON.stringify(keys));
  return file;
}

async function call(
  url: string,
  { method, body, headers }: { method: string; body: unknown; headers: Readonly<Record<string, string>> },
): Promise<TestAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? undefined : JSON.parse(text)) as never,
  };
}

function toRecord({ type, subject, sequence = 1, data }: Saying): OutgoingRecord {
  const id = randomUUID();
  const event = { id, type, subject, sequence, time: new Date().toISOString(), trace: { correlationId: id }, data };
  const service = entryOf(type).topic as Service;
  return encodeEvent(event as never, { service, prefix: PREFIX });
}

async function listen(bus: Bus, service: Service): Promise<ReceivedEvent[]> {
  const heard: ReceivedEvent[] = [];
  await bus.subscribe({
    group: `test-${randomUUID()}`,
    topics: [topicName(service, PREFIX)],
    onBatch: (records) => {
      for (const record of records) {
        const decoded = decodeRecord(record);
        if (decoded.kind !== 'event') throw new Error(`unreadable: ${JSON.stringify(decoded)}`);
        heard.push(decoded.event);
      }
      return Promise.resolve();
    },
    onDeath: (error) => {
      throw error;
    },
  });
  return heard;
}
