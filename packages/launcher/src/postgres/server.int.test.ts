import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '@switchboard/testing';
import { enterableFolder, SHARED_ROOT } from './binaries.ts';
import { startEmbeddedPostgres } from './server.ts';

describe('an embedded server', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = temporaryFolder('switchboard-server-');
  });
  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });
  const cluster = (): string => path.join(dataDir, 'postgres');

  it('keeps port and password, and starts past the pid file of a killed one', async () => {
    const first = await startEmbeddedPostgres({ dataDir });
    await first.kill();
    // The number in the file belongs to another living process by now.
    const pidFile = path.join(cluster(), 'postmaster.pid');
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    writeFileSync(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
    const second = await startEmbeddedPostgres({ dataDir });
    expect(second.url).toBe(first.url);
    await second.stop();
  });

  it('takes over from a server that outlived its owner', async () => {
    const left = await startEmbeddedPostgres({ dataDir });
    const next = await startEmbeddedPostgres({ dataDir, port: left.port });
    expect((await left.died).message).toContain('PostgreSQL ended by itself');
    await next.stop();
  });

  it('says what is wrong with a data folder', async () => {
    mkdirSync(cluster());
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      /no PostgreSQL data folder \(PG_VERSION is missing\)/u,
    );
    writeFileSync(path.join(cluster(), 'PG_VERSION'), '15\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/made by PostgreSQL 15, this is 18/u);
    writeFileSync(path.join(cluster(), 'PG_VERSION'), '18\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/postgres\.password is missing/u);
  });

  it('shows the last words of a server that cannot start', async () => {
    const server = await startEmbeddedPostgres({ dataDir });
    await server.stop();
    rmSync(path.join(cluster(), 'global'), { recursive: true });
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/could not start on .*could not open file/u);
  });

  it('makes its cluster whole or not at all', async () => {
    mkdirSync(`${cluster()}.new`);
    writeFileSync(path.join(`${cluster()}.new`, 'half'), '');
    const server = await startEmbeddedPostgres({ dataDir });
    expect(existsSync(`${cluster()}.new`)).toBe(false);
    await server.stop();
  });

  it('goes, as root, where the user of the database can enter, and to the same place every time', () => {
    const closed = path.join(dataDir, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o700);
    const stranger = { uid: 65_534, gid: 65_534 };
    if (process.getuid?.() === 0) {
      const chosen = enterableFolder(path.join(closed, '.data'), stranger);
      expect(path.dirname(chosen)).toBe(SHARED_ROOT);
      expect(enterableFolder(path.join(closed, '.data'), stranger)).toBe(chosen);
    }
    expect(enterableFolder(path.join(closed, '.data'), undefined)).toBe(path.join(closed, '.data'));
  });
});
