/** One stretch of load: offered at a rate from a moment on, then worked off. */
import { watchProcesses, type MachineUse } from '../../cpu.ts';
import { lagOf, type BacklogWatch } from '../../house/backlog.ts';
import type { House } from '../../house/house.ts';
import { scheduleOf, wallClock, type Schedule } from '../../load/open-loop.ts';
import { createHistogram, type LatencyHistogram } from '../../report/histogram.ts';
import { byRole } from '../../report/totals.ts';
import type { Fact, ScenarioContext } from '../../scenario.ts';
import { startGenerator, type Generated } from './generator.ts';
import type { Trail } from './effects.ts';

export interface PhasePlan {
  /** Also the name of its records: lower case letters. */
  readonly name: string;
  readonly ratePerS: number;
  readonly seconds: number;
  /** The journey's mix unless set. */
  readonly records?: 'statuses';
  /** Number of the first record (default 0). */
  readonly firstIndex?: number;
}

export interface Phase extends PhasePlan {
  readonly schedule: Schedule;
  readonly generated: Generated;
  /** When nothing was left to do anywhere, ms since 1970. */
  readonly drainedAt: number;
  /** From the first intended moment until then. */
  readonly use: MachineUse;
}

/** Between the start of the generator's process and its first record. */
const GENERATOR_START_MS = 2000;
/** Longest time the house may need for the backlog that a phase leaves. */
const DRAIN_LIMIT_MS = 1_800_000;

export async function runPhase(
  {
    house,
    backlog,
    context,
  }: { house: Pick<House, 'fleet' | 'watched'>; backlog: BacklogWatch; context: ScenarioContext },
  plan: PhasePlan,
): Promise<Phase> {
  const count = Math.round(plan.ratePerS * plan.seconds);
  const startAt = wallClock() + GENERATOR_START_MS;
  const { name, ratePerS, firstIndex = 0 } = plan;
  const records = plan.records ?? ('mix' as const);
  const target = { name, records, firstIndex, count, ratePerS, startAt };
  const generator = startGenerator(house.fleet, target);
  const stop = (): void => {
    generator.stop();
  };
  context.signal.addEventListener('abort', stop);
  try {
    await new Promise((resolve) => setTimeout(resolve, startAt - wallClock()));
    const watch = watchProcesses([...house.watched, { name: 'load generator', role: 'load', pid: generator.pid }]);
    const showing = setInterval(() => {
      void backlog.look().then(
        (now) => {
          context.progress(progressOf(plan, (wallClock() - startAt) / 1000, lagOf(now)));
        },
        () => undefined,
      );
    }, 5000);
    const generated = await generator.done.finally(() => {
      clearInterval(showing);
    });
    const drainedAt = await backlog.drained({
      limitMs: DRAIN_LIMIT_MS,
      signal: context.signal,
      onLook: (now) => {
        context.progress(progressOf(plan, (wallClock() - startAt) / 1000, lagOf(now)));
      },
    });
    return { ...plan, schedule: scheduleOf(target), generated, drainedAt, use: watch.stop() };
  } finally {
    context.signal.removeEventListener('abort', stop);
    generator.stop();
  }
}

function progressOf({ name, ratePerS, seconds }: PhasePlan, passed: number, lag: number): string {
  const where = `${String(Math.min(seconds, Math.round(passed)))} of ${String(seconds)} s at ${ratePerS.toFixed(0)}/s`;
  const after = passed > seconds ? `, ${String(Math.round(passed - seconds))} s after` : '';
  return `${name}: ${where}${after}; still to be handled: ${String(lag)} records`;
}

/** What one record cost, by whose processes it was: hardly moved by whatever else the machine is doing. */
export function cpuFact(label: string, { name, schedule, use }: Phase): Fact {
  const cost = byRole(use.processes).map(({ role, cpuPercent }) => {
    return `${role} ${(((cpuPercent / 100) * use.seconds * 1e6) / schedule.count).toFixed(0)} µs`;
  });
  return [`${label} CPU a record`, `${cost.join(', ')} (${name})`];
}

/** Records a second that were wholly done, all that follows from them included. */
export function sustainedPerS({ schedule, drainedAt }: Phase): number {
  return schedule.count / ((drainedAt - schedule.startAt) / 1000);
}

/** From each record's intended moment to the publication of its last effect; those without all effects are left out. */
export function latencyOf({ schedule }: Phase, trail: Trail): LatencyHistogram {
  const latency = createHistogram();
  for (let index = 0; index < schedule.count; index += 1) {
    if (trail.isComplete(index)) latency.record(trail.lastAt(index) - schedule.intendedAt(index));
  }
  return latency;
}

/** Records a second whose last effect fell into the time in which load was offered. */
export function achievedPerS({ schedule, seconds }: Phase, trail: Trail): number {
  const end = schedule.startAt + seconds * 1000;
  let done = 0;
  for (let index = 0; index < schedule.count; index += 1) {
    if (trail.isComplete(index) && trail.lastAt(index) <= end) done += 1;
  }
  return done / seconds;
}
