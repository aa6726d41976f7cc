/** How queues and agents stand at one moment, out of the matcher's memory; counted when it is first asked for. */
import { hasShare } from './fairness.ts';
import { ANSWERED_MS } from '../matching/history.ts';
import { takesOffers } from '../matching/agents.ts';
import type { Candidate } from '../matching/candidate.ts';
import type { Memory } from '../matching/memory.ts';
import type { Queue } from './queues.ts';
import type { Course, Live, PoolFigures, QueueFigures, Target } from './steps.ts';

export interface LiveQueues extends Live {
  /** Whether an agent has had their share of a queue for now. */
  hasShare(queue: Queue, agentId: string): boolean;
}

interface Waiting {
  count: number;
  oldest: number;
  overdue: number;
}

export function createLive(memory: Memory, now: number): LiveQueues {
  const available = once(() => [...memory.agents.values()].filter((agent) => takesOffers(memory, agent, now)));
  const waiting = once(() => waitingOf(memory, now));
  const pool = (belongs: (agent: Candidate) => boolean): PoolFigures => {
    const agents = available().filter(belongs);
    return { available: agents.length, idle: agents.filter(({ holds }) => holds.size === 0).length };
  };
  const queuePool = keep((queue: Course) => pool(({ facts }) => servesIn(queue, facts)));
  const figures = keep((queue: Queue): QueueFigures => {
    const { count = 0, oldest = now, overdue = 0 } = waiting().get(queue.id) ?? {};
    return {
      ...queuePool(queue),
      waiting: count,
      oldestWaitSeconds: Math.floor((now - oldest) / 1000),
      serviceLevel: serviceLevelOf(memory, queue, { now, overdue }),
    };
  });
  const passedOver = keep(({ queue, target }: { readonly queue: Queue; readonly target: Target }): boolean => {
    const { skipIf, overflow } = target;
    const { while: leads } = overflow ?? {};
    if (skipIf === undefined && leads === undefined) return false;
    const there = memory.queues.get(overflow?.to ?? '');
    const seen = {
      queue: figures(queue),
      target: pool(({ facts }) => canServe({ ...queue, targets: [target] }, facts)),
      other: there && figures(there),
    };
    return skipIf?.(seen) === true || leads?.(seen) === false;
  });
  const targets = new Map<Target, { readonly queue: Queue; readonly target: Target }>();
  return {
    isAvailable: (id) => {
      const agent = memory.agents.get(id);
      return agent !== undefined && takesOffers(memory, agent, now);
    },
    hasQueue: (id) => memory.queues.has(id),
    availableIn: (queue) => queuePool(queue).available,
    isPassedOver: (course, target) => {
      const queue = memory.queues.get(course.id);
      if (queue === undefined) return false;
      const pair = targets.get(target) ?? { queue, target };
      targets.set(target, pair);
      return passedOver(pair);
    },
    hasShare: ({ id, fairness }, agentId) => {
      if (fairness === undefined) return false;
      const { assigned, came } = memory.history;
      const availableSince = came.get(agentId) ?? 0;
      return hasShare(fairness, id, assigned.get(agentId)?.values() ?? [], { availableSince, now });
    },
  };
}

/** Whether an agent could serve some work of a queue, as far as it depends on them alone. */
function canServe({ pool, targets }: Pick<Course, 'pool' | 'targets'>, facts: Candidate['facts']): boolean {
  if (pool?.(facts) === false) return false;
  const asking = targets?.filter(({ overflow }) => overflow === undefined) ?? [];
  return asking.length === 0 || asking.some((target) => target.pool?.(facts) !== false);
}

/** Queue -> agent as they are -> whether they could serve it. Both are other objects once they change. */
const known = new WeakMap<Course, WeakMap<Candidate['facts'], boolean>>();

/** The same of a queue that stays, asked once: queues times agents are too many to be asked at each look. */
export function servesIn(queue: Course, facts: Candidate['facts']): boolean {
  const own = known.get(queue) ?? new WeakMap<Candidate['facts'], boolean>();
  known.set(queue, own);
  const verdict = own.get(facts) ?? canServe(queue, facts);
  own.set(facts, verdict);
  return verdict;
}

function waitingOf({ entries, queues }: Memory, now: number): Map<string, Waiting> {
  const found = new Map<string, Waiting>();
  for (const { queueId, enqueuedAt } of entries.values()) {
    const known = found.get(queueId) ?? { count: 0, oldest: Infinity, overdue: 0 };
    known.count += 1;
    known.oldest = Math.min(known.oldest, enqueuedAt);
    if (now - enqueuedAt > (queues.get(queueId)?.answerWithinMs ?? Infinity)) known.overdue += 1;
    found.set(queueId, known);
  }
  return found;
}

/** 1 where nothing was asked for. */
function serviceLevelOf(
  { history }: Memory,
  { id, answerWithinMs = Infinity }: Queue,
  { now, overdue }: { readonly now: number; readonly overdue: number },
): number {
  const answers = [...(history.answered.get(id)?.values() ?? [])].filter(({ at }) => at > now - ANSWERED_MS);
  const all = answers.length + overdue;
  return all === 0 ? 1 : answers.filter(({ waitedMs }) => waitedMs <= answerWithinMs).length / all;
}

function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | undefined;
  return () => (found ??= { value: find() }).value;
}

function keep<K extends object, T>(find: (key: K) => T): (key: K) => T {
  const known = new Map<K, T>();
  return (key) => {
    const there = known.get(key);
    if (there !== undefined) return there;
    const value = find(key);
    known.set(key, value);
    return value;
  };
}
