/** Which queue takes a case. */
import type { Alike } from './alike.ts';
import type { Fairness } from './fairness.ts';
import type { Strategy, Weights } from '../matching/record.ts';
import type { RankingRules } from './order.ts';
import type { QueueDefinition } from './definition.ts';
import { factsOf } from '../work/state.ts';
import type { CaseWork, Facts, Undecided } from '../work/state.ts';
import type { Course } from './steps.ts';
import type { Roster } from '../people/working-time.ts';

/** Who decides a queue's offers by HTTP. */
export interface Engine {
  readonly url: string;
  readonly timeoutMs: number;
  /** By which secret questions are signed. */
  readonly secretId: string;
}

/** A queue, compiled. */
export interface Queue extends Course, Alike {
  /** Of its definition. */
  readonly version?: number | undefined;
  /** What it was compiled of. */
  readonly definition?: QueueDefinition | undefined;
  readonly reservationTimeoutMs: number;
  /** The team that answers for what waits in it. */
  readonly team?: string | undefined;
  /** `match`; an expression that cannot be decided does not hold. */
  readonly takes: (facts: Facts) => boolean | { readonly error: string };
  /** How its items find their agents; absent: `longest-idle`. */
  readonly strategy?: Strategy | undefined;
  /** Decides before the strategy does. */
  readonly engine?: Engine | undefined;
  /** Share of its items that are matched at random, to measure what the strategy is worth. */
  readonly holdout?: number | undefined;
  /** What a pair costs where the strategy is `least-cost`; absent: the standard. */
  readonly weights?: Weights | undefined;
  /** Absent: the standard one. */
  readonly ranking?: RankingRules | undefined;
  /** What share other queues get of what would come here. */
  readonly split?: QueueDefinition['split'];
  readonly fairness?: Fairness | undefined;
  /** What the service level counts, ms. */
  readonly answerWithinMs?: number | undefined;
  /** Levels above which managers hear of it: items, or ms. */
  readonly alerts?: Readonly<Partial<Record<'waiting' | 'oldestWait' | 'estimatedWait', number>>> | undefined;
  /** How many agents are asked about one item at the same time; absent: one. */
  readonly offersAtOnce?: number | undefined;
  /** How long a customer may wait for the answer of the agent who took it, ms. */
  readonly unansweredMs?: number | undefined;
  /** When wrapping up ends by itself, ms. */
  readonly wrapUpMs?: number | undefined;
  /** The words with which its offers may be refused; absent: any. */
  readonly refusalReasons?: readonly string[] | undefined;
}

export interface RoutingConfiguration {
  /** In the order they are tried, without `default`. */
  readonly queues: readonly Queue[];
  readonly fallback: Queue;
  /** Absent: everybody works at any time. */
  readonly roster?: Roster | undefined;
}

export interface Choice {
  readonly queue: Queue;
  /** The case, with what could not be decided about it. */
  readonly work: CaseWork;
}

/** The first queue whose `match` holds, or the one to which it gives the item; `default` is always last. */
export function chooseQueue(configuration: RoutingConfiguration, work: CaseWork, itemId: string): Choice {
  const { queues, fallback } = configuration;
  const facts = factsOf(work);
  const undecided: Undecided[] = [];
  const queue = queues.find(({ id, takes }) => {
    const verdict = takes(facts);
    if (typeof verdict === 'boolean') return verdict;
    undecided.push({ queueId: id, reason: verdict.error });
    return false;
  });
  return {
    queue: shareOf(configuration, queue ?? fallback, itemId),
    work: { ...work, undecided: undecided.length === 0 ? undefined : undecided },
  };
}

/** Which queue of a split an item goes to: always the same one. Who gets a share does not split it again. */
function shareOf(configuration: RoutingConfiguration, queue: Queue, itemId: string): Queue {
  const { split = [] } = queue;
  if (split.length === 0) return queue;
  let place = percentOf(`${queue.id} ${itemId}`);
  for (const { queueId, percent } of split) {
    if (place < percent) return queueOf(configuration, queueId) ?? queue;
    place -= percent;
  }
  return queue;
}

/** 0 to 99.99, as even as the hash (FNV-1a with a final mix) of ids that resemble each other can be. */
function percentOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < text.length; n += 1) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) % 10_000) / 100;
}

/** `undefined`: it was removed. */
export function queueOf({ queues, fallback }: RoutingConfiguration, id: string): Queue | undefined {
  return id === fallback.id ? fallback : queues.find((queue) => queue.id === id);
}
