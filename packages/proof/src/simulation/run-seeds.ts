/** Seeds in a process of their own, since a mutation changes what a process loads. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mutationArguments } from '../mutations/mutations.ts';

export interface RunSeedsOptions {
  /** A superuser's connection string to a PostgreSQL on this machine; without it one is started. */
  readonly server?: string;
  readonly from: number;
  readonly to: number;
  /** One of `mutations`; then it ends with the first seed that breaks something. */
  readonly mutation?: string;
}

export interface SeedsResult {
  readonly seeds: number;
  /** Those that broke a promise. */
  readonly red: readonly number[];
  readonly faults: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly starts: number;
  readonly virtualSeconds: number;
  readonly seconds: number;
  /** What was broken, in sentences, with how to run it again. */
  readonly output: string;
}

/** @throws when the process ends without a result */
export async function runSeeds({ server, from, to, mutation }: RunSeedsOptions): Promise<SeedsResult> {
  const args = [
    ...(mutation === undefined ? [] : mutationArguments(mutation)),
    fileURLToPath(new URL('main.ts', import.meta.url)),
    ...['--seeds', `${String(from)}..${String(to)}`, '--json'],
    ...(server === undefined ? [] : ['--server', server]),
    ...(mutation === undefined ? [] : ['--stop']),
  ];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error !== null && error.code !== 1) reject(new Error(`the simulation ended: ${stderr}`, { cause: error }));
      else resolve(stdout.trimEnd() + (stdout === '' ? stderr : ''));
    });
  });
  const last = output.slice(output.lastIndexOf('\n') + 1);
  if (!last.startsWith('{')) throw new Error(`the simulation gave no result: ${output}`);
  return { ...(JSON.parse(last) as Omit<SeedsResult, 'output'>), output: output.slice(0, -last.length) };
}
