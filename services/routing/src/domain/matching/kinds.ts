/**
 * Cases and agents that a queue's requirements cannot tell apart: cases that agree on all that is looked at are of one
 * kind, agents likewise of one class, and a verdict is found out once for both.
 */
import type { Admission } from '../queues/steps.ts';
import type { Queue } from '../queues/queues.ts';
import type { AgentFacts } from '../people/state.ts';
import type { Facts } from '../work/state.ts';
import type { Line } from './lines.ts';

/** Cases of one kind in one queue. */
export interface Group {
  readonly classes: Classes;
  /** Condition -> class of agents -> whether they may serve it. */
  readonly verdicts: Map<Admission, (boolean | undefined)[]>;
  /** What waits of it, by the lane it is served from. */
  readonly lines: Map<string, Line>;
}

/** Classes of agents in one queue, numbered from 1. */
interface Classes {
  readonly ids: Map<string, number>;
  /** An agent's slot -> class, and of which version of the agent; absent: to be found out. */
  readonly bySlot: ({ readonly number: number; readonly version: number } | undefined)[];
}

/** One queue's. */
export interface Kinds {
  readonly groups: Map<string, Group>;
  readonly classes: Classes;
}

/** An agent with a place in every list of classes. */
interface Classed {
  readonly id: string;
  readonly version: number;
  readonly facts: AgentFacts;
  readonly slot: number;
}

/** More kinds than that in a queue are no kinds. */
const MOST_GROUPS = 1000;
/** Beyond so many classes all are found out again: most are of agents as they were once. */
const MOST_CLASSES = 50_000;

export const createKinds = (): Kinds => ({ groups: new Map(), classes: { ids: new Map(), bySlot: [] } });

/** `undefined`: hardly another case is like this one. */
export function groupIn({ groups, classes }: Kinds, queue: Queue, facts: Facts): Group | undefined {
  const kind = queue.kindOf?.(facts);
  if (kind === undefined) return undefined;
  const known = groups.get(kind);
  if (known !== undefined) return known;
  if (groups.size >= MOST_GROUPS) groups.clear();
  const group: Group = { classes, verdicts: new Map(), lines: new Map() };
  groups.set(kind, group);
  return group;
}

/** The same for all agents of a class; asked once. */
export function verdictIn(
  { classes, verdicts }: Group,
  queue: Queue,
  agent: Classed,
  { serves, ask }: { readonly serves: Admission; readonly ask: () => boolean },
): boolean {
  const own = verdicts.get(serves) ?? [];
  if (own.length === 0) verdicts.set(serves, own);
  return (own[knownClass(classes, agent) ?? classOf(classes, queue, agent)] ??= ask());
}

/** `undefined`: nobody asked yet. */
export const knownIn = ({ classes, verdicts }: Group, serves: Admission, agent: Classed): boolean | undefined =>
  verdicts.get(serves)?.[knownClass(classes, agent) ?? 0];

/** Facts of another version may be others. */
function knownClass({ bySlot }: Classes, { slot, version }: Classed): number | undefined {
  const known = bySlot[slot];
  return known?.version === version ? known.number : undefined;
}

function classOf(classes: Classes, { classOf: keyOf }: Queue, agent: Classed): number {
  const { ids, bySlot } = classes;
  const key = keyOf?.(agent.facts) ?? `${agent.id} ${String(agent.version)}`;
  const number = ids.get(key) ?? ids.size + 1;
  ids.set(key, number);
  while (bySlot.length <= agent.slot) bySlot.push(undefined);
  bySlot[agent.slot] = { number, version: agent.version };
  return number;
}

/** So many classes that all kinds of the queue should be found out afresh. */
export const isOvergrown = ({ classes: { ids } }: Kinds): boolean => ids.size > MOST_CLASSES;
