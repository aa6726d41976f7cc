/** sla on a fresh database and the embedded bus, told what the other services would say. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createEmbeddedBus, provisionEmbeddedBus } from '@switchboard/bus';
import { decodeRecord, encodeEvent, entryOf, topicName } from '@switchboard/contracts';
import type { EventData, OwnEventType, PublishedEvent, ReceivedEvent, Service } from '@switchboard/contracts';
import { createService, openDatabase, readSettings } from '@switchboard/service';
import { moveClock, provisionedDatabase } from '@switchboard/testing';
import type { SlaCommands } from '../domain/commands.ts';
import { sla } from '../service.ts';
import type { CaseCommand, Teller } from './snapshots.ts';

const PREFIX = 'switchboard';
const TOKEN = 'token-sla';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface RunningSla extends Teller {
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  /** An answer that is a file. */
  readonly download: (path: string) => Promise<{ readonly headers: Headers; readonly text: string }>;
  /** SQL in sla's schema, for rows by the hundred. */
  readonly query: (text: string, values?: readonly unknown[]) => Promise<readonly object[]>;
  /** Publishes an event of another service. */
  publish<T extends OwnEventType>(type: T, data: EventData<T>, about: { subject: string; time: string }): void;
  /** Resolves once everything told so far is on the bus. */
  told(): Promise<void>;
  /** What sla has said so far. */
  readonly said: ReceivedEvent[];
  /** Asks the service's own tables. */
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Moves the clock this far ahead of the real one. */
  moveClock(seconds: number): Promise<void>;
  /** Moves it on. */
  moveOn(minutes: number): Promise<void>;
  /** Where `moveOn` has brought it: ISO 8601. */
  now(): string;
  /** Ends the service and starts it anew on the same database. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const MINUTE = 60_000;

function clockOf(url: string): Pick<RunningSla, 'moveClock' | 'moveOn' | 'now'> {
  let moved = 0;
  return {
    moveClock: (seconds) => moveClock(url, seconds),
    moveOn: async (minutes) => {
      moved += minutes * MINUTE;
      await moveClock(url, moved / 1000);
    },
    now: () => new Date(Date.now() + moved).toISOString(),
  };
}

export async function startSla(settings: Readonly<Record<string, string>> = {}): Promise<RunningSla> {
  const database = await provisionedDatabase(['sla'], provisionEmbeddedBus);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'switchboard-sla-'));
  const bus = createEmbeddedBus({ connectionString: database.url });
  const begin = () => start(database.services['sla'] ?? '', folder, settings);
  const service = await begin();
  let running = service;
  const tables = openTables(database.services['sla'] ?? '');
  const said: ReceivedEvent[] = [];
  await bus.subscribe({
    group: 'test',
    topics: [topicName('sla', PREFIX)],
    onDeath: (error) => {
      throw error;
    },
    onBatch: (records) => {
      for (const record of records) {
        const decoded = decodeRecord(record);
        if (decoded.kind === 'event') said.push(decoded.event);
      }
      return Promise.resolve();
    },
  });
  let publishing: Promise<void> = Promise.resolve();
  const publish: RunningSla['publish'] = (type, data, { subject, time }) => {
    const event = { id: randomUUID(), type, subject, sequence: 1, time, trace: { correlationId: 'test' }, data };
    const origin = { service: entryOf(type).topic as Service, prefix: PREFIX };
    const record = encodeEvent(event as unknown as PublishedEvent, origin);
    publishing = publishing.then(() => bus.publish([record]));
  };
  return {
    call: (method, at, body, headers) => call(running.url() + at, { method, body, headers }),
    download: async (at) => {
      const response = await fetch(running.url() + at, { headers: { authorization: `Bearer ${TOKEN}` } });
      return { headers: response.headers, text: await response.text() };
    },
    query: (text, values) => tables.query(text, values),
    publish,
    tell: teller(publish),
    told: () => publishing,
    said,
    sql: (text, values) => running.database.query(text, values),
    ...clockOf(database.url),
    restart: async () => {
      await running.stop();
      running = await begin();
    },
    stop: async () => {
      await publishing;
      await running.stop();
      await tables.close();
      await bus.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function openTables(url: string) {
  return openDatabase({ url, schema: 'sla', application: 'test', connections: 1, onIdleError: () => undefined });
}

async function start(url: string, folder: string, settings: Readonly<Record<string, string>>) {
  const file = path.join(folder, 'keys.json');
  const sha256 = createHash('sha256').update(TOKEN).digest('hex');
  writeFileSync(file, JSON.stringify([{ id: 'test', sha256, scopes: ['sla:read', 'sla:write', 'ops'] }]));
  const environment = {
    PORT: '0',
    DATABASE_URL: url,
    BUS_DATABASE_URL: url,
    API_KEYS_FILE: file,
    LOG_LEVEL: 'silent',
    KAFKA_PARTITIONS: '2',
    ...settings,
  };
  const service = createService(sla, readSettings(sla.settings, environment));
  await service.start();
  return service;
}

async function call(
  url: string,
  { method, body, headers }: { method: string; body: unknown; headers: Record<string, string> | undefined },
): Promise<Answer> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, ...type, ...headers },
    ...content,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

/** Commands as the events they come from. */
function teller(publish: RunningSla['publish']): Teller['tell'] {
  return (type, data) => {
    const command = { type, data } as { [T in CaseCommand]: { type: T; data: SlaCommands[T] } }[CaseCommand];
    switch (command.type) {
      case 'open-case':
      case 'receive-message': {
        const { at, ...payload } = command.data;
        const name = command.type === 'open-case' ? 'CaseOpened' : 'MessageReceived';
        publish(`switchboard.intake.v1.${name}`, payload, { subject: payload.case.id, time: at });
        break;
      }
      case 'record-answer': {
        const { at, ...payload } = command.data;
        const author = { kind: 'agent', id: 'agent-1' };
        const message = { id: randomUUID(), author, text: 'Hello', visibility: 'public', at };
        publish('switchboard.intake.v1.MessageSent', { ...payload, message }, { subject: payload.case.id, time: at });
        break;
      }
      case 'follow-case': {
        const { at, isBots, ...payload } = command.data;
        if (isBots === true) {
          const author = { kind: 'bot', id: 'bot-1' };
          const message = { id: randomUUID(), author, text: 'Hello', visibility: 'public', at };
          publish('switchboard.intake.v1.MessageSent', { ...payload, message }, { subject: payload.case.id, time: at });
          break;
        }
        const changed = { ...payload, from: '', reason: '' };
        publish('switchboard.intake.v1.CaseStatusChanged', changed, { subject: payload.case.id, time: at });
        break;
      }
      case 'accept-work': {
        const { caseId, channel, team, at } = command.data;
        const about = { subject: `work-${caseId}`, time: at };
        publish('switchboard.routing.v1.WorkAccepted', { ...work(caseId, channel, at), team }, about);
        break;
      }
      case 'follow-work': {
        const { caseId, team, at } = command.data;
        const { item } = work(caseId, 'email', at);
        const queued = { item, caseFacts: {}, contactFacts: {}, customerFacts: {}, avoid: [], team };
        publish('switchboard.routing.v1.WorkQueued', queued, { subject: `work-${caseId}`, time: at });
        break;
      }
      case 'follow-customer': {
        const { customer, at } = command.data;
        const about = { subject: customer.id, time: at };
        publish('switchboard.customer360.v1.ProfileChanged', { customer, changed: [], profile: {} }, about);
        break;
      }
      case 'attribute-case': {
        const { at, ...payload } = command.data;
        const data360 = { ...payload, contactId: payload.contact.id, caseId: payload.case.id, profile: {} };
        const about = { subject: payload.customer.id, time: at };
        publish('switchboard.customer360.v1.ContactAttributed', data360, about);
        break;
      }
    }
  };
}

function work(caseId: string, channel: string, at: string): EventData<'switchboard.routing.v1.WorkAccepted'> {
  const id = `work-${caseId}`;
  return {
    item: { id, version: 3, caseId, queueId: 'default', status: 'assigned', channel, priority: 3, enqueuedAt: at },
    reservation: {
      id: `reservation-${caseId}`,
      version: 2,
      workItemId: id,
      caseId,
      agentId: 'agent-1',
      status: 'accepted',
      createdAt: at,
      expiresAt: at,
    },
  };
}
