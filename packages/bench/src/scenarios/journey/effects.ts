/**
 * What became of every record, read afterwards from the events the services published: nothing watches while it is
 * measured. Every event carries the correlation id of the record that caused it, and the moment it was sent.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingRecord } from '@switchboard/bus';
import type { Fleet } from '@switchboard/fleet';
import { kindAt, type Kind } from './mix.ts';

/** Effects of one record as bits; two clocks make the fourth. */
const bits = { told: 1, queued: 2, clock: 4, secondClock: 8, attributed: 16, decided: 32 } as const;

const bitOf: Readonly<Record<string, number>> = {
  'switchboard.intake.v1.CaseOpened': bits.told,
  'switchboard.intake.v1.MessageReceived': bits.told,
  'switchboard.routing.v1.WorkQueued': bits.queued,
  'switchboard.sla.v1.ClockStarted': bits.clock,
  'switchboard.customer360.v1.ContactAttributed': bits.attributed,
  'switchboard.customer360.v1.ActivityAttributed': bits.attributed,
  'switchboard.offers.v1.DecisionMade': bits.decided,
};

const wanted: Readonly<Record<Kind, number>> = {
  first: bits.told | bits.queued | bits.clock | bits.secondClock | bits.attributed | bits.decided,
  'follow-up': bits.told | bits.attributed | bits.decided,
  activity: bits.attributed | bits.decided,
};

/** One run's records and what was seen of each. */
export interface Trail {
  readonly count: number;
  /** Whether every effect was seen. */
  isComplete(index: number): boolean;
  /** When the last of them was published, ms since 1970; 0 before any. */
  lastAt(index: number): number;
}

interface Kept extends Trail {
  see(index: number, type: string, at: number): void;
}

export function createTrail(count: number): Kept {
  const seen = new Uint8Array(count);
  const last = new Float64Array(count);
  return {
    count,
    isComplete: (index) => {
      const needed = wanted[kindAt(index)];
      return ((seen[index] ?? 0) & needed) === needed;
    },
    lastAt: (index) => last[index] ?? 0,
    see: (index, type, at) => {
      let bit = bitOf[type] ?? 0;
      if (bit === 0 || index >= count) return;
      const before = seen[index] ?? 0;
      if (bit === bits.clock && (before & bits.clock) !== 0) bit = bits.secondClock;
      seen[index] = before | bit;
      last[index] = Math.max(last[index] ?? 0, at);
    },
  };
}

/** Event type -> how many there were and their bytes on the wire (key, value, headers). */
export type EventTotals = ReadonlyMap<string, { count: number; bytes: number }>;

export interface Effects {
  /** By the run's name. */
  readonly trails: ReadonlyMap<string, Trail>;
  readonly totals: EventTotals;
  /** Event type -> one of them. */
  readonly samples: ReadonlyMap<string, IncomingRecord>;
}

/** Reads the services' topics from their beginning to their end. @param runs name -> number of its records */
export async function readEffects(fleet: Fleet, runs: ReadonlyMap<string, number>): Promise<Effects> {
  const trails = new Map([...runs].map(([name, count]) => [name, createTrail(count)]));
  const totals = new Map<string, { count: number; bytes: number }>();
  const samples = new Map<string, IncomingRecord>();
  const take = (record: IncomingRecord): void => {
    const type = record.headers['ce_type'] ?? 'none';
    const total = totals.get(type) ?? { count: 0, bytes: 0 };
    totals.set(type, { count: total.count + 1, bytes: total.bytes + bytesOf(record) });
    const label = record.headers['ce_correlationid'] ?? '';
    const dash = label.lastIndexOf('-');
    samples.set(type, record);
    trails.get(label.slice(0, dash))?.see(Number(label.slice(dash + 1)), type, record.timestamp.getTime());
  };
  const bus = fleet.openBus('bench-effects');
  let death: Error | undefined;
  try {
    const subscription = await bus.subscribe({
      group: `${fleet.prefix}.bench-effects`,
      topics: ['intake', 'routing', 'sla', 'customer-360', 'offers'].map((service) => `${fleet.prefix}.${service}`),
      maxBatch: 5000,
      onBatch: (records) => {
        for (const record of records) take(record);
        return Promise.resolve();
      },
      onDeath: (error) => (death = error),
    });
    while ((await subscription.lag()) > 0) {
      if (death !== undefined) throw death;
      await sleep(200);
    }
    await subscription.close();
  } finally {
    await bus.close();
  }
  return { trails, totals, samples };
}

function bytesOf({ key, value, headers }: IncomingRecord): number {
  const named = Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  return (key?.length ?? 0) + (value?.length ?? 0) + named;
}
