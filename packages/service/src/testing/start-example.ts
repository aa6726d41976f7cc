/** The example service on a fresh database and the embedded bus, with a few keys. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { provisionEmbeddedBus } from '@switchboard/bus';
import { testDatabase } from '@switchboard/testing';
import type { TestDatabase } from '@switchboard/testing';
import { Client } from 'pg';
import { readSettings } from '../config.ts';
import { createService } from '../create-service.ts';
import type { CreateOptions, RunningService } from '../create-service.ts';
import type { ExampleCommands } from './example/domain.ts';
import { example } from './example/service.ts';

export const tokens = { all: 'token-all', reader: 'token-reader', agent: 'token-agent', expired: 'token-expired' };

const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');
const keys = [
  { id: 'all', sha256: sha256(tokens.all), scopes: ['work:read', 'work:write', 'ops'] },
  { id: 'reader', sha256: sha256(tokens.reader), scopes: ['work:read'] },
  { id: 'agent', sha256: sha256(tokens.agent), scopes: ['agents:self'], agentId: 'a1' },
  { id: 'expired', sha256: sha256(tokens.expired), scopes: ['work:read'], expiresAt: '2020-01-01T00:00:00Z' },
];

export interface Example {
  readonly service: RunningService<ExampleCommands>;
  readonly database: TestDatabase;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A request with every scope and a JSON body, unless told otherwise. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  /** `null` sends none. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** A database with the embedded bus, and the environment a service process would be given. */
export async function exampleEnvironment(extra: Readonly<Record<string, string>> = {}, on?: TestDatabase) {
  const database = on ?? (await testDatabase());
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  await provisionEmbeddedBus(admin, []);
  await admin.end();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'switchboard-service-'));
  const file = path.join(folder, 'keys.json');
  writeFileSync(file, JSON.stringify(keys));
  const environment = {
    PORT: '0',
    DATABASE_URL: database.url,
    BUS_DATABASE_URL: database.url,
    API_KEYS_FILE: file,
    LOG_LEVEL: 'silent',
    ...extra,
  };
  const drop = async (): Promise<void> => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { database, folder, environment, drop };
}

export async function startExample(
  extra: Readonly<Record<string, string>> = {},
  options: CreateOptions & { readonly on?: TestDatabase } = {},
): Promise<Example> {
  const { database, folder, environment, drop } = await exampleEnvironment(extra, options.on);
  const service = createService(example, readSettings(example.settings, environment), options);
  await service.start();
  return {
    service,
    database,
    folder,
    environment,
    call: (method, at, given) => call(service.url() + at, method, given),
    close: async () => {
      await service.stop();
      await drop();
    },
  };
}

async function call(url: string, method: string, options: CallOptions = {}): Promise<Answer> {
  const { token = tokens.all, headers, body, raw } = options;
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}
