/**
 * How queues and agents stand at one moment, out of the matcher's memory. What is counted is kept from run to run
 * (`ages.ts`, `lanes.ts`, `history.ts`), so a figure costs the same however many wait or work.
 */
import { agesOf } from '../matching/ages.ts';
import { takesOffers } from '../matching/agents.ts';
import { answersIn } from '../matching/history.ts';
import { countIn, poolAt } from '../matching/lanes.ts';
import type { Memory, Pool } from '../matching/types.ts';
import { cameBefore, firstOf } from '../matching/shelf.ts';
import { hasShare } from './fairness.ts';
import type { Queue } from './queues.ts';
import { alone } from './serving.ts';
import { waitsSince } from './steps.ts';
import type { Course, Live, PoolFigures, QueueFigures, Target } from './steps.ts';

export interface LiveQueues extends Live {
  /** Whether an agent has had their share of a queue for now. */
  hasShare(queue: Queue, agentId: string): boolean;
}

/** `pool`: who takes offers, where that was found out already. */
export function createLive(memory: Memory, now: number, pool?: Pool): LiveQueues {
  const there = once(() => pool ?? poolAt(memory, now));
  const counted = (course: Course): PoolFigures => {
    const { available, idle } = countIn(there(), course);
    return { available: available.size, idle: idle.size };
  };
  const figures = keep((queue: Queue): QueueFigures => {
    const ages = agesOf(memory, queue.id);
    const oldest = firstOf(ages);
    const since = oldest === undefined ? now : Math.min(now, waitsSince(oldest));
    return {
      ...counted(queue),
      // What is not to be offered yet does not wait.
      waiting: cameBefore(ages, now + 1),
      oldestWaitSeconds: Math.floor((now - since) / 1000),
      serviceLevel: serviceLevelOf(memory, queue, now),
    };
  });
  const owners = new Map<Target, Queue>();
  const passedOver = keep((target: Target): boolean => {
    const { skipIf, overflow } = target;
    const { while: leads } = overflow ?? {};
    const queue = skipIf === undefined && leads === undefined ? undefined : owners.get(target);
    if (queue === undefined) return false;
    const other = memory.queues.get(overflow?.to ?? '');
    const seen = {
      queue: figures(queue),
      target: counted(alone(queue, target)),
      other: other && figures(other),
    };
    return skipIf?.(seen) === true || leads?.(seen) === false;
  });
  return {
    isAvailable: (id) => {
      const agent = memory.agents.get(id);
      return agent !== undefined && takesOffers(memory, agent, now);
    },
    hasQueue: (id) => memory.queues.has(id),
    availableIn: (queue) => counted(queue).available,
    isPassedOver: (course, target) => {
      const queue = memory.queues.get(course.id);
      if (queue === undefined) return false;
      owners.set(target, queue);
      return passedOver(target);
    },
    hasShare: ({ id, fairness }, agentId) => {
      if (fairness === undefined) return false;
      const { assigned, came } = memory.history;
      const availableSince = came.get(agentId) ?? 0;
      return hasShare(fairness, id, assigned.get(agentId)?.values() ?? [], { availableSince, now });
    },
  };
}

/** 1 where nothing was asked for. */
function serviceLevelOf(memory: Memory, { id, answerWithinMs = Infinity }: Queue, now: number): number {
  const { all, inTime } = answersIn(memory.history, id, answerWithinMs, now);
  const overdue = cameBefore(agesOf(memory, id), now - answerWithinMs);
  return all + overdue === 0 ? 1 : inTime / (all + overdue);
}

function once<T extends object>(find: () => T): () => T {
  let found: T | undefined;
  return () => (found ??= find());
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
