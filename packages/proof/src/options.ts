/** What the person at the keyboard asked for. */
import { parseArgs } from 'node:util';

export interface ProveOptions {
  readonly quick: boolean;
  readonly json: boolean;
  readonly seed: number;
  /** Only faults, mutations and buses whose name contains this. */
  readonly only: string | undefined;
  /** The version a rolling restart begins with: a commit, tag or branch (default: what landed last). */
  readonly from: string | undefined;
}

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly bus: 'kafka' | 'embedded';
}

export const proveUsage = `npm run prove [-- options]

  --quick      the essential ones, in a third of the time
  --only NAME  faults, mutations and checks whose name contains this
  --from REF   the version a rolling restart begins with: a commit, tag or branch (default: the newest tag, else the remote's)
  --seed N     makes the same choices again
  --json       one JSON object as the last line
`;

export const soakUsage = `npm run soak [-- options]

  --minutes N             default 30
  --bus kafka|embedded    default kafka
  --seed N                makes the same choices again
`;

/**
 * `undefined`: help was asked for.
 * @throws with a sentence when something cannot be read
 */
export function proveOptions(args: readonly string[]): ProveOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      seed: { type: 'string' },
      only: { type: 'string' },
      from: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return undefined;
  const { quick, json, only, from } = values;
  return { quick, json, seed: seedOf(values.seed), only, from };
}

/**
 * `undefined`: help was asked for.
 * @throws with a sentence when something cannot be read
 */
export function soakOptions(args: readonly string[]): SoakOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '30' },
      seed: { type: 'string' },
      bus: { type: 'string', default: 'kafka' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return undefined;
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error(`--minutes: ${values.minutes} is no length of time`);
  if (values.bus !== 'kafka' && values.bus !== 'embedded') throw new Error('--bus: kafka or embedded');
  return { minutes, seed: seedOf(values.seed), bus: values.bus };
}

function seedOf(given: string | undefined): number {
  const seed = given === undefined ? Math.floor(Math.random() * 1_000_000) : Number(given);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 31)
    throw new Error(`--seed: ${given ?? ''} is no whole number`);
  return seed;
}

/** What was typed, read; or says how it is done and ends the process: with 0 when that was asked for, else with 2. */
export function typed<T>(read: (args: readonly string[]) => T | undefined, usage: string): T {
  try {
    const options = read(process.argv.slice(2));
    if (options !== undefined) return options;
    process.stdout.write(usage);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}
