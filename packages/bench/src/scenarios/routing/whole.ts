/**
 * Routing as a whole: the service as a process over PostgreSQL and the bus, thousands of agents at work and more items
 * waiting. At a rate things happen of which each makes one match possible; measured is how long it takes from there until
 * the reservation is committed.
 */
import { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchProcesses } from '../../cpu.ts';
import { between, readHistogram } from '../../house/histograms.ts';
import { openHouse, type House } from '../../house/house.ts';
import { openCaller } from '../../load/http-calls.ts';
import { scheduleOf, wallClock } from '../../load/open-loop.ts';
import { count } from '../../report/table.ts';
import type { ScenarioContext, ScenarioResult } from '../../scenario.ts';
import { openFloor, type Floor } from './floor.ts';
import { agentAt, partAt, queues, type Part } from './mix.ts';
import { readBooks, readWays, waysOf } from './ways.ts';
import { wholeFacts, type Found, type Stretch } from './whole-facts.ts';

const AGENTS = 2000;
const WAITING = 20_000;
const RATE = 500;
const CONNECTIONS = 128;
const FILL_LIMIT_MS = 900_000;
/** How long whatever has happened may take to lead to its match. */
const MATCH_LIMIT_MS = 300_000;
const LOOK_MS = 250;

export async function runWhole(context: ScenarioContext): Promise<ScenarioResult> {
  const house = await openHouse(context, { services: ['routing'], postgres: { track_commit_timestamp: 'on' } });
  const client = new Client({ connectionString: house.fleet.adminUrl });
  const watcher = new Client({ connectionString: house.fleet.adminUrl });
  try {
    await Promise.all([client.connect(), watcher.connect()]);
    return await measure({ context, house, client, watcher });
  } finally {
    await Promise.allSettled([client.end(), watcher.end()]);
    await house.stop();
  }
}

interface Stage {
  readonly context: ScenarioContext;
  readonly house: House;
  readonly client: Client;
  /** For the offers that are told. */
  readonly watcher: Client;
}

async function measure(stage: Stage): Promise<ScenarioResult> {
  const { context, house, watcher } = stage;
  const { rate = RATE, agents = AGENTS, stored = WAITING } = context.options;
  const [replica] = house.fleet.of('routing');
  const caller = openCaller({ url: replica?.url ?? '', token: house.fleet.token, connections: CONNECTIONS });
  const bus = house.fleet.openBus('bench-floor');
  const hotline = new Set(idsOf(agents, 'hotline'));
  const floor = await openFloor({ caller, bus, prefix: house.fleet.prefix, client: watcher, hotline });
  try {
    const fillS = await fill(stage, floor, { agents, stored });
    const found = await measureOn(stage, floor, rate);
    return resultOf({ ...found, agents, stored, fillS });
  } finally {
    await floor.close();
    await caller.close();
    await bus.close();
  }
}

const idsOf = (agents: number, part: Part): string[] =>
  Array.from({ length: agents }, (_, n) => n).flatMap((n) => (partAt(n) === part ? [agentAt(n).id] : []));

/** Everything through the service's own doors. @returns how long it took, s */
async function fill(
  { context, house, client }: Stage,
  floor: Floor,
  { agents, stored }: { agents: number; stored: number },
): Promise<number> {
  const began = performance.now();
  for (const { id, body } of queues) await house.put('routing', `/v1/queues/${id}`, body);
  const atWork = idsOf(agents, 'working');
  const waiting = stored + atWork.length;
  await floor.bring(waiting);
  const reached = (what: string, least: number, read: () => number | Promise<number>): Promise<void> =>
    until(context, `${what}, of ${count(least)}`, async () => ({ now: await read(), least }));
  await reached('waiting', waiting, async () => (await readBooks(client)).waiting);
  const all = Array.from({ length: agents }, (_, n) => agentAt(n));
  await inTurns(all, ({ id, body }) => house.put('routing', `/v1/agents/${id}`, body));
  for (const id of idsOf(agents, 'resting')) floor.desks.resting.add(id);
  await inTurns([...atWork, ...idsOf(agents, 'hotline')], (id) => floor.present(id));
  await reached('at work', atWork.length, () => floor.desks.working.size);
  const seconds = (performance.now() - began) / 1000;
  context.tell(`${count(agents)} agents and ${count(stored)} waiting after ${seconds.toFixed(0)} s`);
  return seconds;
}

/** Some at a time. */
async function inTurns<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  const hand = async (): Promise<void> => {
    for (const one of rest) await work(one);
  };
  await Promise.all(Array.from({ length: 32 }, hand));
}

