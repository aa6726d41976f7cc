/** Which queue takes a case. */
import type { RankingRules } from './order.ts';
import { factsOf } from './state.ts';
import type { CaseWork, Facts, Undecided } from './state.ts';
import type { Course } from './steps.ts';

/** A queue, compiled. */
export interface Queue extends Course {
  readonly id: string;
  readonly reservationTimeoutMs: number;
  /** The team that answers for what waits in it. */
  readonly team?: string | undefined;
  /** `match`; an expression that cannot be decided does not hold. */
  readonly takes: (facts: Facts) => boolean | { readonly error: string };
  /** Absent: the standard one. */
  readonly ranking?: RankingRules | undefined;
}

export interface RoutingConfiguration {
  /** In the order they are tried, without `default`. */
  readonly queues: readonly Queue[];
  readonly fallback: Queue;
}

export interface Choice {
  readonly queue: Queue;
  /** The case, with what could not be decided about it. */
  readonly work: CaseWork;
}

/** The first queue whose `match` holds; `default` is always last. */
export function chooseQueue({ queues, fallback }: RoutingConfiguration, work: CaseWork): Choice {
  const facts = factsOf(work);
  const undecided: Undecided[] = [];
  const queue = queues.find(({ id, takes }) => {
    const verdict = takes(facts);
    if (typeof verdict === 'boolean') return verdict;
    undecided.push({ queueId: id, reason: verdict.error });
    return false;
  });
  return { queue: queue ?? fallback, work: { ...work, undecided: undecided.length === 0 ? undefined : undecided } };
}

/** `undefined`: it was removed. */
export function queueOf({ queues, fallback }: RoutingConfiguration, id: string): Queue | undefined {
  return id === fallback.id ? fallback : queues.find((queue) => queue.id === id);
}
