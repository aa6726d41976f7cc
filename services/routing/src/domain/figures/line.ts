/**
 * How everybody stands in line: who is before whom for the same hands. Items are of one kind where the same agents may
 * serve them now. An item before another one in the order counts by the share of its agents who may serve the other one
 * too: 1 where they have the same agents, 0 where they have none in common.
 */
import { capacityFor } from '../people/state.ts';
import type { Candidate, Entry, Memory } from '../matching/memory.ts';
import { mayServe, roomOf, startRun, termsOf } from '../matching/pool.ts';
import type { Look, Run } from '../matching/pool.ts';
import type { Queue } from '../queues/queues.ts';
import { stepOf } from '../queues/steps.ts';
import { narrowed } from '../work/work-terms.ts';
import type { Standing, Unknown } from './estimate.ts';

export interface Place {
  readonly entry: Entry;
  readonly standing: Standing | Exclude<Unknown, 'too-little-history'>;
}

interface Kind {
  readonly work: Entry;
  /** Of the agents at work, those who may serve it. */
  readonly agents: ReadonlySet<Candidate>;
  readonly places: number;
  readonly free: number;
  /** Before whoever is looked at. */
  waiting: number;
  /** By kind, as they were found: how much one of theirs counts for one of these. */
  readonly shares: number[];
}

/** More kinds than that are not told apart: what comes later counts as the first of its queue and channel. */
const MOST_KINDS = 24;
/** Nobody holds more at once than this, as far as counted here. */
const MOST_PLACES = 20;

/** All that waits, in order. Some thousand steps of plain counting; requirements are asked once for each kind. */
export function placesOf(memory: Memory, now: Date): Place[] {
  const line: Line = { run: startRun(memory, now, Infinity), kinds: new Map(), list: [], groups: new Map() };
  return memory.waiting.map((entry): Place => {
    const queue = memory.queues.get(entry.queueId);
    const look = queue && lookOf(line.run, queue, entry);
    if (look === undefined) return { entry, standing: 'held' };
    const { hold, moveTo } = look.step;
    if (hold !== undefined || moveTo !== undefined) return { entry, standing: hold === 'stale' ? 'held' : 'closed' };
    const kind = kindFor(line, look);
    const standing = standingIn(kind, line);
    kind.waiting += 1;
    return { entry, standing };
  });
}

/** As the matcher sees it, but without its notes of what was found out. */
function lookOf(run: Run, queue: Queue, entry: Entry): Look | undefined {
  const step = narrowed(stepOf(queue, entry, run.now, run), termsOf(run, entry), run.now);
  return step && { queue, entry, step };
}

interface Line {
  readonly run: Run;
  readonly kinds: Map<string, Kind>;
  /** The same, as they were found. */
  readonly list: Kind[];
  /** What requirements cannot tell apart -> its name here. */
  readonly groups: Map<object, string>;
}

function kindFor(line: Line, look: Look): Kind {
  const { run, kinds, list } = line;
  const isFull = list.length >= MOST_KINDS;
  const wide = `${look.entry.queueId} ${look.entry.channel}`;
  const narrow = `${wide} ${nameOf(line, look)}`;
  const known = kinds.get(narrow) ?? (isFull ? kinds.get(wide) : undefined);
  if (known !== undefined) return known;
  const kind = createKind(run, look);
  // Both ways, as both go on counting what comes.
  for (const other of list) {
    kind.shares.push(shareOf(other, kind));
    other.shares.push(shareOf(kind, other));
  }
  kind.shares.push(1);
  list.push(kind);
  kinds.set(isFull ? wide : narrow, kind);
  return kind;
}

/** What decides who may serve it, beside its queue and channel. */
function nameOf({ groups }: Line, { entry: { group, terms }, step: { stage } }: Look): string {
  const { requirements = '', team = '', owner } = terms ?? {};
  const known = group && (groups.get(group) ?? String(groups.size));
  if (group !== undefined && known !== undefined) groups.set(group, known);
  return `${known ?? ''} ${String(stage)} ${owner?.agentId ?? ''} ${team} ${requirements}`;
}

function createKind(run: Run, look: Look): Kind {
  const { entry, step } = look;
  const owner = entry.terms?.owner?.agentId;
  const mayHave = (id: string): boolean => owner === undefined || step.preferred !== owner || id === owner;
  const agents = new Set([...run.available].filter((agent) => mayHave(agent.id) && mayServe(run, look, agent)));
  let [places, free] = [0, 0];
  for (const agent of agents) {
    const room = roomOf(agent, entry, MOST_PLACES);
    const held = [...agent.holds.values()].filter(
      ({ channel, activity }) => channel === entry.channel && activity !== 'paused',
    );
    free += room;
    places += Math.min(MOST_PLACES, room + held.length, Math.max(1, capacityFor(agent.capacity, entry.channel)));
  }
  return { work: entry, agents, places, free, waiting: 0, shares: [] };
}

/** Of the agents whom `others` would go to, the share for whom an item of this kind competes. */
function shareOf(others: Kind, kind: Kind): number {
  if (others.agents.size === 0) return 0;
  const isSame = others.work.channel === kind.work.channel;
  let common = 0;
  // Channels stand in each other's way where units are counted over all of them.
  for (const agent of others.agents) if (kind.agents.has(agent) && (isSame || agent.units !== undefined)) common += 1;
  return common / others.agents.size;
}

function standingIn({ places, free, shares }: Kind, { list }: Line): Place['standing'] {
  if (places === 0) return 'nobody-at-work';
  const ahead = list.reduce((sum, { waiting }, n) => sum + waiting * (shares[n] ?? 0), 0);
  return { ahead, places, free };
}
