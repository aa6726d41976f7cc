/**
 * Routing's matcher by itself: thousands of agents at work, more items waiting, and offers at a rate. Its real memory, events
 * and runs in a process of its own; what tables, bus and doors cost beside it, `--whole` shows.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createHistogram } from '../../report/histogram.ts';
import type { LatencyHistogram } from '../../report/histogram.ts';
import { count, ms } from '../../report/table.ts';
import type { Fact, Scenario, ScenarioContext } from '../../scenario.ts';
import { runWhole } from './whole.ts';

const AGENTS = 2000;
const WAITING = 20_000;
const RATE = 500;
const AIM_MS = 50;
const TIMES = 10;

interface Found {
  readonly latencies: readonly number[];
  readonly offered: number;
  readonly idle: number;
  readonly fillMs: number;
  readonly rssMb: number;
  readonly cpuPercent: number;
  readonly userMsPerOffer: number;
  readonly longestRunMs: number;
  readonly runCpuMs: readonly number[];
  readonly liveMb: number;
}

interface Measured extends Omit<Found, 'latencies' | 'runCpuMs'> {
  readonly latency: LatencyHistogram;
  /** CPU of the runs. */
  readonly runs: LatencyHistogram;
}

export const routing: Scenario = {
  name: 'routing',
  summary:
    'the matcher: 2,000 agents, 20,000 waiting, 500 offers a second; then ten times that many (--whole: the service)',
  run: async (context) => {
    if (context.options.whole) return runWhole(context);
    const { rate = RATE, seconds, stored = WAITING } = context.options;
    context.progress(`${count(AGENTS)} agents, ${count(stored)} waiting`);
    const found = await measure(context, { agents: AGENTS, waiting: stored });
    context.progress(`${count(TIMES * AGENTS)} agents, ${count(TIMES * stored)} waiting`);
    const large = await measure(context, { agents: TIMES * AGENTS, waiting: TIMES * stored });
    const p99 = found.latency.percentile(99);
    return {
      offeredPerS: rate,
      achievedPerS: found.offered / seconds,
      latency: found.latency,
      lost: found.idle > MOST_UNDER_WAY ? found.idle : 0,
      processes: [{ name: 'matcher', role: 'service', cpuPercent: found.cpuPercent, rssMb: found.rssMb }],
      facts: [
        ['latency is', 'from when an agent becomes free until the matcher offers them something'],
        ['aim', `p99 of at most ${ms(AIM_MS)}: ${p99 <= AIM_MS ? 'reached' : 'missed'}`],
        ...factsOf(`${count(AGENTS)} agents, ${count(stored)} waiting`, found),
        ...factsOf(`${count(TIMES * AGENTS)} agents, ${count(TIMES * stored)} waiting`, large),
      ],
    };
  },
};

/** Agents who became free in the very last moments. */
const MOST_UNDER_WAY = 50;

function factsOf(name: string, measured: Measured): Fact[] {
  const { latency, runs, offered, fillMs, rssMb, liveMb, longestRunMs, cpuPercent, userMsPerOffer } = measured;
  const times = [50, 99, 100].map((at) => `p${String(at)} ${ms(latency.percentile(at))}`).join('  ');
  return [
    [name, `${times}; longest run ${ms(longestRunMs)}, ${cpuPercent.toFixed(0)} % of a core`],
    ['', `${count(offered)} offers, ${userMsPerOffer.toFixed(2)} ms of user CPU each`],
    ['', `CPU of a run: p50 ${ms(runs.percentile(50))}  p99 ${ms(runs.percentile(99))}`],
    ['', `${rssMb.toFixed(0)} MB, ${liveMb.toFixed(0)} MB of it in use; filled in ${ms(fillMs)}`],
  ];
}

interface Size {
  readonly agents: number;
  readonly waiting: number;
}

async function measure({ root, options, signal }: ScenarioContext, size: Size): Promise<Measured> {
  const plan = { ...size, ratePerS: options.rate ?? RATE, warmUpS: options.warmUpSeconds, seconds: options.seconds };
  const script = path.join(root, 'services/routing/bench/matcher.main.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the matcher ended with ${String(code)}`);
  const { latencies, runCpuMs, ...rest } = JSON.parse(Buffer.concat(chunks).toString()) as Found;
  return { ...rest, latency: histogramOf(latencies), runs: histogramOf(runCpuMs) };
}

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = createHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}
