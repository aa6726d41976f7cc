/**
 * Cases and agents that requirements cannot tell apart: cases that agree on all that is looked at are of one kind, agents
 * likewise of one class, and a verdict is found out once for both.
 */
import { classOf } from '../queues/alike.ts';
import type { Alike } from '../queues/alike.ts';
import type { Admission } from '../queues/steps.ts';
import type { AgentFacts } from '../people/state.ts';
import type { Facts } from '../work/state.ts';
import type { Classes, Group, Kinds } from './types.ts';

/** An agent with a place in every list of classes. */
interface Classed {
  readonly id: string;
  readonly version: number;
  readonly facts: AgentFacts;
  readonly slot: number;
}

/** More kinds than that are no kinds. */
const MOST_GROUPS = 1000;
/** Beyond so many classes all are found out again: most are of agents as they were once. */
const MOST_CLASSES = 50_000;

export const createKinds = (kindOf: Alike['kindOf'], classes: Classes): Kinds => ({
  kindOf,
  groups: new Map(),
  classes,
});

export const createClasses = (looksAt: Alike['looksAt']): Classes => ({
  ...{ looksAt, ids: new Map(), bySlot: [] },
});

/** `undefined`: hardly another case is like this one. */
export function groupIn({ kindOf, groups, classes }: Kinds, facts: Facts): Group | undefined {
  const kind = kindOf?.(facts);
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
  agent: Classed,
  { serves, ask }: { readonly serves: Admission; readonly ask: () => boolean },
): boolean {
  return (verdictsOf(verdicts, serves)[knownClass(classes, agent) ?? numberOf(classes, agent)] ??= ask());
}

/** By class, the same list each time; absent: nobody asked yet. */
export function verdictsOf(verdicts: Group['verdicts'], serves: Admission): (boolean | undefined)[] {
  const known = verdicts.get(serves);
  if (known !== undefined) return known;
  const own: (boolean | undefined)[] = [];
  verdicts.set(serves, own);
  return own;
}

/** Of a list of verdicts; `undefined`: nobody asked yet. */
export const knownIn = (
  { classes }: Group,
  verdicts: readonly (boolean | undefined)[],
  agent: Classed,
): boolean | undefined => verdicts[knownClass(classes, agent) ?? 0];

/** Facts of another version may be others. */
function knownClass({ bySlot }: Classes, { slot, version }: Classed): number | undefined {
  const known = bySlot[slot];
  return known?.version === version ? known.number : undefined;
}

function numberOf({ looksAt, ids, bySlot }: Classes, agent: Classed): number {
  const key = looksAt === undefined ? `${agent.id} ${String(agent.version)}` : classOf(looksAt, agent.facts);
  const number = ids.get(key) ?? ids.size + 1;
  ids.set(key, number);
  while (bySlot.length <= agent.slot) bySlot.push(undefined);
  bySlot[agent.slot] = { number, version: agent.version };
  return number;
}

/** So many classes that all kinds should be found out afresh. */
export const isOvergrown = ({ ids }: Classes): boolean => ids.size > MOST_CLASSES;
