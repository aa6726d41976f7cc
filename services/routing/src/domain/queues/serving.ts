/** Who could serve a queue's work, as far as it depends on the agents alone. */
import type { AgentFacts } from '../people/state.ts';
import type { Course, Target } from './steps.ts';

/** Queue -> agent as they are -> whether they could serve it. Both are other objects once they change. */
const known = new WeakMap<Course, WeakMap<AgentFacts, boolean>>();

/** The same of a queue that stays, asked once: queues times agents are too many to be asked at each look. */
export function servesIn(queue: Course, facts: AgentFacts): boolean {
  const own = known.get(queue) ?? new WeakMap<AgentFacts, boolean>();
  known.set(queue, own);
  const verdict = own.get(facts) ?? canServe(queue, facts);
  own.set(facts, verdict);
  return verdict;
}

function canServe({ pool, targets }: Pick<Course, 'pool' | 'targets'>, facts: AgentFacts): boolean {
  if (pool?.(facts) === false) return false;
  const asking = targets?.filter(({ overflow }) => overflow === undefined) ?? [];
  return asking.length === 0 || asking.some((target) => target.pool?.(facts) !== false);
}

const single = new WeakMap<Target, Course>();

/** One target by itself, as if the queue had no other: the same object for the same target. */
export function alone({ id, pool }: Course, target: Target): Course {
  const course = single.get(target) ?? { id, pool, targets: [target] };
  single.set(target, course);
  return course;
}
