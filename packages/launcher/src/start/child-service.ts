/** One service as a child process: started, waited for, stopped, and missed when it ends by itself. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dieWithUs } from '../die-with-us.ts';
import { isReady } from '../gateway/gateway.ts';
import { Hint } from '../hint.ts';

export interface ChildServiceOptions {
  readonly name: string;
  /** The script Node runs. */
  readonly main: string;
  /** Arguments of Node before the script, for example `--cpu-prof`. */
  readonly nodeArguments?: readonly string[];
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFolder: string;
  readonly url: string;
}

export interface ChildService {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** Resolves with the reason when the process ends without having been told to. */
  readonly died: Promise<Error>;
  /** Resolves when the service takes work; rejects when it ends before, or after two minutes. */
  ready(): Promise<void>;
  /** Asks it to end, and makes it after `limitMs`. */
  stop(limitMs?: number): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

/**
 * Room for young objects, MB. A batch makes many that live as long as it does; in the usual 16 MB they are copied again
 * and again before they die. The image sets the same (`infra/Dockerfile`).
 */
const SEMI_SPACE = '--max-semi-space-size=64';

/** Starts `node <main>`; its output goes to a file of its own. */
export function startChildService(options: ChildServiceOptions): ChildService {
  const { name, url } = options;
  const logFile = path.join(options.logFolder, `${name}.log`);
  const { child, exited } = spawnNode(options, logFile);
  const pid = child.pid ?? 0;
  const callOff = dieWithUs(pid, 'TERM');
  const died = Promise.withResolvers<Error>();
  let told = false;
  let ended = false;
  void exited.then((how) => {
    ended = true;
    callOff();
    if (!told) died.resolve(new Hint(`The service ${name} ended by itself (${how}). ${lastWords(logFile)}`));
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    told = true;
    child.kill(signal);
    await exited;
  };
  const becomesReady = async (): Promise<void> => {
    const deadline = performance.now() + 120_000;
    while (!(await isReady(url))) {
      // Who waits for `died` says why.
      if (ended) return;
      if (performance.now() > deadline)
        throw new Hint(`The service ${name} was not ready after two minutes. ${lastWords(logFile)}`);
      await sleep(50);
    }
  };
  return {
    name,
    url,
    pid,
    died: died.promise,
    ready: () => Promise.race([becomesReady(), died.promise.then((error) => Promise.reject(error))]),
    stop: async (limitMs = 25_000) => {
      const impatience = setTimeout(() => child.kill('SIGKILL'), limitMs);
      await end('SIGTERM');
      clearTimeout(impatience);
    },
    kill: () => end('SIGKILL'),
  };
}

function spawnNode(options: ChildServiceOptions, logFile: string) {
  mkdirSync(options.logFolder, { recursive: true });
  moveAside(logFile);
  const log = openSync(logFile, 'a', 0o600);
  // A session of its own: Ctrl-C in the terminal reaches the launcher alone, which stops everything in order.
  const child = spawn(process.execPath, [SEMI_SPACE, ...(options.nodeArguments ?? []), options.main], {
    cwd: options.root,
    env: options.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `exit code ${String(code)}` : `signal ${signal}`);
    });
  });
  return { child, exited };
}

function moveAside(logFile: string): void {
  try {
    renameSync(logFile, `${logFile}.1`);
  } catch {
    // The first start: there is none yet.
  }
}

function lastWords(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n').slice(-8).join('\n');
  return lines === '' ? 'It wrote nothing.' : `The end of its log, ${logFile}:\n${lines}`;
}
