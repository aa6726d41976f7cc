/** The whole journey: contacts and activities into the bus, until everything that follows from them is recorded. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchBacklog, type BacklogWatch } from '../../house/backlog.ts';
import { openHouse, type House } from '../../house/house.ts';
import { count, ms } from '../../report/table.ts';
import type { Fact, Scenario, ScenarioContext, ScenarioResult } from '../../scenario.ts';
import { runFloor } from '../floor/floor.ts';
import { configuration } from './configuration.ts';
import { costReport, readWrites } from './cost.ts';
import { balance, countRows, type Counted } from './counts.ts';
import { readEffects, type Trail } from './effects.ts';
import { countsOf, PAYLOAD_BYTES, type Kind } from './mix.ts';
import { takeSamples } from './samples.ts';
import { achievedPerS, cpuFact, latencyOf, runPhase, sustainedPerS, type Phase } from './phase.ts';

/** Where the latency is measured unless `--rate` says otherwise, a second. */
const LATENCY_RATE = 1000;
/** So much more is offered than the warm-up was worked off with, to be sure that it is too much. */
const OVERLOAD = 1.5;
/** An idle session tells its counters after ten seconds at the latest. */
const STATISTICS_MS = 11_000;

export const journey: Scenario = {
  name: 'journey',
  summary: 'contacts and activities into the bus, until the last thing that follows from each is recorded',
  run: async (context) => {
    const result = await runJourney(context);
    const { options, signal } = context;
    // The floor is about Kafka, and about as much as the machine can do.
    if (!options.floor || options.bus !== 'kafka' || options.rate !== undefined || signal.aborted) return result;
    const beside = await runFloor(context);
    return { ...result, floorPerS: sustainedPerS(beside.phase), facts: [...result.facts, ...beside.facts] };
  },
};

/** @param prepare fills the house before anything is measured; what it left is no part of what is counted */
export async function runJourney(
  context: ScenarioContext,
  prepare?: (stage: Stage) => Promise<void>,
): Promise<ScenarioResult> {
  const house = await openHouse(context);
  try {
    const backlog = await watchBacklog(house.fleet);
    try {
      return await measure({ context, house, backlog }, prepare);
    } finally {
      await backlog.close();
    }
  } finally {
    context.tell('stopping the services');
    await house.stop();
  }
}

export interface Stage {
  readonly context: ScenarioContext;
  readonly house: House;
  readonly backlog: BacklogWatch;
}

interface Phases {
  readonly warmUp: Phase;
  /** At a rate the house can follow. */
  readonly steady: Phase;
  /** At more than it can follow; absent where `--rate` fixed one. */
  readonly overload: Phase | undefined;
}

async function measure(stage: Stage, prepare?: (stage: Stage) => Promise<void>): Promise<ScenarioResult> {
  const { context, house } = stage;
  for (const { service, path: at, body } of configuration) await house.put(service, at, body);
  await prepare?.(stage);
  const stored = prepare === undefined ? [] : await countRows(house.fleet.adminUrl, nothingSent);
  const before = await readWrites(house.fleet.adminUrl);
  const phases = await runPhases(stage);
  context.tell('reading the events, counting the rows');
  const all = [phases.warmUp, phases.steady, phases.overload].filter((phase) => phase !== undefined);
  const effects = await readEffects(house.fleet, new Map(all.map(({ name, schedule }) => [name, schedule.count])));
  const counted = await countRows(house.fleet.adminUrl, sentBy(all), stored);
  const cost = path.join(context.outputFolder, 'journey-cost.md');
  const records = all.reduce((sum, { schedule }) => sum + schedule.count, 0);
  // PostgreSQL's counters may be so far behind.
  await sleep(STATISTICS_MS);
  const after = await readWrites(house.fleet.adminUrl);
  const samples = await takeSamples(house.fleet.adminUrl, effects.samples);
  writeFileSync(path.join(context.outputFolder, 'samples.json'), `${JSON.stringify(samples, undefined, 1)}\n`);
  writeFileSync(cost, costReport({ before, after, events: effects.totals }, records));
  const result = resultOf(phases, effects.trails, counted);
  return { ...result, facts: [...result.facts, ['what a record costs', cost]] };
}

