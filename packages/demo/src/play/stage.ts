/** What everybody in the play has at hand. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../chance.ts';
import { NoAnswerError } from '../client/api.ts';
import type { Api } from '../client/api.ts';
import type { AgentEntry } from '../company/agents.ts';
import type { Customer } from '../day/customers.ts';
import type { DeskTally, Tally } from '../report/tally.ts';
import type { DayClock } from './day-clock.ts';
import type { PromiseBook } from './promise-book.ts';

export interface Stage {
  readonly api: Api;
  readonly seed: number;
  readonly run: string;
  readonly tally: Tally;
  readonly clock: DayClock;
  readonly book: PromiseBook;
  /** Aborted when the play is over. */
  readonly signal: AbortSignal;
  /** Cases of today that are not resolved -> when they began to wait for an agent (ms), or 0 when one has taken them. */
  readonly openCases: Map<string, number>;
  /** Whose contact point it is, where it is one of ours. */
  customerOf(contactPoint: string): Customer | undefined;
  /** Something happened that must not: ends the play. */
  fail(error: unknown): void;
  /** True the first time a decision's offer is asked about, so that it is shown once. */
  firstShowing(decisionId: string): boolean;
}

/** One agent's place in the play. */
export interface Desk {
  readonly stage: Stage;
  readonly agent: AgentEntry;
  readonly tally: DeskTally;
  readonly chance: Chance;
  /** Reservations that were looked at and are still listed. */
  readonly seen: Set<string>;
}

export function pause(stage: Stage, ms: number): Promise<void> {
  return sleep(ms, undefined, { signal: stage.signal });
}

/** Lets one piece of work fail without the others: it was cut off by the end, or got no answer. */
export async function guarded(stage: Stage, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (stage.signal.aborted) return;
    if (error instanceof NoAnswerError) stage.tally.answers.lastComplaint = error.message;
    else stage.fail(error);
  }
}

/** The customers by each of their contact points. */
export function customerIndex(customers: readonly Customer[]): Stage['customerOf'] {
  const index = new Map<string, Customer>();
  for (const customer of customers) {
    for (const point of [`phone:${customer.phone}`, `email:${customer.email}`, `user:${customer.user}`]) {
      index.set(point, customer);
    }
  }
  return (point) => index.get(point);
}

/** Says yes to each text once; the oldest of many thousands are forgotten. */
export function firstTimes(remembered = 5000): (text: string) => boolean {
  const seen = new Set<string>();
  return (text) => {
    if (seen.has(text)) return false;
    seen.add(text);
    const [oldest] = seen;
    if (seen.size > remembered && oldest !== undefined) seen.delete(oldest);
    return true;
  };
}
