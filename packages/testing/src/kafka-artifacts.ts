/** Apache Kafka's published Java artifacts, copied once into a folder of this checkout. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../../..');
const pom = path.join(root, 'infra/kafka/pom.xml');
const oldestJava = 17;

/** Something the machine lacks; the message says what, in a sentence for the reader. */
export class KafkaUnavailableError extends Error {
  override readonly name = 'KafkaUnavailableError';
}

/** Where this checkout keeps what belongs to Kafka. */
export const kafkaHome = path.join(root, '.kafka');

/** The `java` that is run: the one of JAVA_HOME, else the one on the path. */
export function javaCommand(): string {
  const home = process.env.JAVA_HOME;
  return home === undefined || home === '' ? 'java' : path.join(home, 'bin', 'java');
}

/**
 * Makes sure that Kafka's jars are there and returns their folder. Safe in several processes at once: one copies,
 * the others wait; the folder is named by the hash of `infra/kafka/pom.xml` and appears only when it is complete.
 * @throws KafkaUnavailableError when Java 17 or Maven is missing, or Maven fails
 */
export async function installKafka(onProgress: (text: string) => void = () => undefined): Promise<string> {
  await requireJava();
  const hash = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const folder = path.join(kafkaHome, `lib-${hash}`);
  if (existsSync(folder)) return folder;
  await requireMaven();
  const release = await takeLock(`${folder}.lock`);
  try {
    if (!existsSync(folder)) {
      onProgress('Fetching Apache Kafka with Maven (once; about a minute) ...');
      await copyDependencies(folder);
    }
  } finally {
    release();
  }
  return folder;
}

async function requireJava(): Promise<void> {
  const command = javaCommand();
  const said = await firstWords(command, ['-version']);
  const version = Number(/version "(?:1\.)?(\d+)/u.exec(said ?? '')?.[1] ?? Number.NaN);
  if (version >= oldestJava) return;
  const found =
    said === undefined ? `"${command}" cannot be run` : `"${command}" is ${said.split('\n')[0] ?? 'unknown'}`;
  throw new KafkaUnavailableError(`Apache Kafka needs Java ${String(oldestJava)} or newer: ${found}.`);
}

async function requireMaven(): Promise<void> {
  if ((await firstWords('mvn', ['-v'])) !== undefined) return;
  throw new KafkaUnavailableError('Apache Kafka is fetched with Maven: "mvn" cannot be run.');
}

async function firstWords(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args);
    return `${stderr}${stdout}`.trim();
  } catch {
    return undefined;
  }
}

async function copyDependencies(folder: string): Promise<void> {
  const partial = `${folder}.${String(process.pid)}`;
  rmSync(partial, { recursive: true, force: true });
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`];
  const { code, output } = await run('mvn', ['-B', '-q', '-f', pom, ...goal]);
  if (code !== 0) {
    rmSync(partial, { recursive: true, force: true });
    throw new KafkaUnavailableError(`Maven could not fetch Apache Kafka:\n${output.trim()}`);
  }
  try {
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

function run(command: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, output });
    });
  });
}

/** A hard link to a file with the own process id: whoever dies leaves a lock that the next one can tell as dead. */
async function takeLock(lock: string): Promise<() => void> {
  mkdirSync(path.dirname(lock), { recursive: true });
  const mine = `${lock}.${String(process.pid)}`;
  writeFileSync(mine, String(process.pid));
  for (;;) {
    try {
      linkSync(mine, lock);
      rmSync(mine, { force: true });
      return () => {
        rmSync(lock, { force: true });
      };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    if (!holderLives(lock)) rmSync(lock, { force: true });
    await sleep(200);
  }
}

function holderLives(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
