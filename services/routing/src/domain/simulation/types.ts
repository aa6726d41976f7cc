/** What a simulation is of, and what it tells. Instants and spans in ms, unless said otherwise. */
import type { KnownAgent } from '../matching/candidate.ts';
import type { Memory, PendingWork } from '../matching/types.ts';
import type { Queue } from '../queues/queues.ts';
import type { Span } from './ledger.ts';

/** An item as it comes in. Instants in ms. */
export interface Arrival extends Omit<PendingWork, 'version' | 'avoid'> {
  /** When it should be finished; absent: nothing is promised. */
  readonly promisedBy?: number | undefined;
}

/** When somebody is there: a time that may have no beginning or end, ms. */
export interface Presence {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Somebody at work: once, or in several shifts, in order; absent: all the time. */
export interface Staff extends Omit<KnownAgent, 'version' | 'isAvailable' | 'idleSince'>, Presence {
  readonly shifts?: readonly Presence[] | undefined;
  /** Offers missed in a row until they are away: what else they are asked goes back. Absent: they never are. */
  readonly awayAfterMissed?: number | undefined;
  /** When they are known to have been there, in order, ms: from the next of these on they are back, else with the next shift. */
  readonly seen?: readonly number[] | undefined;
}

/** What comes of it when an agent works on an item. */
export interface Work {
  readonly handlingMs: number;
  /** Somebody else has to go on. */
  readonly isHandedOff: boolean;
}

/** What somebody who is offered an item answers, and after how long. */
export interface Answer {
  readonly says: 'accept' | 'reject' | 'nothing';
  /** ms; who says nothing says it until the queue's time is over. */
  readonly afterMs: number;
}

/** What an agent has in their hands when the simulation begins, until then (ms). */
export interface Begun {
  readonly agentId: string;
  readonly channel: string;
  readonly kind?: string | undefined;
  readonly until: number;
}

export interface Simulation {
  /** By `enqueuedAt`. */
  readonly arrivals: readonly Arrival[];
  readonly staff: readonly Staff[];
  readonly queues: readonly Queue[];
  /** Must answer the same for the same: it is asked under every policy. `turn`: 0 for the first agent who has it. */
  workOf(arrival: Arrival, agentId: string, turn: number): Work;
  /** Likewise; `nth`: 0 for the first time that this agent is offered it. Absent: everybody accepts at once. */
  answerOf?(arrival: Arrival, agentId: string, nth: number): Answer;
  readonly begun?: readonly Begun[] | undefined;
  /** What occupancy and load are of; absent: from the first arrival to the last. */
  readonly span?: Span | undefined;
  /** How long who handed it on is left alone with it, ms; absent: as long as who rejected an offer. */
  readonly avoidMs?: number | undefined;
  /** Looks on, and changes nothing. */
  readonly watch?: Watch | undefined;
}

/** Instants in ms. */
export interface Watch {
  taken(item: Arrival, now: number): void;
  /** By this agent; another one may have to go on. */
  finished(item: Arrival, now: number): void;
  /** All that could be matched at an instant is. */
  settled(memory: Memory, now: number): void;
}

export interface SimulationReport {
  readonly items: number;
  /** Of those, nobody could. */
  readonly unfinished: number;
  /** Of what was finished: how long the rest would have waited, nobody knows. */
  readonly waitMs: { readonly mean: number; readonly p50: number; readonly p95: number; readonly max: number };
  /** Of the items with a promise; `undefined`: none has. */
  readonly promisesKept: number | undefined;
  /** Agents beyond the first, for each item. */
  readonly handOffs: number;
  /** Offers that were rejected or missed, for each item. */
  readonly refusals: number;
  /** Times that somebody was away for the offers they missed. */
  readonly wentAway: number;
  /** Share of the staff's time at work, within the span. */
  readonly occupancy: number;
  /** Of the shares of their time that agents were at work: 0 for all alike. */
  readonly gini: number;
  readonly agents: readonly { readonly id: string; readonly busyMs: number }[];
}
