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

/** @throws with a sentence when something cannot be read */
export function proveOptions(args: readonly string[]): ProveOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      seed: { type: 'string' },
      only: { type: 'string' },
      from: { type: 'string' },
    },
  });
  const { quick, json, only, from } = values;
  return { quick, json, seed: seedOf(values.seed), only, from };
}

/** @throws with a sentence when something cannot be read */
export function soakOptions(args: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '30' },
      seed: { type: 'string' },
      bus: { type: 'string', default: 'kafka' },
    },
  });
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
