/** One stretch of calls to a service, at a rate. */
import { watchProcesses, type MachineUse } from '../../cpu.ts';
import type { House } from '../../house/house.ts';
import { callOpenLoop, scheduleOf, wallClock, type CallsReport } from '../../load/open-loop.ts';
import { createHistogram, type LatencyHistogram } from '../../report/histogram.ts';
import { count, ms } from '../../report/table.ts';
import type { Fact, ScenarioContext } from '../../scenario.ts';

export interface CallPlan {
  readonly name: string;
  readonly ratePerS: number;
  readonly seconds: number;
  /** Call number `index` of this stretch, from 0. @throws when it was not answered as hoped for */
  call(index: number): Promise<void>;
}

export interface CallPhase extends Omit<CallPlan, 'call'>, CallsReport {
  readonly latency: LatencyHistogram;
  readonly use: MachineUse;
}

const SHOW_MS = 5000;

/** Runs a stretch to its last answer. */
export async function runCalls(
  { house, context }: { house: House; context: ScenarioContext },
  plan: CallPlan,
): Promise<CallPhase> {
  const { name, ratePerS, seconds } = plan;
  const latency = createHistogram();
  const schedule = scheduleOf({ startAt: wallClock() + 50, ratePerS, count: Math.round(ratePerS * seconds) });
  const watch = watchProcesses(house.watched);
  const showing = setInterval(() => {
    const passed = Math.round((wallClock() - schedule.startAt) / 1000);
    const shown = `${String(Math.min(seconds, passed))} of ${String(seconds)} s at ${ratePerS.toFixed(0)}/s`;
    const unanswered = schedule.dueAt(wallClock()) - latency.count;
    context.progress(`${name}: ${shown}; not answered yet or refused: ${String(unanswered)}`);
  }, SHOW_MS);
  try {
    const report = await callOpenLoop({ schedule, latency, signal: context.signal, call: (index) => plan.call(index) });
    return { name, ratePerS, seconds, ...report, latency, use: watch.stop() };
  } finally {
    clearInterval(showing);
    watch.stop();
  }
}

/** Answered a second, over the whole time until the last answer. */
export function answeredPerS({ answered, tookMs }: CallPhase): number {
  return answered / (tookMs / 1000);
}

/** A line about a stretch. */
export function phaseFact(phase: CallPhase): Fact {
  const { name, ratePerS, seconds, latency, failed, firstFailure, latestMs } = phase;
  const offered = `${count(ratePerS)}/s for ${String(seconds)} s`;
  const waited = `p50 ${ms(latency.percentile(50))}, p99 ${ms(latency.percentile(99))}, max ${ms(latency.maxMs)}`;
  const refused = failed === 0 ? '' : `; ${count(failed)} not answered as hoped for: ${firstFailure ?? ''}`;
  const late = `generator at most ${ms(latestMs)} late`;
  return [name, `${offered}, answered ${count(answeredPerS(phase))}/s; ${waited}; ${late}${refused}`];
}

/** What else ran on the machine meanwhile. */
export function othersFact({ use }: CallPhase): Fact {
  return ['other programs', `${use.othersPercent.toFixed(0)} % of one core while measured`];
}
