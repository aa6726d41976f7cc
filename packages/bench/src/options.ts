/** What was typed. */
import { parseArgs } from 'node:util';
import { Hint } from '@switchboard/launcher';
import { scenarios } from './scenarios/index.ts';
import type { BenchOptions, Scenario } from './scenario.ts';

export interface BenchRun {
  readonly scenario: Scenario;
  readonly options: BenchOptions;
  readonly json: boolean;
}

export const usage = `npm run bench -- <scenario> [options]

${scenarios.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

  --bus kafka|embedded   default kafka
  --rate N               offered, a second (default: the scenario's own)
  --seconds N            of the measured part (default 60)
  --warm-up N            seconds before it (default 15)
  --stored N             how much is there beforehand (default: the scenario's own)
  --sizes N,N,N          of growth: how much is there beforehand, one run each
  --whole                of routing: the service with its tables and the bus, from event to reservation
  --agents N             of routing --whole (default 2000)
  --partitions N         of each topic (default: what measured best)
  --replicas N           of each service (default 1)
  --no-floor             leave the machine's own limit out
  --cpu-prof             write a CPU profile of every service and print what it spent its time on
  --json                 one JSON object as the last line
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const known = {
  bus: text,
  rate: text,
  seconds: text,
  'warm-up': text,
  stored: text,
  sizes: text,
  whole: flag,
  agents: text,
  partitions: text,
  replicas: text,
  'no-floor': flag,
  'cpu-prof': flag,
  json: flag,
  help: flag,
} as const;

/**
 * Reads what was typed; `undefined`: help was asked for.
 * @throws Hint that names what cannot be used
 */
export function readOptions(args: readonly string[]): BenchRun | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  const [name, ...others] = positionals;
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined || others.length > 0) {
    throw new Hint(
      `${name === undefined ? 'Which scenario?' : `There is no scenario "${positionals.join(' ')}".`}\n\n${usage}`,
    );
  }
  const { bus = 'kafka' } = values;
  if (bus !== 'kafka' && bus !== 'embedded') throw new Hint(`--bus: "${bus}" must be kafka or embedded.`);
  return {
    scenario,
    json: values.json === true,
    options: {
      bus,
      rate: number('--rate', values.rate, { least: 1, most: 1_000_000 }),
      seconds: number('--seconds', values.seconds, { least: 1, most: 86_400 }) ?? 60,
      warmUpSeconds: number('--warm-up', values['warm-up'], { least: 0, most: 3600 }) ?? 15,
      stored: number('--stored', values.stored, { least: 0, most: 1e9 }),
      sizes: numbers('--sizes', values.sizes),
      whole: values.whole === true,
      agents: number('--agents', values.agents, { least: 10, most: 100_000 }),
      partitions: number('--partitions', values.partitions, { least: 1, most: 100 }),
      replicas: number('--replicas', values.replicas, { least: 1, most: 10 }) ?? 1,
      floor: values['no-floor'] !== true,
      cpuProfiles: values['cpu-prof'] === true,
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: true });
  } catch (error) {
    throw new Hint(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function numbers(name: string, given: string | undefined): readonly number[] | undefined {
  return given?.split(',').flatMap((one) => number(name, one, { least: 0, most: 1e9 }) ?? []);
}

function number(
  name: string,
  given: string | undefined,
  { least, most }: { least: number; most: number },
): number | undefined {
  if (given === undefined) return undefined;
  const value = given.trim() === '' ? Number.NaN : Number(given);
  if (value >= least && value <= most && Number.isInteger(value)) return value;
  throw new Hint(`${name}: "${given}" must be a whole number from ${String(least)} to ${String(most)}.`);
}
