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
  /** Queue -> what was accepted of it; of queues that say how soon it should be. */
  readonly answered: Map<string, Answers>;
}

/** Of the last half hour, as far as it was asked for or added to. */
interface Answers {
  /** Item -> its answer, in the order in which they came. */
  readonly byItem: Map<string, Answered>;
  /** How soon it should be, ms, and how many were; absent: nobody asked yet. */
  counted?: { readonly withinMs: number; inTime: number } | undefined;
}

/** Over which the service level is told, ms. */
export const ANSWERED_MS = 30 * 60_000;

/** Above so many, what is too old is looked for. */
const MANY = 64;

export function createHistory(): History {
  return { assigned: new Map(), came: new Map(), answered: new Map() };
}

export function noteAssigned({ assigned: all }: History, agentId: string, itemId: string, assigned: Assigned): void {
  const own = all.get(agentId) ?? new Map<string, Assigned>();
  all.set(agentId, own);
  own.set(itemId, assigned);
  if (own.size <= MANY) return;
  for (const [id, { at }] of own) {
    if (at > assigned.at - LONGEST_SHARE_MS) break;
    own.delete(id);
  }
}

/** It came to nothing. */
export function forgetAssigned({ assigned }: History, agentId: string, itemId: string): void {
  assigned.get(agentId)?.delete(itemId);
}

export function noteAnswered({ answered: all }: History, queueId: string, itemId: string, answered: Answered): void {
  const own: Answers = all.get(queueId) ?? { byItem: new Map() };
  all.set(queueId, own);
  forgetAnswer(own, itemId);
  own.byItem.set(itemId, answered);
  if (own.counted !== undefined && answered.waitedMs <= own.counted.withinMs) own.counted.inTime += 1;
  forgetUntil(own, answered.at - ANSWERED_MS);
}

/** How many were accepted of late, and how many of them within a time, ms. Asked again and again with the same time. */
export function answersIn(
  { answered }: History,
  queueId: string,
  withinMs: number,
  now: number,
): { readonly all: number; readonly inTime: number } {
  const own = answered.get(queueId);
  if (own === undefined) return { all: 0, inTime: 0 };
  forgetUntil(own, now - ANSWERED_MS);
  const { byItem } = own;
  if (own.counted?.withinMs !== withinMs) {
    const inTime = [...byItem.values()].filter(({ waitedMs }) => waitedMs <= withinMs).length;
    own.counted = { withinMs, inTime };
  }
  return { all: byItem.size, inTime: own.counted.inTime };
}

function forgetUntil(own: Answers, oldest: number): void {
  for (const [id, { at }] of own.byItem) {
    if (at > oldest) break;
    forgetAnswer(own, id);
  }
}

function forgetAnswer({ byItem, counted }: Answers, itemId: string): void {
  const known = byItem.get(itemId);
  if (known === undefined) return;
  byItem.delete(itemId);
  if (counted !== undefined && known.waitedMs <= counted.withinMs) counted.inTime -= 1;
}
