/** Who is compared: the service's own match under each, with the same staff and the same arrivals. */
import { compileQueue } from '@switchboard/routing/simulation';
import type { Queue, QueueDefinition } from '@switchboard/routing/simulation';

export interface Policy {
  readonly name: string;
  readonly queue: Queue;
}

const desk: QueueDefinition = {
  order: 1,
  match: 'true',
  requirements: 'case.product in agent.products',
  strategy: 'longest-idle',
  reservationTimeout: 'PT30S',
};

const policy = (name: string, definition: Partial<QueueDefinition>): Policy => ({
  name,
  queue: compileQueue('desk', { ...desk, ...definition }),
});

/** As most systems have it: priority strictly first, then age; each to the next agent by one rule. */
const strict = { ranking: { strict: true } } as const;

export const LEAST_COST = 'least cost';

/**
 * The costs were chosen on the log's first half, learned from its first quarter: the table is of the second half.
 * @param meanHandlingMs what work is expected to take, for the promise's part in the order
 */
export function policiesFor(meanHandlingMs: number): readonly Policy[] {
  const times = (count: number): string => `PT${String(Math.round((count * meanHandlingMs) / 60_000))}M`;
  return [
    policy('round robin', { ...strict, strategy: 'round-robin' }),
    policy('least loaded', { ...strict, strategy: 'least-loaded' }),
    policy('longest idle', { ...strict, strategy: 'longest-idle' }),
    policy(LEAST_COST, {
      strategy: 'least-cost',
      costs: { skills: times(6), worked: times(18), idle: 'PT0S', load: 'PT0S', breadth: 'PT0S' },
      ranking: { minutes: { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 }, promise: { horizon: times(8), handling: times(1) } },
    }),
  ];
}
