/** Who has room in one run of the matcher, and whom they may serve. */
import { fits } from '../people/capacity.ts';
import type { Work } from '../people/capacity.ts';
import { createLive } from '../queues/live.ts';
import type { LiveQueues } from '../queues/live.ts';
import type { Queue } from '../queues/queues.ts';
import { stepOf } from '../queues/steps.ts';
import type { Step } from '../queues/steps.ts';
import { narrowed } from '../work/work-terms.ts';
import { noteAssigned } from './history.ts';
import { noteWork, takesOffers } from './memory.ts';
import type { Candidate, Entry, Memory } from './memory.ts';
import { byIdleness } from './strategies.ts';

/** Agents with room for one sort of work, the longest idle first. */
export interface Lane {
  readonly work: Work;
  readonly agents: Candidate[];
  /** The newest opening among them. */
  readonly newest: number;
}

export interface Run extends LiveQueues {
  readonly memory: Memory;
  readonly now: number;
  readonly available: readonly Candidate[];
  readonly lanes: Map<string, Lane>;
  /** Kinds of work, and channels, that somebody here weighs. */
  readonly weighed: ReadonlySet<string>;
  evaluationsLeft: number;
}

export function startRun(memory: Memory, now: Date, evaluations: number): Run {
  const at = now.getTime();
  const available = [...memory.agents.values()].filter((agent) => takesOffers(memory, agent, at));
  return {
    ...createLive(memory, at),
    memory,
    now: at,
    available,
    lanes: new Map(),
    weighed: new Set(available.flatMap(({ weights = {} }) => Object.keys(weights))),
    evaluationsLeft: evaluations,
  };
}

/** Kinds of work that nobody weighs share a lane. */
export function workIn(run: Run, { channel, kind }: Work): Work & { readonly key: string } {
  const isWeighed = kind !== undefined && run.weighed.has(kind);
  return isWeighed ? { channel, kind, key: `${channel} ${kind}` } : { channel, key: channel };
}

export function laneOf(run: Run, one: Work): Lane {
  const { key, ...work } = workIn(run, one);
  const known = run.lanes.get(key);
  if (known !== undefined) return known;
  const agents = run.available.filter((agent) => hasRoom(agent, work)).sort(byIdleness);
  const lane: Lane = { work, agents, newest: agents.reduce((newest, { opened }) => Math.max(newest, opened), 0) };
  run.lanes.set(key, lane);
  return lane;
}

/** The item counts as held from here on. Who took something is no longer idle, and may have no room left. */
export function give(run: Run, entry: Entry, agent: Candidate): true {
  noteWork(agent, run.now);
  noteShare(run, entry, agent);
  agent.offeredAt = run.now;
  agent.holds.set(entry.id, { channel: entry.channel, kind: entry.kind, version: entry.version + 1 });
  for (const { work, agents } of run.lanes.values()) {
    const at = agents.indexOf(agent);
    if (at === -1) continue;
    agents.splice(at, 1);
    if (!hasRoom(agent, work)) continue;
    const behind = agents.findIndex((one) => byIdleness(agent, one) < 0);
    agents.splice(behind === -1 ? agents.length : behind, 0, agent);
  }
  return true;
}

/** Where agents have shares, the offer is one already. */
function noteShare({ memory, now }: Run, { id, queueId }: Entry, agent: Candidate): void {
  if (memory.queues.get(queueId)?.fairness !== undefined)
    noteAssigned(memory.history, agent.id, id, { queueId, at: now });
}

export const hasRoom = (agent: Candidate, work: Work): boolean => fits(agent, agent.holds.values(), work);

/** How many more items of a sort an agent may hold, up to `most`. */
export function roomOf(agent: Candidate, { channel, kind }: Work, most: number): number {
  const held: Work[] = [...agent.holds.values()];
  let room = 0;
  for (; room < most && fits(agent, held, { channel, kind }); room += 1) held.push({ channel, kind });
  return room;
}

/** An item with the step of its queue that holds now. */
export interface Look {
  readonly queue: Queue;
  readonly entry: Entry;
  readonly step: Step;
}

/** A substitute, or who is back, has it first; not waited for while they are not there. */
function keptFor(run: Run, { preferred }: Entry, step: Step): Step {
  if (preferred === undefined || run.now >= Date.parse(preferred.until)) return step;
  return run.isAvailable(preferred.agentId) ? { ...step, preferred: preferred.agentId } : step;
}

