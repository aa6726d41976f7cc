/**
 * How far an item has come through its queue's targets. A question of time alone, so nothing is written when a target
 * is over: whoever asks is told the step that holds now.
 */
import type { AgentFacts, Facts } from './state.ts';

/** Whether an agent may serve work of these facts. */
export type Admission = (facts: Facts, agent: AgentFacts) => boolean;

/** One target, compiled. */
export interface Target {
  readonly name: string;
  /** Whether an agent meets this target; absent: everybody does. */
  readonly accepts?: Admission | undefined;
  /** For so long the preferred agent alone is asked, ms; 0: from the beginning everybody. */
  readonly preferredMs: number;
  /** How long until the next one, ms; `Infinity` for the last. */
  readonly timeoutMs: number;
}

/** What a queue says about the way through it. */
export interface Course {
  readonly targets?: readonly Target[] | undefined;
  /** What every target asks for: the queue's `requirements`. */
  readonly servedBy?: Admission | undefined;
}

/** What is asked about an item. Instants in ms. */
export interface Stepping {
  readonly enqueuedAt: number;
  /** When it came to this queue; absent: it has been there from the beginning. */
  readonly enteredAt?: number | undefined;
  readonly preferredAgentId?: string | undefined;
}

/** How things are at this moment. */
export interface Live {
  /** Whether an agent is there and takes offers; one who is not is not waited for. */
  isAvailable(agentId: string): boolean;
}

export interface Step {
  /** The target's place. */
  readonly index: number;
  readonly name: string;
  /** Another one at each change of who may serve the item: what was found out under one says nothing about another. */
  readonly stage: number;
  /** Whether an agent meets this target or one before; absent: everybody may serve it. */
  readonly serves?: Admission | undefined;
  /** Nobody else is asked meanwhile. */
  readonly preferred?: string | undefined;
  /** When the next stage begins, ms; absent: it is the last. */
  readonly until?: number | undefined;
}

/** What a queue without targets has. */
const PLAIN: readonly Target[] = [{ name: 'all', preferredMs: 0, timeoutMs: Infinity }];

/** The step that holds at an instant (ms) for an item of a queue. Later ones admit whoever earlier ones did. */
export function stepOf(queue: Course, item: Stepping, now: number, live: Live): Step {
  const targets = queue.targets ?? PLAIN;
  let index = 0;
  let begun = item.enteredAt ?? item.enqueuedAt;
  for (const { timeoutMs } of targets) {
    if (index === targets.length - 1 || now < begun + timeoutMs) break;
    begun += timeoutMs;
    index += 1;
  }
  const { name, preferredMs, timeoutMs } = targets[index] ?? { name: '', preferredMs: 0, timeoutMs: Infinity };
  const serves = admission(queue, index);
  const over = index === targets.length - 1 ? undefined : begun + timeoutMs;
  const preferredUntil = begun + Math.min(preferredMs, timeoutMs);
  const { preferredAgentId: preferred } = item;
  if (preferred !== undefined && now < preferredUntil && live.isAvailable(preferred))
    return { index, name, stage: 2 * index, serves, preferred, until: preferredUntil };
  return { index, name, stage: 2 * index + 1, serves, until: over };
}

/** Who is admitted, by queue and target: the same function each time, since it is asked for every item at every run. */
const admissions = new WeakMap<Course, (Admission | undefined)[]>();

function admission(queue: Course, index: number): Admission | undefined {
  let known = admissions.get(queue);
  if (known === undefined) {
    known = (queue.targets ?? PLAIN).map((_, n) => admitting(queue, n));
    admissions.set(queue, known);
  }
  return known[index];
}

function admitting({ targets = PLAIN, servedBy }: Course, last: number): Admission | undefined {
  const reached = targets.slice(0, last + 1);
  // The widest is asked first: it is the likeliest to admit.
  const accepting = reached.map(({ accepts }) => accepts).reverse();
  if (accepting.includes(undefined)) return servedBy;
  const accepted: Admission = (facts, agent) => accepting.some((accepts) => accepts?.(facts, agent) === true);
  return servedBy === undefined ? accepted : (facts, agent) => servedBy(facts, agent) && accepted(facts, agent);
}
