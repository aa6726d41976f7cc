/** The result as one JSON object, for machines. */
import { byRole } from './totals.ts';
import type { ScenarioResult } from '../scenario.ts';

/** Latencies in ms, rates a second; `null` where the scenario does not measure it. */
export interface JsonReport {
  readonly scenario: string;
  readonly offeredPerS: number | null;
  readonly achievedPerS: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  readonly lost: number | null;
  readonly duplicated: number | null;
  readonly floorPerS: number | null;
  readonly ratioToFloor: number | null;
  /** Of one core, all processes under test together: the services (of `floor` the floor's own). */
  readonly cpuPercent: number;
  /** Of the same processes. */
  readonly rssMb: number;
}

export function jsonReport(scenario: string, result: ScenarioResult): JsonReport {
  const { offeredPerS, achievedPerS, latency, lost, duplicated, floorPerS } = result;
  const ratio = achievedPerS === undefined || floorPerS === undefined ? undefined : achievedPerS / floorPerS;
  const measured = byRole(result.processes).find(({ role }) => role === 'service' || role === 'floor');
  return {
    scenario,
    offeredPerS: rounded(offeredPerS, 1),
    achievedPerS: rounded(achievedPerS, 1),
    p50Ms: rounded(latency?.percentile(50), 3),
    p99Ms: rounded(latency?.percentile(99), 3),
    maxMs: rounded(latency?.maxMs, 3),
    lost: lost ?? null,
    duplicated: duplicated ?? null,
    floorPerS: rounded(floorPerS, 1),
    ratioToFloor: rounded(ratio, 3),
    cpuPercent: rounded(measured?.cpuPercent ?? 0, 1) ?? 0,
    rssMb: rounded(measured?.rssMb ?? 0, 0) ?? 0,
  };
}

function rounded(value: number | undefined, digits: number): number | null {
  return value === undefined ? null : Number(value.toFixed(digits));
}