/** What was found out at another step is forgotten. `undefined`: the item asks not to be offered yet. */
export function lookAt(run: Run, queue: Queue, entry: Entry): Look | undefined {
  const narrow = narrowed(stepOf(queue, entry, run.now, run), entry.terms, run.now);
  if (narrow === undefined) return undefined;
  const step = keptFor(run, entry, narrow);
  if (step.preferred === undefined) {
    if (entry.stage !== step.stage) entry.seen = 0;
    entry.stage = step.stage;
  }
  return { queue, entry, step };
}

/** Requirements are not asked twice of a pair while neither changes, where the queue can tell what they look at. */
export function mayServe(run: Run, { queue, entry, step: { serves } }: Look, agent: Candidate): boolean {
  if (run.hasShare(queue, agent.id)) return false;
  if (serves === undefined) return true;
  const verdicts = entry.group?.verdicts.get(serves) ?? new Map<string, never>();
  const known = verdicts.get(agent.id);
  if (known?.version === agent.version) return known.serves;
  run.evaluationsLeft -= 1;
  const verdict = serves(entry.facts, agent.facts);
  entry.group?.verdicts.set(serves, verdicts.set(agent.id, { version: agent.version, serves: verdict }));
  return verdict;
}

/** When somebody who rejected or missed the item may have it again, ms; `undefined`: they never did. */
export function untilOf({ avoid }: Entry, { id }: Candidate): number | undefined {
  const avoided = avoid.length === 0 ? undefined : avoid.find(({ agentId }) => agentId === id);
  return avoided === undefined ? undefined : Date.parse(avoided.until);
}

/** Nobody who has room and opened up to now can serve it; who has had their share may, without anything being told. */
export function noteVain(run: Run, { queue, entry }: Look): void {
  const { agents, newest } = laneOf(run, entry);
  if (queue.fairness === undefined || !agents.some(({ id }) => run.hasShare(queue, id))) entry.seen = newest;
}

/** It is held, nobody has room, or nothing more can be found out in this run. */
export const isHopeless = (run: Run, { entry, step }: Look): boolean =>
  step.hold !== undefined ||
  step.moveTo !== undefined ||
  laneOf(run, entry).agents.length === 0 ||
  (step.serves !== undefined && run.evaluationsLeft <= 0);

/** The one agent who is asked at this step, if they can have it. */
export function preferredOf(run: Run, look: Look): Candidate | undefined {
  const { entry, step } = look;
  return laneOf(run, entry).agents.find(
    (agent) => agent.id === step.preferred && (untilOf(entry, agent) ?? 0) <= run.now && mayServe(run, look, agent),
  );
}

/** Those whose time to be asked again has come, in the order in which they had it. */
export function askedBefore(run: Run, entry: Entry): Candidate[] {
  if (entry.avoid.length === 0) return [];
  return laneOf(run, entry)
    .agents.filter((agent) => (untilOf(entry, agent) ?? Infinity) <= run.now)
    .sort((a, b) => (untilOf(entry, a) ?? 0) - (untilOf(entry, b) ?? 0));
}

/** So many of those who may serve are compared, the longest idle: where more are free, there is a good one among them. */
export const COMPARED = 100;

/**
 * Who may have the item now. Agents who opened before the item was looked at in vain are not asked again; who had it
 * comes after everybody else, and then only the one who had it first.
 */
export function candidatesOf(run: Run, look: Look): Candidate[] {
  const { entry, step } = look;
  if (isHopeless(run, look)) return [];
  if (step.preferred !== undefined) return listOf(preferredOf(run, look));
  const { agents, newest } = laneOf(run, entry);
  if (newest > entry.seen) {
    const isNew = (agent: Candidate) => agent.opened > entry.seen && untilOf(entry, agent) === undefined;
    const found: Candidate[] = [];
    for (const agent of agents) {
      if (isNew(agent) && mayServe(run, look, agent)) found.push(agent);
      if (found.length >= COMPARED) break;
    }
    if (found.length > 0) return found;
    noteVain(run, look);
  }
  return listOf(askedBefore(run, entry).find((agent) => mayServe(run, look, agent)));
}

const listOf = (one: Candidate | undefined): Candidate[] => (one === undefined ? [] : [one]);