/** @throws when it does not come so far in time */
async function until(
  { signal, progress }: ScenarioContext,
  what: string,
  look: () => Promise<{ readonly now: number; readonly least: number }>,
): Promise<void> {
  const deadline = performance.now() + FILL_LIMIT_MS;
  for (;;) {
    signal.throwIfAborted();
    const { now, least } = await look();
    if (now >= least) return;
    if (performance.now() > deadline) throw new Error(`${what}: only ${count(now)} in time`);
    progress(`${what}: ${count(now)}`);
    await sleep(LOOK_MS);
  }
}

async function measureOn(
  stage: Stage,
  floor: Floor,
  rate: number,
): Promise<Pick<Found, 'stretch' | 'ways' | 'books' | 'failures' | 'owed'>> {
  const { context, client, house } = stage;
  const { seconds, warmUpSeconds } = context.options;
  const warmUp = await play(stage, floor, { name: 'warm-up', rate, seconds: Math.max(1, warmUpSeconds) });
  await settled(stage, floor, warmUp.happenings.length);
  await house.countStatements();
  const stretch = await play(stage, floor, { name: 'measured', rate, seconds });
  const owed = floor.desks.working.owed + floor.desks.resting.owed;
  await settled(stage, floor, stretch.happenings.length);
  const ways = waysOf(stretch.happenings, await readWays(client, stretch.happenings));
  // What the last ones do after their match: an acceptance, a talk on the hotline.
  await sleep(2000);
  return { stretch, ways, books: await readBooks(client), failures: floor.failures, owed };
}

interface Plan {
  readonly name: string;
  readonly rate: number;
  readonly seconds: number;
}

async function play({ context, house }: Stage, floor: Floor, { name, rate, seconds }: Plan): Promise<Stretch> {
  const urls = house.fleet.of('routing').map(({ metricsUrl }) => metricsUrl);
  const before = await readCounters(urls);
  const schedule = scheduleOf({ startAt: wallClock() + 50, ratePerS: rate, count: Math.round(rate * seconds) });
  const watch = watchProcesses(house.watched);
  const showing = setInterval(() => {
    const passed = Math.min(seconds, Math.round((wallClock() - schedule.startAt) / 1000));
    const { working, resting, expected } = floor.desks;
    const behind = `${count(expected)} matches to come, ${count(working.owed + resting.owed)} events wait for somebody`;
    context.progress(`${name}: ${String(passed)} of ${String(seconds)} s at ${count(rate)}/s; ${behind}`);
  }, 5000);
  try {
    const played = await floor.play(schedule, context.signal);
    const use = watch.stop();
    const after = await readCounters(urls);
    const { batches, sizes, runs } = before;
    return {
      ...{ ...played, schedule, use, batches: between(batches, after.batches) },
      ...{ sizes: between(sizes, after.sizes), runs: between(runs, after.runs) },
    };
  } finally {
    clearInterval(showing);
    watch.stop();
  }
}

async function readCounters(urls: readonly string[]) {
  const [batches, sizes, runs] = await Promise.all([
    readHistogram(urls, { name: 'switchboard_batch_duration', label: 'lane' }),
    readHistogram(urls, { name: 'switchboard_batch_size', label: 'lane' }),
    readHistogram(urls, { name: 'switchboard_job_duration', label: 'job' }),
  ]);
  return { batches, sizes, runs };
}

/** Until every event has led to a match, or long enough. */
async function settled({ context }: Stage, { desks }: Floor, begun: number): Promise<void> {
  const deadline = performance.now() + MATCH_LIMIT_MS;
  const left = (): number => desks.expected + desks.working.owed + desks.resting.owed;
  while (left() > 0 && performance.now() < deadline) {
    context.signal.throwIfAborted();
    context.progress(`matches to come: ${count(left())} of ${count(begun)}`);
    await sleep(LOOK_MS);
  }
}

function resultOf(found: Found): ScenarioResult {
  const { stretch, ways, books, failures } = found;
  const { schedule, use } = stretch;
  const matched = stretch.happenings.length - ways.unmatched;
  const tookS = Math.max(schedule.count / schedule.ratePerS, (ways.lastAt - schedule.startAt) / 1000);
  return {
    offeredPerS: schedule.ratePerS,
    achievedPerS: matched / tookS,
    latency: ways.whole,
    lost: ways.unmatched + failures.count + books.deadLetters,
    duplicated: books.overCapacity + books.heldTwice + books.wrongLedgers,
    processes: use.processes,
    facts: wholeFacts(found),
  };
}
