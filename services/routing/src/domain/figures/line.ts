/**
 * How everybody stands in line: who is before whom for the same hands. Items are of one kind where the same agents may
 * serve them now. An item before another one in the order counts by the share of its agents who may serve the other one
 * too: 1 where they have the same agents, 0 where they have none in common.
 *
 * However many things are asked for, a look is bounded: so many of them are put to the agents, and those to whom the
 * same agents are the answer are one.
 */
import type { Entry, Memory } from '../matching/types.ts';
import { mayServe, startRun, termsOf } from '../matching/pool.ts';
import { allOf } from '../matching/shelf.ts';
import type { Look, Run } from '../matching/pool.ts';
import type { Queue } from '../queues/queues.ts';
import { stepOf } from '../queues/steps.ts';
import { narrowed } from '../work/work-terms.ts';
import { commonTo, createCrew, crewOf } from './crew.ts';
import type { Crew, Hands } from './crew.ts';
import type { Standing, Unknown } from './estimate.ts';

export interface Place {
  readonly entry: Entry;
  readonly standing: Standing | Unknown;
}

interface Kind extends Hands {
  /** Before whoever is looked at. */
  waiting: number;
  /** By kind, as they were found: how much one of theirs counts for one of these. */
  readonly shares: number[];
}

/** More than so many sorts of work are told apart only by their queue and channel: the rest of each is judged by its first. */
const MOST_SORTS = 24;
/** Of those, so many are put to the agents at one look, and so many pairs in all; beyond, nobody knows. */
const MOST_ASKED = { sorts: 500, pairs: 300_000 };

/** All that waits, in order. Some thousand steps of plain counting; requirements are asked once for each sort. */
export const placesOf = (memory: Memory, now: Date): Place[] =>
  [...placing(memory, now)].filter((place) => place !== undefined);

/**
 * The same for whoever does something else in between: what has left meanwhile is passed over. `undefined`: all agents were
 * just asked about a sort of work.
 */
export function* placing(memory: Memory, now: Date): Generator<Place | undefined, void> {
  const run = startRun(memory, now, Infinity);
  const known = { sorts: new Map(), kinds: new Map(), groups: new Map() };
  const line: Line = { run, crew: createCrew(run), ...known, list: [], asked: 0 };
  for (const entry of allOf(memory.waiting)) {
    if (memory.entries.get(entry.id) !== entry) continue;
    const { asked } = line;
    const place = { entry, standing: standingOf(line, entry) };
    if (line.asked > asked) yield undefined;
    yield place;
  }
}

function standingOf(line: Line, entry: Entry): Place['standing'] {
  const queue = line.run.memory.queues.get(entry.queueId);
  const look = queue && lookOf(line.run, queue, entry);
  if (look === undefined) return 'held';
  const { hold, moveTo } = look.step;
  if (hold !== undefined || moveTo !== undefined) return hold === 'stale' ? 'held' : 'closed';
  const kind = kindFor(line, look);
  if (kind === undefined) return 'too-little-history';
  const standing = standingIn(kind, line);
  kind.waiting += 1;
  return standing;
}

/** As the matcher sees it, but without its notes of what was found out. */
function lookOf(run: Run, queue: Queue, entry: Entry): Look | undefined {
  const step = narrowed(stepOf(queue, entry, run.now, run), termsOf(run, entry), run.now);
  return step && { queue, entry, step };
}

interface Line {
  readonly run: Run;
  readonly crew: Crew;
  /** What is asked for -> whose it is. */
  readonly sorts: Map<string, Kind>;
  /** Who may serve it -> the kind. */
  readonly kinds: Map<string, Kind>;
  /** The same, as they were found. */
  readonly list: Kind[];
  /** What requirements cannot tell apart -> its name here. */
  readonly groups: Map<object, string>;
  /** Sorts that were put to the agents. */
  asked: number;
}

/** `undefined`: too much is asked for at once. */
function kindFor(line: Line, look: Look): Kind | undefined {
  const { crew, sorts } = line;
  const wide = `${look.entry.queueId} ${look.entry.channel}`;
  const narrow = `${wide} ${sortOf(line, look)}`;
  const isFull = line.asked >= MOST_SORTS;
  const known = sorts.get(narrow) ?? (isFull ? sorts.get(wide) : undefined);
  if (known !== undefined) return known;
  const most = Math.max(MOST_SORTS, Math.min(MOST_ASKED.sorts, MOST_ASKED.pairs / crew.agents.length));
  if (line.asked >= most) return undefined;
  line.asked += 1;
  const kind = kindOf(line, look);
  sorts.set(isFull ? wide : narrow, kind);
  return kind;
}

/** What decides who may serve it, beside its queue and channel. */
function sortOf({ groups }: Line, { entry: { group, terms }, step: { stage } }: Look): string {
  const { requirements = '', team = '', owner } = terms ?? {};
  const known = group && (groups.get(group) ?? String(groups.size));
  if (group !== undefined && known !== undefined) groups.set(group, known);
  return `${known ?? ''} ${String(stage)} ${owner?.agentId ?? ''} ${team} ${requirements}`;
}

function kindOf({ run, crew, kinds, list }: Line, look: Look): Kind {
  const { entry, step } = look;
  const owner = entry.terms?.owner?.agentId;
  const mayHave = (id: string): boolean => owner === undefined || step.preferred !== owner || id === owner;
  const { name, hands } = crewOf(crew, entry, (agent) => mayHave(agent.id) && mayServe(run, look, agent));
  const known = kinds.get(name);
  if (known !== undefined) return known;
  const kind: Kind = { ...hands, waiting: 0, shares: [] };
  // Both ways, as both go on counting what comes.
  for (const other of list) {
    const common = commonTo(crew, kind, other);
    kind.shares.push(other.count === 0 ? 0 : common / other.count);
    other.shares.push(kind.count === 0 ? 0 : common / kind.count);
  }
  kind.shares.push(1);
  list.push(kind);
  kinds.set(name, kind);
  return kind;
}

function standingIn({ places, free, shares }: Kind, { list }: Line): Place['standing'] {
  if (places === 0) return 'nobody-at-work';
  const ahead = list.reduce((sum, { waiting }, n) => sum + waiting * (shares[n] ?? 0), 0);
  return { ahead, places, free };
}
