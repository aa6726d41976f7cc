/** Another version of this checkout, ready to run: its files from git, the installed packages of this one. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '@switchboard/testing';

export interface Checkout {
  readonly root: string;
  readonly commit: string;
  remove(): void;
}

/**
 * @param root this checkout
 * @param ref a commit, tag or branch
 * @throws when git does not know it
 */
export function checkOut(root: string, ref: string): Checkout {
  const commit = git(root, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])
    .toString()
    .trim();
  if (commit === '') throw new Error(`git knows no commit "${ref}": fetch it, or name another one`);
  const folder = temporaryFolder('switchboard-version-');
  const files = git(root, ['archive', '--format=tar', commit]);
  const unpacked = spawnSync('tar', ['-x', '-C', folder], { input: files });
  if (unpacked.status !== 0) throw new Error(`tar: ${unpacked.stderr.toString()}`);
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  for (const group of ['packages', 'services']) {
    for (const name of readdirSync(path.join(folder, group))) {
      linkPackages(root, folder, path.join(group, name));
      linkMissing(root, folder, path.join(group, name));
    }
  }
  return {
    root: folder,
    commit,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The links are relative: between packages they stay within the other checkout. */
function linkPackages(root: string, folder: string, name: string): void {
  const installed = path.join(root, name, 'node_modules');
  if (!existsSync(installed)) return;
  mkdirSync(path.join(folder, name), { recursive: true });
  cpSync(installed, path.join(folder, name, 'node_modules'), { recursive: true, verbatimSymlinks: true });
}

/** What that version asked for and this one asks for elsewhere: as installed for whoever has it now. */
function linkMissing(root: string, folder: string, name: string): void {
  const manifest = path.join(folder, name, 'package.json');
  if (!existsSync(manifest)) return;
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  for (const [dependency, version] of Object.entries(dependencies)) {
    const link = path.join(folder, name, 'node_modules', dependency);
    if (existsSync(link)) continue;
    const places = version.startsWith('workspace:')
      ? ['packages', 'services'].map((group) => path.join(folder, group, path.basename(dependency)))
      : [path.join(root, 'node_modules/.pnpm/node_modules', dependency)];
    const target = places.find((place) => existsSync(place));
    if (target === undefined)
      throw new Error(`${name} of that version needs ${dependency}, which is not installed here`);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(target, link);
  }
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

function git(root: string, args: readonly string[]): Buffer {
  const { stdout, error } = spawnSync('git', ['-C', root, ...args], { maxBuffer: 256 * 1024 * 1024 });
  if (error !== undefined) throw error;
  return stdout;
}
