/** What is tried besides faults: seeds of the simulation, every route, a burst, deployments under load. */
import { spawnSync } from 'node:child_process';
import { SERVICES } from '@switchboard/launcher';
import { apiFleet, checkAccess, faultsOf, fuzzApi } from './api/index.ts';
import { burst } from './operations/burst.ts';
import { burstFindings, restartFindings } from './operations/findings.ts';
import { rollingRestart } from './operations/rolling-restart.ts';
import type { ProveOptions } from './options.ts';
import { sideBySide } from './side-by-side.ts';
import { runSeeds } from './simulation/run-seeds.ts';

export interface Check {
  readonly name: string;
  /** Sentences; empty when all is well. */
  run(): Promise<readonly string[]>;
}

export interface CheckOptions extends ProveOptions {
  readonly root: string;
  /** A superuser's connection string to a PostgreSQL on this machine. */
  readonly server: () => Promise<string>;
}

export function checksOf(options: CheckOptions): Check[] {
  const { root, quick, only, from = landedVersion(root) } = options;
  const buses = quick ? (['embedded'] as const) : (['embedded', 'kafka'] as const);
  // From another version to this one is more than from this one to itself.
  const restarted = quick && from !== undefined ? [] : buses;
  const size = quick ? shortBurst : longBurst;
  const all: Check[] = [
    simulation(options),
    { name: 'every route, by its own document and with every token', run: () => askEveryRoute(options) },
    ...buses.map((bus) => ({
      name: `${bus}: a burst`,
      run: async () => burstFindings(await burst({ root, bus, ...size })),
    })),
    ...restarted.map((bus) => ({ name: `${bus}: a rolling restart`, run: () => restart({ root, bus }) })),
    ...(from === undefined ? [] : [{ name: restartName(from), run: () => restart({ root, bus: 'kafka', from }) }]),
  ];
  return all.filter(({ name }) => only === undefined || name.includes(only));
}

const restartName = (from: string): string => `kafka: a rolling restart from ${from}`;
const shortBurst = { records: 6000, seconds: 4 };
const longBurst = { records: 30_000, seconds: 10 };

/** Seeds; in one process, so that something is told when it ends; and processes at a time, each waiting half of its time. */
const SEEDS = { all: 2000, quick: 150, piece: 50, lanes: 3 };

function simulation({ quick, seed, server }: CheckOptions): Check {
  const count = quick ? SEEDS.quick : SEEDS.all;
  const pieces = Array.from({ length: count / SEEDS.piece }, (_, piece) => seed + piece * SEEDS.piece);
  return {
    name: `simulation: ${String(count)} seeds from ${String(seed)}`,
    run: async () => {
      const url = await server();
      const seedsFrom = (from: number): ReturnType<typeof runSeeds> =>
        runSeeds({ server: url, from, to: from + SEEDS.piece - 1 });
      const results = await sideBySide(pieces, seedsFrom, SEEDS.lanes);
      return results.map(({ output }) => output.trimEnd()).filter((output) => output !== '');
    },
  };
}

async function askEveryRoute({ root, seed, quick }: CheckOptions): Promise<string[]> {
  const fleet = await apiFleet(root);
  try {
    const access = await checkAccess({ fleet, seed });
    const report = await fuzzApi({ fleet, seed, callsPerRoute: quick ? 15 : 60 });
    return [...access.faults, ...faultsOf(report)];
  } finally {
    await fleet.stop();
  }
}

async function restart(options: Parameters<typeof rollingRestart>[0]): Promise<string[]> {
  return restartFindings(await rollingRestart(options), 2 * SERVICES.length);
}

/** The newest tag, else what the remote has; undefined where there is neither. */
export function landedVersion(root: string): string | undefined {
  const git = (...args: string[]): string =>
    spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' }).stdout.trim();
  const tag = git('describe', '--tags', '--abbrev=0');
  if (tag !== '') return tag;
  return ['origin/HEAD', 'origin/main'].find(
    (ref) => git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`) !== '',
  );
}
