/**
 * `node packages/contracts/check.ts` checks the protos: format, lint, breaking changes against every image that was
 * ever committed, and that the generated code and the image are current. With `--write` it first formats, generates
 * and lets the image grow; a breaking change is refused either way.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const protos = join(root, 'proto');
const scratch = mkdtempSync(join(tmpdir(), 'switchboard-protos-'));

function buf(...args: string[]): void {
  execFileSync(join(root, 'node_modules/.bin/buf'), args, { cwd: protos, stdio: ['ignore', 'inherit', 'inherit'] });
}

function git(...args: string[]): Buffer | undefined {
  try {
    return execFileSync('git', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 });
  } catch {
    return undefined;
  }
}

/** Images of the last commits that changed it: growing the image must not hide a break. None in a source archive. */
function committedImages(): string[] {
  const commits = git('log', '--format=%H', '-n', '10', '--', 'proto/image.binpb')?.toString().trim().split('\n') ?? [];
  return commits.flatMap((commit) => {
    const image = commit === '' ? undefined : git('show', `${commit}:proto/image.binpb`);
    if (image === undefined) return [];
    const file = join(scratch, `${commit}.binpb`);
    writeFileSync(file, image);
    return [file];
  });
}

function build(image: string): void {
  buf('build', '.', '--exclude-source-info', '--output', image);
}

function filesOf(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

function staleFiles(): string[] {
  buf('generate', '.', '--output', join(scratch, 'proto'));
  build(join(scratch, 'image.binpb'));
  const generated = 'packages/contracts/src/gen';
  const [fresh, kept] = [filesOf(join(scratch, generated)), filesOf(join(root, generated))];
  const stale = [...new Set([...fresh.keys(), ...kept.keys()])].filter((name) => fresh.get(name) !== kept.get(name));
  const grown = readFileSync(join(scratch, 'image.binpb')).equals(readFileSync(join(protos, 'image.binpb')));
  return grown ? stale : [...stale, 'proto/image.binpb'];
}

function check(write: boolean): string[] {
  buf('format', ...(write ? ['--write'] : ['--diff', '--exit-code']));
  buf('lint');
  for (const image of ['image.binpb', ...committedImages()]) buf('breaking', '.', '--against', image);
  if (write) {
    buf('generate');
    build('image.binpb');
  }
  return staleFiles();
}

try {
  const stale = check(process.argv.includes('--write'));
  for (const name of stale) process.stderr.write(`not current: ${name} (node packages/contracts/check.ts --write)\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
