/** Once per test run: one database server, and Kafka where it can be had. */
import { rmSync } from 'node:fs';
import { startEmbeddedPostgres } from '@switchboard/launcher/postgres';
import { temporaryFolder } from './postgres.ts';

/** Starts the server and tells the tests where it is; `vitest` calls what is returned when all is over. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = temporaryFolder('switchboard-tests-');
  const server = await startEmbeddedPostgres({ dataDir: folder });
  process.env.SWITCHBOARD_TEST_DATABASE = server.url;
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
