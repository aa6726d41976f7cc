/** Runs the floor: the journey's I/O without the journey, on the servers and tables that the services have made. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Client } from 'pg';
import type { Watched } from '../../cpu.ts';
import { watchBacklog, type BacklogWatch } from '../../house/backlog.ts';
import { openHouse, type House } from '../../house/house.ts';
import { count } from '../../report/table.ts';
import type { Fact, Scenario, ScenarioContext, ScenarioResult } from '../../scenario.ts';
import { PAYLOAD_BYTES } from '../journey/mix.ts';
import { cpuFact, runPhase, sustainedPerS, type Phase, type PhasePlan } from '../journey/phase.ts';
import { ingredients } from './ingredients.ts';

const SIZES = [100, 250, 500, 1000];
/** What each size of the sweep has to work off: a backlog from the start. */
const SWEEP = { ratePerS: 4000, seconds: 3 };
const OVERLOAD = 1.5;

/** What a run of the floor found. */
export interface FloorRun {
  readonly batch: number;
  readonly phase: Phase;
  readonly facts: readonly Fact[];
  /** Contacts and activities sent that have no row; negative: rows of none. */
  readonly lost: number;
}

export const floor: Scenario = {
  name: 'floor',
  summary: "the machine's own limit: the journey's rows and records written in the best batch size, without a domain",
  run: async (context) => resultOf(await runFloor(context)),
};

/** Starts servers of its own, lets the services make tables and topics, stops them and runs the floor in their place. */
export async function runFloor(context: ScenarioContext): Promise<FloorRun> {
  const house = await openHouse({
    ...context,
    options: { ...context.options, bus: 'kafka', replicas: 1, cpuProfiles: false },
  });
  try {
    await Promise.all(house.fleet.replicas.map((replica) => replica.stop()));
    const backlog = await watchBacklog(house.fleet);
    try {
      return await sweep({ context, house, backlog });
    } finally {
      await backlog.close();
    }
  } finally {
    await house.stop();
  }
}

interface Stage {
  readonly context: ScenarioContext;
  readonly house: House;
  readonly backlog: BacklogWatch;
}

async function sweep(stage: Stage): Promise<FloorRun> {
  const { context } = stage;
  const phases: Phase[] = [];
  const run = async (batch: number, plan: PhasePlan): Promise<Phase> => {
    const phase = await withPrograms(stage, batch, plan);
    phases.push(phase);
    context.tell(`floor, batches of ${String(batch)}: ${count(sustainedPerS(phase))}/s`);
    return phase;
  };
  await run(500, { name: 'floor-warmup', ...SWEEP });
  const found: { batch: number; perS: number }[] = [];
  for (const batch of SIZES) {
    const perS = sustainedPerS(await run(batch, { name: `floor-${String(batch)}`, ...SWEEP }));
    found.push({ batch, perS });
  }
  const best = found.reduce((a, b) => (b.perS > a.perS ? b : a));
  const ratePerS = Math.round(OVERLOAD * best.perS);
  const phase = await run(best.batch, { name: 'floor', ratePerS, seconds: context.options.seconds });
  const swept = found.map(({ batch, perS }) => `${String(batch)}: ${count(perS)}/s`).join(', ');
  return {
    batch: best.batch,
    phase,
    lost: await missing(stage.house, phases),
    facts: [
      cpuFact('floor', phase),
      [
        'floor',
        `${String(Object.keys(ingredients).length)} processes of kafkajs and pg alone, batches of ${String(best.batch)} (${swept})`,
      ],
      [
        'floor writes',
        'the rows, indexes, outbox, history and records of the journey: see ingredients.ts and samples.json',
      ],
    ],
  };
}

/** One process for each service: with one for all, its single thread is the limit instead of the machine. */
async function withPrograms({ context, house, backlog }: Stage, batch: number, plan: PhasePlan): Promise<Phase> {
  const { fleet } = house;
  const programs: { name: string; child: ChildProcess }[] = [];
  try {
    for (const service of Object.keys(ingredients)) {
      const child = startProgram({
        services: [service],
        brokers: fleet.kafka?.brokers,
        url: fleet.adminUrl,
        prefix: fleet.prefix,
        batch,
        samples: path.join(import.meta.dirname, 'samples.json'),
      });
      programs.push({ name: `floor ${service}`, child });
    }
    await Promise.all(programs.map(({ child, name }) => ready(child, name)));
    const watched: Watched[] = [
      ...programs.map(({ name, child }): Watched => ({ name, role: 'floor', pid: child.pid ?? 0 })),
      ...house.watched.filter(({ role }) => role !== 'service'),
    ];
    return await runPhase({ house: { fleet, watched }, backlog, context }, plan);
  } finally {
    await Promise.all(programs.map(({ child }) => stop(child)));
  }
}

function startProgram(plan: object): ChildProcess {
  const script = path.join(import.meta.dirname, 'floor.main.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(plan)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));
  return child;
}

async function ready(child: ChildProcess, name: string): Promise<void> {
  if (child.stdout === null) throw new Error(`${name} has no output`);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${name} ended before it was ready`)));
  await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => undefined);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 15_000);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(impatience);
}

async function missing({ fleet }: House, phases: readonly Phase[]): Promise<number> {
  const client = new Client({ connectionString: fleet.adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ written: string }>(
      'select ((select count(*) from intake.contact) + (select count(*) from customer_360.activity))::text as written',
    );
    return phases.reduce((sum, { schedule }) => sum + schedule.count, 0) - Number(rows[0]?.written);
  } finally {
    await client.end();
  }
}

function resultOf({ phase, lost, facts }: FloorRun): ScenarioResult {
  const perS = sustainedPerS(phase);
  return {
    offeredPerS: phase.ratePerS,
    achievedPerS: perS,
    lost: Math.max(0, lost),
    duplicated: Math.max(0, -lost),
    floorPerS: perS,
    processes: phase.use.processes,
    facts: [
      ['payload', `${String(PAYLOAD_BYTES)} bytes; 70 % first contacts, 20 % follow-ups, 10 % activities`],
      ...facts,
      ['other programs', `${phase.use.othersPercent.toFixed(0)} % of one core while measured`],
    ],
  };
}
