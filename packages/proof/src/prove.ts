/** `npm run prove`: what is tried besides faults, every fault on both buses, then every broken guarantee, in this order. */
import path from 'node:path';
import { startPostgres } from '@switchboard/testing';
import { checksOf, landedVersion } from './checks.ts';
import { createChance } from './chance.ts';
import { faultsFor, mixture } from './faults/all.ts';
import type { Fault } from './faults/fault.ts';
import { fullDisk } from './faults/resources.ts';
import { openHouse, type House, type Verdict } from './house.ts';
import { summary } from './ledger/entries.ts';
import { mutationRuns, type MutationRun } from './mutation-runs.ts';
import type { ProveOptions } from './options.ts';
import { mountSmallDisk } from './small-disk.ts';
import { sideBySide } from './side-by-side.ts';
import { failed, tell, type Output } from './telling.ts';
import { houseMutation, simulateMutation, type Sight } from './try-mutation.ts';

export interface ProveReport {
  /** Faults and whatever else may go wrong for a house that is sound: one line of output each. */
  readonly faults: number;
  readonly survived: number;
  readonly mutations: number;
  readonly caught: number;
  readonly seed: number;
}

type BusName = 'kafka' | 'embedded';

interface Proving extends ProveOptions {
  readonly root: string;
  readonly output: Output;
  /** A PostgreSQL for simulations, started when it is first asked for. */
  readonly server: () => Promise<string>;
  /** `bus: name` of what was survived: a mutation shows something only where a sound house is green. */
  readonly green: Set<string>;
}

/** Runs and tells; with `json` the report is the last line. @returns whether everything held */
export async function prove(options: ProveOptions & Pick<Proving, 'root' | 'output'>): Promise<boolean> {
  const { seed, output, json } = options;
  output.write(`seed ${String(seed)}: the same choices again with --seed ${String(seed)}\n`);
  let postgres: ReturnType<typeof startPostgres> | undefined;
  const server = async (): Promise<string> => (await (postgres ??= startPostgres())).url;
  try {
    const proving: Proving = { ...options, server, green: new Set() };
    const { faults, simulated } = await proveSides(proving);
    const sights = await proveInHouse(proving, simulated);
    const survived = faults.filter(Boolean).length;
    const caught = sights.filter(Boolean).length;
    output.write(
      `${String(survived)} of ${String(faults.length)} faults survived, ${String(caught)} of ${String(sights.length)} broken guarantees caught\n`,
    );
    const report: ProveReport = { faults: faults.length, survived, mutations: sights.length, caught, seed };
    if (json) output.write(`${JSON.stringify(report)}\n`);
    return survived === faults.length && caught === sights.length;
  } finally {
    await (await postgres)?.stop();
  }
}

/**
 * Whether each was survived, and which mutations the simulation caught. Most of a round is waiting, for a fault to last and
 * for the house to come to rest: the two buses' houses share the machine. Kafka's rounds take longer, so the other side
 * goes on with what starts no house.
 */
async function proveSides(proving: Proving): Promise<{ faults: boolean[]; simulated: boolean[] }> {
  const checks = await proveChecks(proving);
  const roundsOf = async (bus: BusName): Promise<boolean[]> => [
    ...(await proveFaults(proving, bus)),
    ...(await proveFullDisk(proving, bus)),
  ];
  const [[embedded, simulated], kafka] = await Promise.all([
    roundsOf('embedded').then(async (survived) => [survived, await proveSimulated(proving)] as const),
    roundsOf('kafka'),
  ]);
  return { faults: [...checks, ...embedded, ...kafka], simulated };
}

async function proveChecks(proving: Proving): Promise<boolean[]> {
  const { output, root, from, only } = proving;
  if (from === undefined && only === undefined && landedVersion(root) === undefined)
    output.write(
      'a rolling restart from another version: left out, there is no tag and no remote; name one with --from\n',
    );
  const survived: boolean[] = [];
  for (const { name, run } of checksOf(proving)) {
    const started = performance.now();
    const verdict = await run().then(
      (sentences) => ({ findings: sentences.map((detail) => ({ guarantee: name, detail })) }),
      failed,
    );
    tell(output, name, { ...verdict, tookMs: performance.now() - started, drainMs: undefined });
    survived.push(verdict.findings.length === 0);
  }
  return survived;
}

interface Round {
  readonly name: string;
  readonly faults: readonly Fault[];
}

