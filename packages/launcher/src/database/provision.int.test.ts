import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { testDatabase } from '@switchboard/testing';
import type { TestDatabase } from '@switchboard/testing';
import { provisionDatabase, provisionOwnDatabase, roleName } from './provision.ts';

const services = ['intake', 'customer-360'];
const passwords = { intake: 'intake-password', 'customer-360': 'customer-password' };

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function freshPrefix(): string {
  return `test_${randomBytes(6).toString('hex')}`;
}

async function dropRoles(database: TestDatabase, prefix: string): Promise<void> {
  await database.drop();
  for (const service of services) await query(database.adminUrl, `drop role if exists ${roleName(service, prefix)}`);
}

describe('a provisioned database', () => {
  const rolePrefix = freshPrefix();
  let database: TestDatabase;
  let urls: Readonly<Record<string, string>>;
  const url = (service: string): string => urls[service] ?? '';

  beforeAll(async () => {
    database = await testDatabase();
    // Four at once: whoever comes second finds everything there.
    const runs = await Promise.all(
      [1, 2, 3, 4].map(() => provisionDatabase(database.url, { services, passwords, rolePrefix, exclusive: true })),
    );
    urls = runs[0] ?? {};
  });
  afterAll(() => dropRoles(database, rolePrefix));

  it('gives every service a schema of its own that unqualified names mean', async () => {
    await query(url('customer-360'), 'create table profile (id text)');
    expect(await query(database.url, `select schemaname from pg_tables where tablename = 'profile'`)).toEqual([
      { schemaname: 'customer_360' },
    ]);
  });

  it.each([
    ['read another schema', 'select * from customer_360.secret'],
    ['create in another schema', 'create table customer_360.mine (id text)'],
    ['create in the public schema', 'create table public.mine (id text)'],
    ['create a schema', 'create schema mine'],
    ['create a temporary table', 'create temporary table mine (id text)'],
    ['move the clock', `update clock.shift set moved = '1 day'`],
    ['replace the clock', `create or replace function clock.now() returns timestamptz language sql as 'select now()'`],
    ['create a role', 'create role mine'],
    ['become another role', `set role ${roleName('customer-360', rolePrefix)}`],
  ])('does not let a service %s', async (_what, sql) => {
    await query(url('customer-360'), 'create table if not exists secret (id text)');
    await expect(query(url('intake'), sql)).rejects.toThrow(/permission denied|must be owner/u);
  });

  it('has one clock that only its owner moves', async () => {
    await query(database.url, `update clock.shift set moved = '1 day'`);
    const rows = await query(url('intake'), `select clock.now() > clock_timestamp() + interval '23 hours' as tomorrow`);
    expect(rows).toEqual([{ tomorrow: true }]);
  });

  it('can be provisioned again by an owner who is no superuser, with new passwords', async () => {
    const owner = `${rolePrefix}_owner`;
    const again = await testDatabase();
    const name = new URL(again.url).pathname.slice(1);
    await query(again.adminUrl, `create role ${owner} login createrole password 'owner'`);
    await query(again.adminUrl, `alter database ${name} owner to ${owner}`);
    const ownerUrl = Object.assign(new URL(again.url), { username: owner, password: 'owner' }).href;
    const prefix = freshPrefix();
    await provisionDatabase(ownerUrl, { services, passwords, rolePrefix: prefix });
    const changed = await provisionDatabase(ownerUrl, {
      services,
      passwords: { ...passwords, intake: 'another' },
      rolePrefix: prefix,
    });
    expect(await query(changed.intake ?? '', 'select current_schema() as here')).toEqual([{ here: 'intake' }]);
    await dropRoles(again, prefix);
    await query(again.adminUrl, `drop role ${owner}`);
  });
});

describe('a database of one service alone', () => {
  it('is prepared with the rights of its owner, who needs no other', async () => {
    const database = await testDatabase();
    const name = new URL(database.url).pathname.slice(1);
    const owner = `${freshPrefix()}_owner`;
    await query(database.adminUrl, `create role ${owner} login password 'owner'`);
    await query(database.adminUrl, `alter database ${name} owner to ${owner}`);
    const url = Object.assign(new URL(database.url), { username: owner, password: 'owner' }).href;
    await provisionOwnDatabase(url, 'customer-360');
    await provisionOwnDatabase(url, 'customer-360');
    const rows = await query(url, 'select current_schema() as here, clock.now() is not null as clock');
    expect(rows).toEqual([{ here: 'customer_360', clock: true }]);
    await database.drop();
    await query(database.adminUrl, `drop role ${owner}`);
  });
});
