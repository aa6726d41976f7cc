/** What was known before this owner of the matcher began, out of what is kept. */
import { learnedFrom, noteHandling } from './learned.ts';
import type { Learned } from './learned.ts';
import type { AlertStates, FiguresOfQueue, ToldWait } from './state.ts';
import { createTally, noteStatus, setMinutes } from './tally.ts';
import type { KeptMinutes, Tally } from './tally.ts';
import { createWaits } from './waits.ts';
import type { Waits } from './waits.ts';

export interface Known {
  readonly waits: Waits;
  readonly tally: Tally;
  readonly alerts: Map<string, AlertStates>;
  /** Queue -> figures as they were told. */
  readonly figures: Map<string, string>;
  /** Item -> what it was told. */
  readonly told: Map<string, ToldWait>;
}

export const createKnown = (): Known => ({
  waits: createWaits(),
  tally: createTally(),
  alerts: new Map(),
  figures: new Map(),
  told: new Map(),
});

/** Rows as they are read. */
export interface KeptRows {
  /** Items that somebody holds. */
  readonly held: readonly { readonly id: string; readonly queueId: string; readonly status: string }[];
  readonly learnings: readonly { readonly id: string; readonly learned: Partial<Learned> }[];
  readonly queues: readonly {
    readonly id: string;
    readonly figures: FiguresOfQueue;
    readonly alerts: AlertStates;
    /** Absent, or `null`: told by a version that kept none. */
    readonly minutes?: KeptMinutes | null | undefined;
  }[];
  /** Of what still waits. */
  readonly waits: readonly { readonly id: string; readonly told: ToldWait }[];
}

export function knownFrom({ held, learnings, queues, waits: told }: KeptRows): Known {
  const known = createKnown();
  for (const { id, queueId, status } of held) noteStatus(known.tally, id, queueId, status);
  for (const { id, learned: kept } of learnings) {
    const learned = learnedFrom(kept);
    known.waits.learned.set(id, learned);
    for (const ms of learned.handlingMs) noteHandling(known.waits.house, ms);
  }
  for (const { id, figures, alerts, minutes } of queues) {
    known.figures.set(id, textOf(figures));
    known.alerts.set(id, alerts);
    setMinutes(known.tally, id, minutes ?? []);
  }
  for (const { id, told: one } of told) known.told.set(id, one);
  return known;
}

/** The same for the same, in whatever order a table gives its parts back. */
export const textOf = (value: object): string => JSON.stringify(value, inOrder);

function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
