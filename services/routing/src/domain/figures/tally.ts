/** What happened in queues over the last half hour, by the minute, and what stands where. Set, not counted, where it can be. */
import type { WorkStatus } from '../work/state.ts';

interface Minute {
  readonly minute: number;
  arrived: number;
  accepted: number;
  completed: number;
  canceled: number;
  waitMs: number;
  /** Accepted within the queue's `answerWithin`. */
  within: number;
}

export type Sums = Omit<Minute, 'minute'>;

type Held = Extract<WorkStatus, 'reserved' | 'assigned' | 'wrapping'>;

export interface Tally {
  /** Queue -> its minutes, the newest last. */
  readonly minutes: Map<string, Minute[]>;
  /** Item -> where it is; of what is held alone. */
  readonly held: Map<string, { readonly queueId: string; readonly status: Held }>;
}

/** Over which things are counted, in minutes. */
export const WINDOW_MINUTES = 30;
const MINUTE_MS = 60_000;

export const createTally = (): Tally => ({ minutes: new Map(), held: new Map() });

const nothing: Sums = { arrived: 0, accepted: 0, completed: 0, canceled: 0, waitMs: 0, within: 0 };

export function noteStatus({ held }: Tally, id: string, queueId: string, status: string): void {
  if (status === 'reserved' || status === 'assigned' || status === 'wrapping') held.set(id, { queueId, status });
  else held.delete(id);
}

/** `at` in ms. */
export function noteInQueue({ minutes }: Tally, queueId: string, at: number, more: Partial<Sums>): void {
  const own = minutes.get(queueId) ?? [];
  minutes.set(queueId, own);
  const minute = Math.floor(at / MINUTE_MS);
  let sums = own.find((one) => one.minute === minute);
  if (sums === undefined) {
    sums = { minute, ...nothing };
    own.push(sums);
    while ((own[0]?.minute ?? minute) <= minute - WINDOW_MINUTES) own.shift();
  }
  for (const key of Object.keys(more) as (keyof Sums)[]) sums[key] += more[key] ?? 0;
}

/** A queue's minutes as they are kept: each the minute itself, then what happened, in the order of `sums`. */
export type KeptMinutes = readonly (readonly number[])[];

const sums = ['arrived', 'accepted', 'completed', 'canceled', 'waitMs', 'within'] as const satisfies (keyof Sums)[];

export const minutesOf = ({ minutes }: Tally, queueId: string): KeptMinutes =>
  (minutes.get(queueId) ?? []).map((one) => [one.minute, ...sums.map((name) => one[name])]);

export function setMinutes({ minutes }: Tally, queueId: string, kept: KeptMinutes): void {
  const all = kept.map(([minute = 0, ...values]): Minute => {
    const [arrived = 0, accepted = 0, completed = 0, canceled = 0, waitMs = 0, within = 0] = values;
    return { minute, arrived, accepted, completed, canceled, waitMs, within };
  });
  minutes.set(queueId, all);
}

/** Of the last half hour. */
export function sumsOf({ minutes }: Tally, queueId: string, now: number): Sums {
  const oldest = Math.floor(now / MINUTE_MS) - WINDOW_MINUTES;
  const sums = { ...nothing };
  for (const one of minutes.get(queueId) ?? []) {
    if (one.minute <= oldest) continue;
    for (const key of Object.keys(sums) as (keyof Sums)[]) sums[key] += one[key];
  }
  return sums;
}

/** Queue -> items held, by status. */
export function heldIn({ held }: Tally): Map<string, Record<Held, number>> {
  const counts = new Map<string, Record<Held, number>>();
  for (const { queueId, status } of held.values()) {
    const own = counts.get(queueId) ?? { reserved: 0, assigned: 0, wrapping: 0 };
    own[status] += 1;
    counts.set(queueId, own);
  }
  return counts;
}
