/**
 * The very first step of every command, plain JavaScript for whatever Node is on the machine (20 or newer): install
 * what is missing, then hand over to the pinned Node, which runs the TypeScript as written.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');
const pnpm = 'pnpm@10.34.9';

/** Something the reader can mend; shown without a stack. */
class Hint extends Error {}

/**
 * Installs what is missing and runs a script of this folder on the pinned Node.
 * @param {string} script file name in `scripts/`
 * @param {readonly string[]} args
 * @param {{env?: Record<string, string>}} [options]
 * @returns {Promise<number>} the script's exit code
 */
export async function runOnPinnedNode(script, args, options = {}) {
  const code = await installOrSayWhyNot();
  return code === 0 ? runScript(path.join(root, 'scripts', script), args, options.env ?? {}) : code;
}

async function installOrSayWhyNot() {
  try {
    await installWhatIsMissing();
    return 0;
  } catch (error) {
    if (!(error instanceof Hint)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function installWhatIsMissing() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Hint(`Switchboard needs Node 20 or newer to start; this is ${process.versions.node}.`);
  }
  const wanted = stampOf(readFileSync(path.join(root, 'pnpm-lock.yaml')));
  if (installed() === wanted) return;
  const release = await takeInstallLock();
  try {
    if (installed() === wanted) return;
    await install();
    writeFileSync(stampFile(), wanted);
  } finally {
    release();
  }
}

function stampFile() {
  return path.join(modules, '.switchboard-install');
}

function stampOf(lockfile) {
  return [createHash('sha256').update(lockfile).digest('hex'), process.platform, process.arch, pnpm].join(' ');
}

function installed() {
  try {
    accessSync(pinnedNode(), constants.X_OK);
    return readFileSync(stampFile(), 'utf8');
  } catch {
    return undefined;
  }
}

function pinnedNode() {
  return path.join(modules, 'node', 'bin', 'node');
}

/** One install at a time for one checkout: whoever comes second waits, and then finds everything there. */
async function takeInstallLock() {
  const lock = path.join(modules, '.switchboard-install.lock');
  const mine = `${lock}.${String(process.pid)}`;
  try {
    mkdirSync(modules, { recursive: true });
    writeFileSync(mine, String(process.pid));
  } catch (error) {
    throw new Hint(
      `Cannot write to ${modules} (${error.code}): run as the folder's owner, or give yourself the right.`,
    );
  }
  let said = false;
  for (;;) {
    try {
      linkSync(mine, lock);
      return () => {
        rmSync(lock, { force: true });
        rmSync(mine, { force: true });
      };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (removeDeadLock(lock)) continue;
    if (!said) process.stdout.write('Waiting for another install in this folder to finish ...\n');
    said = true;
    await sleep(500);
  }
}

function removeDeadLock(lock) {
  try {
    if (isAlive(Number(readFileSync(lock, 'utf8')))) return false;
    const aside = `${lock}.dead.${String(process.pid)}`;
    renameSync(lock, aside);
    // Between reading and renaming somebody may have replaced the dead lock by a living one: give it back.
    if (isAlive(Number(readFileSync(aside, 'utf8')))) linkSync(aside, lock);
    rmSync(aside, { force: true });
    return true;
  } catch {
    return true;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function install() {
  const began = Date.now();
  const stopProgress = showProgress('Installing what is missing (the first time takes about a minute)');
  const { code, output } = await runQuietly('npx', [
    '-y',
    pnpm,
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
    '--config.confirmModulesPurge=false',
  ]);
  stopProgress();
  if (code !== 0) {
    process.stderr.write(output);
    const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ERR_PNPM_META_FETCH_FAIL/u.test(output);
    throw new Hint(
      offline
        ? 'The install failed because the npm registry cannot be reached from here.'
        : 'The install failed; its output is above.',
    );
  }
  process.stdout.write(`Installed in ${String(Math.round((Date.now() - began) / 1000))} s.\n`);
}

function showProgress(text) {
  const { stdout } = process;
  if (!stdout.isTTY) {
    stdout.write(`${text} ...\n`);
    return () => undefined;
  }
  const began = Date.now();
  const show = () => stdout.write(`\r${text} ... ${String(Math.round((Date.now() - began) / 1000))} s`);
  show();
  const ticker = setInterval(show, 1000);
  return () => {
    clearInterval(ticker);
    stdout.write('\n');
  };
}

/** Output is kept back (npm comments on settings that are none of ours) and shown only when something fails. */
function runQuietly(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => {
      reject(
        error.code === 'ENOENT'
          ? new Hint('npx was not found: install Node 20 or newer together with npm, and put both on the PATH.')
          : error,
      );
    });
    child.on('close', (code) => resolve({ code, output }));
  });
}

function runScript(script, args, env) {
  const bins = [path.join(modules, 'node', 'bin'), path.join(modules, '.bin'), process.env.PATH ?? ''];
  const child = spawn(pinnedNode(), [script, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...env, PATH: bins.join(path.delimiter) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (os.constants.signals[signal] ?? 1)));
  });
}

// `node scripts/bootstrap.mjs` only installs.
if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await installOrSayWhyNot();
