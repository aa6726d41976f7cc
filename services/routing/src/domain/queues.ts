/** Which queue takes a case. */
import type { Weights } from './matching/cost.ts';
import type { Strategy } from './matching/strategies.ts';
import type { RankingRules } from './order.ts';
import { factsOf } from './state.ts';
import type { CaseWork, Facts, Undecided } from './state.ts';
import type { Course } from './steps.ts';

/** A queue, compiled. */
export interface Queue extends Course {
  readonly id: string;
  /** Of its definition. */
  readonly version?: number | undefined;
  readonly reservationTimeoutMs: number;
  /** The team that answers for what waits in it. */
  readonly team?: string | undefined;
  /** `match`; an expression that cannot be decided does not hold. */
  readonly takes: (facts: Facts) => boolean | { readonly error: string };
  /** How its items find their agents; absent: `longest-idle`. */
  readonly strategy?: Strategy | undefined;
  /** Share of its items that are matched at random, to measure what the strategy is worth. */
  readonly holdout?: number | undefined;
  /** What a pair costs where the strategy is `least-cost`; absent: the standard. */
  readonly weights?: Weights | undefined;
  /** What it is that requirements look at: they cannot tell cases of one kind apart. Absent: each may be another one. */
  readonly kindOf?: ((facts: Facts) => string) | undefined;
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
