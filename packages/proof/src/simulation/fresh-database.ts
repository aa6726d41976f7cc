/** An empty database for as long as the work takes. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** @param adminUrl a superuser's connection string */
export async function withFreshDatabase<T>(adminUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `simulation_${randomBytes(6).toString('hex')}`;
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`create database ${name}`);
    const url = new URL(adminUrl);
    url.pathname = `/${name}`;
    return await work(url.href);
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
  }
}
