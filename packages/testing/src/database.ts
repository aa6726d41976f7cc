/** Databases for tests, on the one server that runs for the whole test run. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export interface TestDatabase {
  /** The superuser's connection string to the fresh database. */
  readonly url: string;
  /** The superuser's connection string to the server's own database. */
  readonly adminUrl: string;
  /** Removes the database, cutting whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * Creates an empty database with a name of its own.
 * @throws when the test run has no server (see `globalSetup` in `vitest.config.ts`)
 */
export async function testDatabase(): Promise<TestDatabase> {
  const adminUrl = process.env.SWITCHBOARD_TEST_DATABASE;
  if (adminUrl === undefined) throw new Error('SWITCHBOARD_TEST_DATABASE is not set: run tests through vitest');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await run(adminUrl, `create database ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, adminUrl, drop: () => run(adminUrl, `drop database if exists ${name} with (force)`) };
}

/**
 * The test run's Kafka as a broker list.
 * @throws when there is none; tests named `*kafka*.int.test.ts` and `*kafka*.e2e.test.ts` are left out then
 */
export function testKafka(): string[] {
  const brokers = process.env.SWITCHBOARD_TEST_KAFKA;
  if (brokers === undefined) throw new Error('SWITCHBOARD_TEST_KAFKA is not set: run tests through vitest');
  return brokers.split(',');
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