/** Quick: of the faults that both buses share, each on one of them. */
function rounds({ quick, only, seed }: ProveOptions, bus: BusName): Round[] {
  const chance = createChance(seed, `plan of ${bus}`);
  const parity = bus === 'kafka' ? 1 : 0;
  const single = faultsFor(bus).filter((fault, index) => !quick || fault.only === bus || index % 2 === parity);
  const all: Round[] = [
    round([]),
    ...single.map((fault) => round([fault])),
    ...(quick ? [] : [{ name: 'a mixture', faults: mixture(bus, 4, chance) }]),
  ];
  return all.filter(({ name }) => only === undefined || `${bus}: ${name}`.includes(only));
}

const round = (faults: readonly Fault[]): Round => ({
  name: faults.length === 0 ? 'no fault' : faults.map(({ name }) => name).join(', '),
  faults,
});

function proveFaults(proving: Proving, bus: BusName): Promise<boolean[]> {
  return runRounds(proving, bus, rounds(proving, bus));
}

/** One after the other in one house, as long as it is sound. */
async function runRounds(proving: Proving, bus: BusName, plan: readonly Round[]): Promise<boolean[]> {
  const { output, root, seed, green } = proving;
  const survived: boolean[] = [];
  let house: House | undefined;
  try {
    for (const { name, faults } of plan) {
      house ??= await openHouse({ root, bus, seed }).catch((error: unknown) => {
        tell(output, `${bus}: ${name}`, failed(error));
        return undefined;
      });
      if (house === undefined) {
        survived.push(false);
        continue;
      }
      const verdict = await runRound(house, faults);
      tell(output, `${bus}: ${name}`, verdict);
      survived.push(verdict.findings.length === 0);
      if (verdict.findings.length === 0) {
        green.add(`${bus}: ${name}`);
        continue;
      }
      // What is broken stays broken: the next fault begins with a clean ledger.
      await house.stop();
      house = undefined;
    }
    if (house !== undefined) output.write(`${bus}: ${summary(house.ledger)}\n`);
  } finally {
    await house?.stop();
  }
  return survived;
}

const runRound = (house: House, faults: readonly Fault[]): Promise<Verdict> => house.round(faults).catch(failed);

/** On a disk of its own, and so in a house of its own; nothing where that is not asked for or cannot be made. */
async function proveFullDisk(proving: Proving, bus: BusName): Promise<boolean[]> {
  const { only, quick, output, root, seed } = proving;
  const name = `${bus}: ${fullDisk.name}`;
  if (only === undefined ? quick && bus === 'kafka' : !name.includes(only)) return [];
  const disk = mountSmallDisk(diskMegabytes);
  if (disk === undefined) {
    output.write(`${name}: left out, this process may not mount a disk small enough\n`);
    return [];
  }
  const dataDir = path.join(disk.folder, 'fleet');
  let house: House | undefined;
  try {
    house = await openHouse({ root, bus, seed, dataDir, postgres: { max_wal_size: '64MB', min_wal_size: '32MB' } });
    const verdict = await runRound(house, [fullDisk]);
    tell(output, name, verdict);
    return [verdict.findings.length === 0];
  } finally {
    await house?.stop();
    disk.remove();
  }
}

/** Both servers' data, with room for a round. */
const diskMegabytes = 900;

async function proveSimulated(proving: Proving): Promise<boolean[]> {
  const { output, seed, server } = proving;
  const url = await server();
  return sideBySide(mutationRuns(proving), async ({ mutation }) => {
    const sight = await simulateMutation({ mutation, server: url, seed });
    tellSight(output, `mutation ${mutation}, simulation`, sight);
    return sight.caught;
  });
}

/** Whether each was caught wherever it is to be seen: two houses at a time, as with the faults. */
async function proveInHouse(proving: Proving, simulated: readonly boolean[]): Promise<boolean[]> {
  const caught = await sideBySide(mutationRuns(proving), (run) => caughtInHouse(proving, run));
  return caught.map((inHouse, at) => inHouse && simulated[at] === true);
}

async function caughtInHouse(proving: Proving, { mutation, inHouse }: MutationRun): Promise<boolean> {
  if (inHouse === undefined) return true;
  const { output, root, seed, green } = proving;
  const names = new Map(inHouse.map((faults) => [`embedded: ${round(faults).name}`, round(faults)]));
  const untried = [...names].filter(([name]) => !green.has(name)).map(([, one]) => one);
  const isSound = (await runRounds(proving, 'embedded', untried)).every(Boolean);
  const sight = isSound
    ? await houseMutation({ root, seed, mutation, rounds: inHouse })
    : { caught: false, words: 'a sound house is red too' };
  tellSight(output, `mutation ${mutation}, embedded`, sight);
  return sight.caught;
}

function tellSight(output: Output, name: string, { caught, words }: Sight): void {
  output.write(`${name}: ${caught ? 'caught' : 'NOT CAUGHT'}: ${words}\n`);
}
