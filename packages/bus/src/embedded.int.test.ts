import { testDatabase } from '@switchboard/testing';
import type { TestDatabase } from '@switchboard/testing';
import { Client } from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { busConformance } from './conformance/suite.ts';
import { provisionEmbeddedBus } from './embedded-provision.ts';
import { createEmbeddedBus } from './embedded.ts';

const silenceMs = 1500;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await asAdmin((admin) => provisionEmbeddedBus(admin, []));
});

afterAll(async () => {
  await database.drop();
});

async function asAdmin(work: (admin: Client) => Promise<unknown>): Promise<void> {
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

busConformance({
  name: 'embedded bus',
  silenceMs,
  createBus: () => createEmbeddedBus({ connectionString: database.url, leaseMs: silenceMs }),
  createLostBus: () => createEmbeddedBus({ connectionString: 'postgresql://127.0.0.1:1/nothing' }),
  processBus: () => ({ kind: 'embedded', connectionString: database.url, silenceMs }),
  ruin: async () => {
    await asAdmin(async (admin) => {
      await admin.query('alter function bus.fetch rename to fetch_elsewhere');
    });
  },
});
