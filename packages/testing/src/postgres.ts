/** A PostgreSQL server of a test's own, for what must be stopped, killed or started anew. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '@switchboard/launcher/postgres';
import type { Postgres } from '@switchboard/launcher/postgres';

export interface StartPostgresOptions {
  /** Kept after `stop`; without it a temporary folder is made and removed. */
  readonly dataDir?: string;
  readonly port?: number;
  /** Server settings that differ from ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts a server. Where any database will do, `testDatabase` is a hundred times cheaper. */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<Postgres> {
  const dataDir = options.dataDir ?? temporaryFolder('switchboard-postgres-');
  const server = await startEmbeddedPostgres({ ...options, dataDir });
  if (options.dataDir !== undefined) return server;
  return {
    ...server,
    get pid() {
      return server.pid;
    },
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A new folder that other users can enter, as the database's user has to. */
export function temporaryFolder(prefix: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), prefix));
  chmodSync(folder, 0o755);
  return folder;
}
