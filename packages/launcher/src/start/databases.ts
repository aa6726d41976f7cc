/** The database behind the services: started or taken as given, and prepared for each of them. */
import path from 'node:path';
import { Client } from 'pg';
import { provisionEmbeddedBus } from '@switchboard/bus';
import { provisionDatabase, provisionOwnDatabase } from '../database/provision.ts';
import type { ProvisionOptions } from '../database/provision.ts';
import { Hint } from '../hint.ts';
import { startEmbeddedPostgres } from '../postgres/server.ts';
import { SERVICES } from '../services.ts';
import type { Settings } from './settings.ts';

export interface Databases {
  /** Service -> its connection string. */
  readonly urls: Readonly<Record<string, string>>;
  /** The connection string of whoever owns the one database; none when they are separate. */
  readonly adminUrl: string | undefined;
  /** Resolves when an embedded server ends by itself. */
  readonly died: Promise<Error>;
  stop(): Promise<void>;
}

export interface DatabasePlan {
  readonly settings: Settings;
  readonly dataDir: string;
  readonly passwords: Readonly<Record<string, string>>;
  onProgress(text: string): void;
}

const never = new Promise<Error>(() => undefined);
const names = SERVICES.map(({ name }) => name);

/** Starts what is ours to start, and prepares it. */
export function openDatabases(plan: DatabasePlan): Promise<Databases> {
  const { database } = plan.settings;
  if (database.kind === 'separate') return openSeparate(database.urls, plan);
  if (database.kind === 'given') return openGiven(database.url, plan);
  return openEmbedded(plan);
}

async function openSeparate(urls: Readonly<Record<string, string>>, plan: DatabasePlan): Promise<Databases> {
  plan.onProgress('Preparing the databases');
  for (const [service, url] of Object.entries(urls)) {
    await reachable(`the database of ${service}`, () => provisionOwnDatabase(url, service));
  }
  return { urls, adminUrl: undefined, died: never, stop: () => Promise.resolve() };
}

async function openGiven(adminUrl: string, plan: DatabasePlan): Promise<Databases> {
  plan.onProgress('Preparing the database');
  const urls = await reachable('the database at DATABASE_URL', () =>
    provisionDatabase(adminUrl, provisionOptions(plan)),
  );
  return { urls, adminUrl, died: never, stop: () => Promise.resolve() };
}

async function openEmbedded(plan: DatabasePlan): Promise<Databases> {
  plan.onProgress('Starting PostgreSQL');
  const server = await startEmbeddedPostgres({ dataDir: plan.dataDir });
  try {
    plan.onProgress('Preparing the database');
    const adminUrl = await ensureDatabase(server.url, 'switchboard');
    // 200 connections in all, some kept for whoever looks after the server.
    const options = { ...provisionOptions(plan), exclusive: true, connectionLimit: 36 };
    const urls = await provisionDatabase(adminUrl, options);
    return { urls, adminUrl, died: server.died, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function provisionOptions({ settings, passwords }: DatabasePlan): ProvisionOptions {
  const base = { services: names, passwords, rolePrefix: settings.topicPrefix };
  return settings.kafka.KAFKA_BROKERS === undefined ? { ...base, also: provisionEmbeddedBus } : base;
}

async function ensureDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const known = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (known.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function reachable<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Hint) throw error;
    throw new Hint(`Cannot prepare ${what}: ${error instanceof Error ? describe(error) : String(error)}`);
  }
}

/** A refused connection to `localhost` is an AggregateError without words of its own. */
function describe(error: Error): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(String).join(', ');
  return error.message;
}

/** Where an installation's files are, below its data folder. */
export function logFolder(dataDir: string): string {
  return path.join(dataDir, 'logs');
}
