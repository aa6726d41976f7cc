/** Databases for tests, on the one server that runs for the whole test run. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { provisionDatabase, roleName } from '@switchboard/launcher/provision';
import type { ProvisionOptions } from '@switchboard/launcher/provision';

export interface TestDatabase {
  /** The superuser's connection string to the fresh database. */
  readonly url: string;
  /** The superuser's connection string to the server's own database. */
  readonly adminUrl: string;
  /** Removes the database, cutting whoever is still connected. */
  drop(): Promise<void>;
}

export interface ProvisionedDatabase extends TestDatabase {
  /** Service -> the connection string of its own role, as in production. */
  readonly services: Readonly<Record<string, string>>;
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
 * Creates a database with a role and a schema for each of the services and the clock, as `npm start` makes it.
 * @param also what else to prepare, for example the embedded bus
 */
export async function provisionedDatabase(
  services: readonly string[],
  also?: ProvisionOptions['also'],
): Promise<ProvisionedDatabase> {
  const database = await testDatabase();
  const rolePrefix = `test_${randomBytes(6).toString('hex')}`;
  const passwords = Object.fromEntries(services.map((service) => [service, randomBytes(12).toString('hex')]));
  const more = also === undefined ? {} : { also };
  const urls = await provisionDatabase(database.url, { services, passwords, rolePrefix, exclusive: true, ...more });
  return {
    ...database,
    services: urls,
    drop: async () => {
      await database.drop();
      for (const service of services) await run(database.adminUrl, `drop role ${roleName(service, rolePrefix)}`);
    },
  };
}

/**
 * Moves the installation's clock relative to real time; negative goes back.
 * @param databaseUrl the connection string of the database's owner
 */
export async function moveClock(databaseUrl: string, seconds: number): Promise<void> {
  await run(databaseUrl, `update clock.shift set moved = make_interval(secs => ${String(seconds)})`);
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