async function runPhases(stage: Stage): Promise<Phases> {
  const { rate, seconds, warmUpSeconds } = stage.context.options;
  const warmUp = await runPhase(stage, { name: 'warmup', ratePerS: rate ?? 1500, seconds: Math.max(1, warmUpSeconds) });
  stage.context.tell(`warmed up: ${count(sustainedPerS(warmUp))}/s`);
  const steady = await runPhase(stage, { name: 'steady', ratePerS: rate ?? LATENCY_RATE, seconds });
  if (rate !== undefined) return { warmUp, steady, overload: undefined };
  const ratePerS = Math.round(OVERLOAD * sustainedPerS(warmUp));
  const overload = await runPhase(stage, { name: 'overload', ratePerS, seconds });
  return { warmUp, steady, overload };
}

const nothingSent = { first: 0, 'follow-up': 0, activity: 0 };

function sentBy(phases: readonly Phase[]): Record<Kind, number> {
  const sent = { ...nothingSent };
  for (const { schedule } of phases) {
    const counts = countsOf(schedule.count);
    for (const kind of ['first', 'follow-up', 'activity'] as const) sent[kind] += counts[kind];
  }
  return sent;
}

function resultOf(
  { steady, overload }: Phases,
  trails: ReadonlyMap<string, Trail>,
  counted: readonly Counted[],
): Omit<ScenarioResult, 'facts'> & { facts: Fact[] } {
  const trail = trails.get(steady.name);
  if (trail === undefined) throw new Error(`no events of ${steady.name} were read`);
  const latency = latencyOf(steady, trail);
  const { lost, duplicated } = balance(counted);
  const untold = steady.schedule.count - latency.count;
  const measured = overload ?? steady;
  return {
    offeredPerS: measured.ratePerS,
    achievedPerS: overload === undefined ? achievedPerS(steady, trail) : sustainedPerS(overload),
    latency,
    lost: lost + untold,
    duplicated,
    processes: measured.use.processes,
    facts: [
      ['payload', `${String(PAYLOAD_BYTES)} bytes; 70 % first contacts, 20 % follow-ups, 10 % activities`],
      ['latency measured at', `${count(steady.ratePerS)}/s for ${String(steady.seconds)} s, publish to last effect`],
      ...phaseFacts(steady),
      ...(overload === undefined ? [] : phaseFacts(overload)),
      cpuFact('journey', measured),
      ['other programs', `${measured.use.othersPercent.toFixed(0)} % of one core while measured`],
      ['counts', countsText(counted)],
    ],
  };
}

/** What was sent against what was found; where they differ, each by itself. */
function countsText(counted: readonly Counted[]): string {
  const differ = counted.filter(({ expected, rows, distinct }) => expected !== rows || rows !== distinct);
  const shown = differ.length === 0 ? counted.filter(({ expected }) => expected > 0) : differ;
  const texts = shown.map(({ what, expected, rows, distinct }) =>
    differ.length === 0
      ? `${count(rows)} ${what}`
      : `${what}: ${count(rows)} rows, ${count(distinct)} different, ${count(expected)} expected`,
  );
  return `${differ.length === 0 ? 'equal at both ends' : 'NOT equal'}: ${texts.join(', ')}`;
}

function phaseFacts(phase: Phase): Fact[] {
  const { name, ratePerS, seconds, generated, schedule, drainedAt } = phase;
  const took = (drainedAt - schedule.startAt) / 1000;
  const offered = `${count(ratePerS)}/s for ${String(seconds)} s`;
  const done = `all done after ${took.toFixed(1)} s (${count(sustainedPerS(phase))}/s)`;
  return [[name, `${offered}, ${done}; generator at most ${ms(generated.latestMs)} late`]];
}
