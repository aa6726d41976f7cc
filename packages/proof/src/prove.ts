/** `npm run prove`: every fault on both buses, then every broken guarantee, one after the other. */
import path from 'node:path';
import { openHouse, type House, type Verdict } from './house.ts';
import { createChance } from './chance.ts';
import { faultsFor, mixture } from './faults/all.ts';
import type { Fault } from './faults/fault.ts';
import { fullDisk } from './faults/resources.ts';
import { summary } from './ledger/entries.ts';
import { mutationRuns, type MutationRun } from './mutation-runs.ts';
import { mutationArguments } from './mutations/mutations.ts';
import type { ProveOptions } from './options.ts';
import { mountSmallDisk } from './small-disk.ts';

export interface Output {
  write(text: string): unknown;
}

export interface ProveReport {
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
}

/** Runs and tells; with `json` the report is the last line. @returns whether everything held */
export async function prove(options: Proving): Promise<boolean> {
  const { seed, output, json } = options;
  output.write(`seed ${String(seed)}: the same choices again with --seed ${String(seed)}\n`);
  const counts = { faults: 0, survived: 0, mutations: 0, caught: 0 };
  for (const bus of ['embedded', 'kafka'] as const) {
    const plan = rounds(options, bus);
    if (plan.length === 0) continue;
    const survived = await proveFaults(options, bus, plan);
    counts.faults += plan.length;
    counts.survived += survived;
  }
  for (const bus of ['embedded', 'kafka'] as const) {
    const survived = await proveFullDisk(options, bus);
    if (survived === undefined) continue;
    counts.faults += 1;
    counts.survived += Number(survived);
  }
  for (const run of mutationRuns(options)) {
    counts.mutations += 1;
    counts.caught += Number(await proveMutation(options, run));
  }
  const report: ProveReport = { ...counts, seed };
  output.write(
    `${String(report.survived)} of ${String(report.faults)} faults survived, ${String(report.caught)} of ${String(report.mutations)} broken guarantees caught\n`,
  );
  if (json) output.write(`${JSON.stringify(report)}\n`);
  return report.survived === report.faults && report.caught === report.mutations;
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
    { name: 'no fault', faults: [] },
    ...single.map((fault) => ({ name: fault.name, faults: [fault] })),
    ...(quick ? [] : [{ name: 'a mixture', faults: mixture(bus, 4, chance) }]),
  ];
  return all.filter(({ name }) => only === undefined || `${bus}: ${name}`.includes(only));
}

async function proveFaults(options: Proving, bus: BusName, plan: readonly Round[]): Promise<number> {
  const { output } = options;
  let survived = 0;
  let house: House | undefined;
  try {
    for (const { name, faults } of plan) {
      house ??= await open(options, bus);
      const verdict = await house.round(faults).catch(failed);
      tell(output, `${bus}: ${name}`, verdict);
      if (verdict.findings.length === 0) {
        survived += 1;
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

/** On a disk of its own, and so in a house of its own; undefined where that is not asked for or cannot be made. */
async function proveFullDisk(options: Proving, bus: BusName): Promise<boolean | undefined> {
  const { only, quick, output } = options;
  const name = `${bus}: ${fullDisk.name}`;
  if (only === undefined ? quick && bus === 'kafka' : !name.includes(only)) return undefined;
  const disk = mountSmallDisk(diskMegabytes);
  if (disk === undefined) {
    output.write(`${name}: left out, this process may not mount a disk small enough\n`);
    return undefined;
  }
  const dataDir = path.join(disk.folder, 'fleet');
  const { root, seed } = options;
  let house: House | undefined;
  try {
    house = await openHouse({ root, bus, seed, dataDir, postgres: { max_wal_size: '64MB', min_wal_size: '32MB' } });
    const verdict = await house.round([fullDisk]).catch(failed);
    tell(output, name, verdict);
    return verdict.findings.length === 0;
  } finally {
    await house?.stop();
    disk.remove();
  }
}

/** Both servers' data, with room for a round. */
const diskMegabytes = 900;

function open({ root, seed }: Proving, bus: BusName, nodeArguments: readonly string[] = []): Promise<House> {
  return openHouse({ root, bus, seed, nodeArguments: () => nodeArguments });
}

/** Caught: the ledger is red. */
async function proveMutation(options: Proving, { mutation, bus, faults }: MutationRun): Promise<boolean> {
  const house = await open(options, bus, mutationArguments(mutation)).catch(() => undefined);
  // A house that does not even start is no danger to anybody, but shows nothing about the ledger either.
  if (house === undefined) {
    options.output.write(`mutation ${mutation}: the house does not start\n`);
    return false;
  }
  try {
    const findings = [];
    for (const round of faults) {
      const verdict = await house.round(round).catch(failed);
      findings.push(...verdict.findings);
      if (findings.length > 0) break;
    }
    const [first] = findings;
    const shown = first === undefined ? 'NOT CAUGHT' : `caught: ${first.guarantee}: ${first.detail}`;
    options.output.write(`mutation ${mutation} (${bus}): ${shown}\n`);
    return first !== undefined;
  } finally {
    await house.stop();
  }
}

const failed = (error: unknown): Verdict => ({
  findings: [
    {
      guarantee: 'the round comes to its end',
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    },
  ],
  tookMs: 0,
  drainMs: 0,
});

/** Findings shown of one guarantee. */
const mostShown = 5;

export function tell(output: Output, name: string, { findings, tookMs, drainMs }: Verdict): void {
  const seconds = (ms: number): string => `${String(Math.round(ms / 1000))} s`;
  const result = findings.length === 0 ? 'survived' : `${String(findings.length)} FINDINGS`;
  output.write(`${name}: ${result} (${seconds(tookMs)}, at rest ${seconds(drainMs)} after the fault)\n`);
  for (const [guarantee, those] of Map.groupBy(findings, (finding) => finding.guarantee)) {
    output.write(`  not so: ${guarantee} (${String(those.length)})\n`);
    for (const { detail } of those.slice(0, mostShown)) output.write(`    ${detail}\n`);
  }
}
