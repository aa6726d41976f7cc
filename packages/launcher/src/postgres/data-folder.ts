/** The folder an embedded server keeps its data in: made once, checked at every start, freed of a dead server's traces. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Hint } from '../hint.ts';
import { POSTGRES_MAJOR } from './binaries.ts';
import type { ServerBinaries, ServerUser } from './binaries.ts';

/** The parts of a Switchboard data folder that belong to the embedded server. */
export interface DataFolder {
  /** PostgreSQL's own folder. */
  readonly cluster: string;
  readonly log: string;
  readonly portFile: string;
  readonly passwordFile: string;
}

export function dataFolder(folder: string): DataFolder {
  return {
    cluster: path.join(folder, 'postgres'),
    log: path.join(folder, 'postgres.log'),
    portFile: path.join(folder, 'postgres.port'),
    passwordFile: path.join(folder, 'postgres.password'),
  };
}

/** Makes the database cluster when there is none and returns the superuser's password. */
export function prepareCluster(folder: DataFolder, binaries: ServerBinaries, user: ServerUser | undefined): string {
  if (existsSync(folder.cluster)) {
    checkCluster(folder.cluster);
    return readPassword(folder);
  }
  const password = randomBytes(24).toString('base64url');
  writePrivately(folder.passwordFile, password);
  initialise(folder, binaries, user, password);
  return password;
}

/** Writes a file only its owner can read. */
export function writePrivately(file: string, text: string): void {
  const aside = `${file}.${String(process.pid)}`;
  writeFileSync(aside, text, { mode: 0o600 });
  renameSync(aside, file);
}

function checkCluster(cluster: string): void {
  const versionFile = path.join(cluster, 'PG_VERSION');
  if (!existsSync(versionFile)) {
    throw new Hint(
      `${cluster} is no PostgreSQL data folder (PG_VERSION is missing): move it away to start afresh, or set SWITCHBOARD_DATA to another folder.`,
    );
  }
  const version = readFileSync(versionFile, 'utf8').trim();
  if (version !== POSTGRES_MAJOR) {
    throw new Hint(
      `${cluster} was made by PostgreSQL ${version}, this is ${POSTGRES_MAJOR}: move it away to start afresh, or dump it with version ${version} and load it here.`,
    );
  }
}

function readPassword(folder: DataFolder): string {
  try {
    return readFileSync(folder.passwordFile, 'utf8').trim();
  } catch {
    throw new Hint(
      `${folder.passwordFile} is missing or unreadable: without it the database beside it cannot be opened.`,
    );
  }
}

/** Made aside and then renamed, so that a start cut short leaves no half-made database. */
function initialise(
  folder: DataFolder,
  binaries: ServerBinaries,
  user: ServerUser | undefined,
  password: string,
): void {
  const aside = `${folder.cluster}.new`;
  const passwordCopy = `${folder.cluster}.pwfile`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { mode: 0o700 });
  writePrivately(passwordCopy, password);
  if (user !== undefined) for (const file of [aside, passwordCopy]) chownSync(file, user.uid, user.gid);
  const made = spawnSync(
    binaries.initdb,
    [
      ...['--pgdata', aside, '--username', 'postgres', '--pwfile', passwordCopy, '--auth', 'scram-sha-256'],
      ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
      '--no-instructions',
    ],
    { cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, encoding: 'utf8', ...user },
  );
  rmSync(passwordCopy, { force: true });
  if (made.status !== 0) {
    throw new Hint(`PostgreSQL could not make its data folder ${aside}: ${made.error?.message ?? made.stderr.trim()}`);
  }
  renameSync(aside, folder.cluster);
}

/**
 * Ends a server that outlived its owner and removes the pid file of one that was killed. PostgreSQL does the latter
 * itself, unless another process has got the dead one's number.
 */
export function clearTraces(cluster: string, binaries: ServerBinaries, user: ServerUser | undefined): void {
  const pidFile = path.join(cluster, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (!isServerOf(pid, cluster)) {
    rmSync(pidFile, { force: true });
    return;
  }
  const stopped = spawnSync(binaries.pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '30'], {
    cwd: '/',
    stdio: 'ignore',
    ...user,
  });
  if (stopped.status !== 0)
    throw new Hint(`A PostgreSQL process (${String(pid)}) still uses ${cluster} and does not stop.`);
}

function isServerOf(pid: number, cluster: string): boolean {
  const command = existsSync('/proc/self/cmdline')
    ? readOr(`/proc/${String(pid)}/cmdline`, '')
    : spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout;
  return command.includes('postgres') && command.includes(cluster);
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

/** Whether the folder can be written to; a clear sentence when not. */
export function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const probe = path.join(folder, `.probe.${String(process.pid)}`);
    writeFileSync(probe, '');
    rmSync(probe);
    readdirSync(folder);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Hint(`The data folder ${folder} cannot be written to (${reason}): set SWITCHBOARD_DATA to one that can.`);
  }
}
