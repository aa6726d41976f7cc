/** What is still to be done, as gauges: looked up when they are read, never more often. */
import { metrics, type BatchObservableResult, type ObservableGauge } from '@opentelemetry/api';
import type { Subscription } from '@switchboard/bus';
import type { Lane } from './lane.ts';
import type { Sql } from './ports.ts';
import type { Progress } from './progress.ts';
import { readBacklog, type Backlog } from './tables/backlog.ts';
import { UNCLAIMED } from './timer-sweep.ts';

export interface ObserveOptions {
  readonly service: string;
  readonly database: Sql;
  readonly lanes: { readonly command: Lane; readonly stream: Lane; readonly jobs: Lane };
  readonly progress: Progress;
  /** How long a message waits for its aggregate, ms. */
  readonly waitingWindow: number;
  /** Those that this replica knows. */
  readonly timerKinds: readonly string[];
  /** Undefined while nothing is consumed. */
  subscription(): Subscription | undefined;
}

const tableGauges: Readonly<Record<keyof Backlog, readonly [name: string, description: string]>> = {
  outbox: ['switchboard_outbox_depth', 'Events to be published, counted up to 10,000'],
  outboxAge: ['switchboard_outbox_oldest_age_seconds', 'Since when the oldest of them waits'],
  timerLag: ['switchboard_timer_lag_seconds', 'How late the most overdue timer of a known kind is'],
  unknownTimers: [
    'switchboard_timers_unknown',
    'Timers overdue for a minute whose kind this replica does not know, counted up to 10,000',
  ],
  waiting: ['switchboard_waiting_depth', 'Messages that wait for their aggregate, counted up to 10,000'],
  waitingAge: ['switchboard_waiting_oldest_age_seconds', 'Since when the oldest of them waits'],
  effects: ['switchboard_effects_depth', 'Calls to the outside to be made, counted up to 10,000'],
  effectLag: ['switchboard_effects_lag_seconds', 'How late the most overdue call to the outside is'],
  deadLetters: ['switchboard_dead_letters', 'Dead letters that nobody replayed, counted up to 10,000'],
  partitionsAhead: ['switchboard_partitions_ahead_seconds', 'For how long there are partitions for what is published'],
};

/** Registers the gauges. Without somebody who reads them nothing is ever asked. */
export function observe(options: ObserveOptions): void {
  observeTables(options);
  observeConsumer(options);
  const depth = gauge('switchboard_lane_queue_depth', 'Messages that wait for a batch');
  depth.addCallback((result) => {
    for (const [lane, { depth: waiting }] of Object.entries(options.lanes)) result.observe(waiting(), { lane });
  });
}

function observeTables({ service, database, waitingWindow, timerKinds }: ObserveOptions): void {
  const watched = { waitingWindowMs: waitingWindow, timerKinds, unclaimedMs: UNCLAIMED };
  const gauges = Object.entries(tableGauges).map(
    ([key, [name, description]]) => [key as keyof Backlog, gauge(name, description)] as const,
  );
  batch(
    gauges.map(([, one]) => one),
    async (result) => {
      const backlog = await readBacklog(database, watched);
      // Nothing that waits is no time at all.
      for (const [key, one] of gauges) result.observe(one, Math.max(0, backlog[key] ?? 0), { service });
    },
  );
}

function observeConsumer({ service, progress, subscription }: ObserveOptions): void {
  const lagging = gauge('switchboard_consumer_lag', 'Records published but not yet handled');
  const age = gauge(
    'switchboard_consumer_oldest_unprocessed_age_seconds',
    'Age of the oldest record in hand, or since when nothing moves although records wait',
  );
  batch([lagging, age], async (result) => {
    const lag = await subscription()?.lag();
    if (lag === undefined) return;
    result.observe(lagging, lag, { service });
    result.observe(age, progress.age(lag), { service });
  });
}

function gauge(name: string, description: string): ObservableGauge {
  return metrics.getMeter('switchboard.hallway').createObservableGauge(name, { description });
}

/** What cannot be looked up now is left out: a gap says so. */
function batch(gauges: readonly ObservableGauge[], look: (result: BatchObservableResult) => Promise<void>): void {
  metrics
    .getMeter('switchboard.hallway')
    .addBatchObservableCallback((result) => look(result).catch(() => undefined), [...gauges]);
}
