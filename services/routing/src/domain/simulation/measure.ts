/** What a simulation comes to. */
import type { Avoided } from '../work/state.ts';
import { overlapMs } from './ledger.ts';
import type { Ledger, Span } from './ledger.ts';
import type { Arrival, Presence, SimulationReport, Staff } from './types.ts';

/** What became of an item. Instants and spans in ms. */
export interface Life {
  readonly arrival: Arrival;
  waitingSince: number;
  /** In all, before each agent. */
  waitedMs: number;
  /** Agents who had it. */
  turns: number;
  /** Who handed it on, or refused it, and until when they are left alone with it. */
  had: readonly Avoided[];
  /** How often it waited again. */
  rounds: number;
  /** Agent -> how often they were offered it, where answers are asked for. */
  readonly asked: Map<string, number>;
  /** Offers that were not accepted, of those that were answered or missed. */
  refusals: number;
  /** Where it waits since it was moved. */
  moved?: Pick<Arrival, 'queueId' | 'enteredAt' | 'passed'>;
  finishedAt?: number;
}

export const lifeOf = (arrival: Arrival): Life => ({
  ...{ arrival, waitingSince: arrival.enqueuedAt, waitedMs: 0, turns: 0 },
  ...{ had: [], rounds: 0, asked: new Map(), refusals: 0 },
});

export interface Measured {
  readonly lives: readonly Life[];
  readonly ledger: Ledger;
  readonly span: Span;
  readonly staff: readonly Staff[];
  readonly wentAway: number;
}

export function measure({ lives, ledger, span, staff, wentAway }: Measured): SimulationReport {
  const finished = lives.filter(({ finishedAt }) => finishedAt !== undefined);
  const waits = finished.map(({ waitedMs }) => waitedMs).sort((a, b) => a - b);
  const promised = lives.filter(({ arrival }) => arrival.promisedBy !== undefined);
  const kept = promised.filter(({ arrival, finishedAt = Infinity }) => finishedAt <= (arrival.promisedBy ?? 0));
  const present = staff.map((agent) => Math.max(1, presentMs(agent, span)));
  const busy = staff.map(({ id }) => ledger.withinMs.get(id) ?? 0);
  return {
    items: lives.length,
    unfinished: lives.length - finished.length,
    waitMs: { mean: meanOf(waits), p50: quantile(waits, 0.5), p95: quantile(waits, 0.95), max: waits.at(-1) ?? 0 },
    promisesKept: promised.length === 0 ? undefined : kept.length / promised.length,
    handOffs: meanOf(lives.map(({ turns }) => Math.max(0, turns - 1))),
    refusals: meanOf(lives.map(({ refusals }) => refusals)),
    wentAway,
    occupancy: sumOf(busy) / Math.max(1, sumOf(present)),
    gini: gini(busy.map((ms, n) => ms / (present[n] ?? 1))),
    agents: staff.map(({ id }) => ({ id, busyMs: ledger.busyMs.get(id) ?? 0 })),
  };
}

export const shiftsOf = ({ shifts, from, to }: Staff): readonly Presence[] => shifts ?? [{ from, to }];

/** How long they were there within the span. */
const presentMs = (staff: Staff, span: Span): number =>
  sumOf(shiftsOf(staff).map(({ from = span.from, to = span.to }) => overlapMs({ from, to }, span)));

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const meanOf = (values: readonly number[]): number => (values.length === 0 ? 0 : sumOf(values) / values.length);

/** The smallest value that at least this share of all does not exceed; of values in order. */
export function quantile(ordered: readonly number[], share: number): number {
  return ordered[Math.max(0, Math.ceil(share * ordered.length) - 1)] ?? 0;
}

/** Gini's coefficient: half the mean difference of all pairs, over the mean. */
export function gini(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const sum = sumOf(ordered);
  if (sum === 0) return 0;
  const weighted = ordered.reduce((total, value, n) => total + (2 * (n + 1) - ordered.length - 1) * value, 0);
  return weighted / (ordered.length * sum);
}
