/** What is not as it should be after a burst or a rolling restart; nothing is right. */
import type { BurstResult } from './burst.ts';
import type { RollingRestartResult } from './rolling-restart.ts';

/** MB: a service that keeps what it cannot do yet in memory is far beyond. */
const MOST_MEMORY = 600;
/** Fewer were no load. */
const LEAST_ACKNOWLEDGED = 100;

export function burstFindings(result: BurstResult): string[] {
  const { statuses, withoutRetryAfter, readiness, rssMb } = result;
  const most = Math.max(...rssMb);
  return [
    ...result.faults,
    ...others(statuses, ['201', '503']).map((status) => `the door answered ${status}`),
    ...['201', '503'].filter((status) => !(status in statuses)).map((status) => `the door never answered ${status}`),
    ...(withoutRetryAfter > 0 ? [`${String(withoutRetryAfter)} refusals did not say when to come back`] : []),
    // Overload is no reason to get no traffic at all.
    ...others(readiness, ['200']).map((status) => `/health/ready answered ${status}`),
    ...(result.overloadShown ? [] : ['/health/ready never named the overload']),
    ...(result.oldestS > 0 ? [] : ['the metrics never told of a record that waited']),
    ...(result.publishedPerS > result.workedOffPerS ? [] : ['records came no faster than they were worked off']),
    ...(most < MOST_MEMORY ? [] : [`the service took ${String(most)} MB`]),
  ];
}

const others = (counts: Readonly<Record<string, number>>, known: readonly string[]): string[] =>
  Object.keys(counts).filter((status) => !known.includes(status));

export function restartFindings(result: RollingRestartResult, replicas: number): string[] {
  const { failures, faults, restarted, acknowledged } = result;
  return [
    ...failures,
    ...faults,
    ...(restarted === replicas ? [] : [`${String(restarted)} of ${String(replicas)} replicas were replaced`]),
    ...(acknowledged > LEAST_ACKNOWLEDGED ? [] : [`only ${String(acknowledged)} contacts were acknowledged`]),
  ];
}
