/** What the matcher remembers of what is over: shares that agents had, how long work waited. Set, not counted. */
import { LONGEST_SHARE_MS } from '../queues/fairness.ts';
import type { Assigned } from '../queues/fairness.ts';

/** Something that was accepted, ms. */
interface Answered {
  readonly at: number;
  readonly waitedMs: number;
}

export interface History {
  /** Agent -> item -> its assignment; of queues that limit them. */
  readonly assigned: Map<string, Map<string, Assigned>>;
  /** Agent -> when they came, ms. */
  readonly came: Map<string, number>;
  /** Queue -> item -> its answer; of queues that say how soon it should be. */
  readonly answered: Map<string, Map<string, Answered>>;
}

/** Over which the service level is told, ms. */
export const ANSWERED_MS = 30 * 60_000;

/** Above so many, what is too old is looked for. */
const MANY = 64;

export function createHistory(): History {
  return { assigned: new Map(), came: new Map(), answered: new Map() };
}

export function noteAssigned(history: History, agentId: string, itemId: string, assigned: Assigned): void {
  note(history.assigned, { key: agentId, itemId, oldest: assigned.at - LONGEST_SHARE_MS }, assigned);
}

/** It came to nothing. */
export function forgetAssigned({ assigned }: History, agentId: string, itemId: string): void {
  assigned.get(agentId)?.delete(itemId);
}

export function noteAnswered(history: History, queueId: string, itemId: string, answered: Answered): void {
  note(history.answered, { key: queueId, itemId, oldest: answered.at - ANSWERED_MS }, answered);
}

function note<T extends { readonly at: number }>(
  notes: Map<string, Map<string, T>>,
  { key, itemId, oldest }: { readonly key: string; readonly itemId: string; readonly oldest: number },
  value: T,
): void {
  const own = notes.get(key) ?? new Map<string, T>();
  notes.set(key, own);
  own.set(itemId, value);
  if (own.size <= MANY) return;
  for (const [id, { at }] of own) {
    if (at > oldest) break;
    own.delete(id);
  }
}
