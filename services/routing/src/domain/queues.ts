/** Which queue takes a case. */
import type { AgentFacts, Facts } from './state.ts';

/** A queue, compiled. */
export interface Queue {
  readonly id: string;
  readonly reservationTimeoutMs: number;
  /** `match`; an expression that cannot be decided does not hold. */
  takes(facts: Facts): boolean;
  /** `requirements`; absent: every agent may serve it. */
  readonly servedBy?: ((facts: Facts, agent: AgentFacts) => boolean) | undefined;
}

export interface RoutingConfiguration {
  /** In the order they are tried, without `default`. */
  readonly queues: readonly Queue[];
  readonly fallback: Queue;
}

/** The first queue whose `match` holds; `default` is always last. */
export function chooseQueue({ queues, fallback }: RoutingConfiguration, facts: Facts): Queue {
  return queues.find((queue) => queue.takes(facts)) ?? fallback;
}

/** `undefined`: it was removed. */
export function queueOf({ queues, fallback }: RoutingConfiguration, id: string): Queue | undefined {
  return id === fallback.id ? fallback : queues.find((queue) => queue.id === id);
}
