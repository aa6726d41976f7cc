/** Prepares a database: a role and a schema for every service, and the clock they all read. */
import { Client } from 'pg';
import { provisionClock } from './clock.ts';
import { databaseName } from '../services.ts';
import { Hint } from '../hint.ts';

export interface ProvisionOptions {
  readonly services: readonly string[];
  /** Service -> password of its role. */
  readonly passwords: Readonly<Record<string, string>>;
  /** Roles are named `<prefix>_<service>`; roles belong to a whole server, so each installation on one needs its own. */
  readonly rolePrefix?: string;
  /** Most connections of one role; -1 is unlimited (the default). */
  readonly connectionLimit?: number;
  /** Whether nobody else uses the database: then everybody else's rights in it are taken away. */
  readonly exclusive?: boolean;
  /** What else to prepare in the same transaction, for example the embedded bus. */
  also?(admin: Client, roles: readonly string[]): Promise<void>;
}

/** The role of a service. */
export function roleName(service: string, prefix = 'switchboard'): string {
  return `${prefix.toLowerCase().replaceAll(/[^a-z0-9_]/gu, '_')}_${databaseName(service)}`;
}

/**
 * Makes or completes everything the services need; running it again changes nothing, also at the same time.
 * @returns service -> its own connection string
 */
export async function provisionDatabase(
  adminUrl: string,
  options: ProvisionOptions,
): Promise<Readonly<Record<string, string>>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await withAdmin(adminUrl, (admin) => provision(admin, options));
      return urlsOf(adminUrl, options);
    } catch (error) {
      // Roles belong to the whole server, beyond the reach of a lock in one database: somebody else was faster.
      if (attempt === 5 || !isRaceOverRoles(error)) throw explained(error);
    }
  }
}

/** Prepares the database of one service that was given a connection string of its own; no role is made. */
export async function provisionOwnDatabase(url: string, service: string): Promise<void> {
  await withAdmin(url, async (client) => {
    const schema = client.escapeIdentifier(databaseName(service));
    await client.query(`create schema if not exists ${schema}`);
    await client.query(
      `alter role current_user in database ${await currentDatabase(client)} set search_path = ${schema}`,
    );
    await provisionClock(client, []);
  });
}

async function withAdmin(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtext('switchboard.provision'))`);
    await client.query('set local client_min_messages = warning');
    await work(client);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

async function provision(admin: Client, options: ProvisionOptions): Promise<void> {
  const database = await currentDatabase(admin);
  if (options.exclusive === true) {
    await admin.query(`revoke all on database ${database} from public`);
    await admin.query('revoke all on schema public from public');
  }
  for (const service of options.services) await provisionService(admin, database, service, options);
  const roles = options.services.map((service) => roleName(service, options.rolePrefix));
  await provisionClock(admin, roles);
  await options.also?.(admin, roles);
}

async function provisionService(
  admin: Client,
  database: string,
  service: string,
  options: ProvisionOptions,
): Promise<void> {
  const name = roleName(service, options.rolePrefix);
  const role = admin.escapeIdentifier(name);
  const schema = admin.escapeIdentifier(databaseName(service));
  const password = options.passwords[service];
  if (password === undefined) throw new Error(`no password for the role of ${service}`);
  const known = await admin.query('select 1 from pg_roles where rolname = $1', [name]);
  if (known.rowCount === 0) await admin.query(`create role ${role}`);
  await admin.query(
    `alter role ${role} with login noinherit
     connection limit ${String(options.connectionLimit ?? -1)} password ${admin.escapeLiteral(password)}`,
  );
  // An administrator who is no superuser may give a schema only to a role it is a member of.
  const member = await admin.query<{ is: boolean }>(`select pg_has_role(current_user, $1, 'set') as is`, [name]);
  if (member.rows[0]?.is !== true) await admin.query(`grant ${role} to current_user with inherit true, set true`);
  await admin.query(`grant connect on database ${database} to ${role}`);
  await admin.query(`create schema if not exists ${schema} authorization ${role}`);
  await admin.query(`revoke all on schema ${schema} from public`);
  await admin.query(`alter role ${role} in database ${database} set search_path = ${schema}`);
}

async function currentDatabase(client: Client): Promise<string> {
  const answer = await client.query<{ name: string }>('select current_database() as name');
  return client.escapeIdentifier(answer.rows[0]?.name ?? '');
}

function urlsOf(adminUrl: string, options: ProvisionOptions): Readonly<Record<string, string>> {
  const entries = options.services.map((service) => {
    const url = new URL(adminUrl);
    url.username = roleName(service, options.rolePrefix);
    url.password = options.passwords[service] ?? '';
    return [service, url.href] as const;
  });
  return Object.fromEntries(entries);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** unique_violation, duplicate_object, "tuple concurrently updated". */
function isRaceOverRoles(error: unknown): boolean {
  return ['23505', '42710', 'XX000'].includes(codeOf(error));
}

function explained(error: unknown): unknown {
  if (codeOf(error) !== '42501') return error;
  const reason = error instanceof Error ? error.message : '';
  return new Hint(
    `DATABASE_URL: the role may not prepare the database (${reason}); it has to own it and may create roles.`,
  );
}
