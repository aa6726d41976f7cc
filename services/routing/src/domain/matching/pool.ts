/** Who has room in one run of the matcher, and whom they may serve. */
import { fits } from '../people/capacity.ts';
import type { Work } from '../people/capacity.ts';
import { createLive } from '../queues/live.ts';
import type { LiveQueues } from '../queues/live.ts';
import type { Queue } from '../queues/queues.ts';
import { alone } from '../queues/serving.ts';
import { hasCondition, stepOf } from '../queues/steps.ts';
import type { Step } from '../queues/steps.ts';
import { narrowed } from '../work/work-terms.ts';
import type { Decider } from './record.ts';
import { noteAssigned } from './history.ts';
import { knownIn, verdictIn } from './kinds.ts';
import { countIn, laneIn, poolAt, reseat } from './lanes.ts';
import { noteWork } from './candidate.ts';
import type { Candidate } from './candidate.ts';
import { factsOf } from './entry.ts';
import { isJudged, laneKeyOf, setServes, sortOf, standAll } from './lines.ts';
import type { Entry, Lane, Line, Memory, Pool } from './types.ts';

export interface Run extends LiveQueues {
  readonly memory: Memory;
  readonly now: number;
  readonly pool: Pool;
  /** Who takes offers. */
  readonly available: ReadonlySet<Candidate>;
  evaluationsLeft: number;
}

export function startRun(memory: Memory, now: Date, evaluations: number): Run {
  const at = now.getTime();
  const pool = poolAt(memory, at);
  const { available } = pool;
  const live = createLive(memory, at, pool);
  standAll(memory, at, live);
  openLanes(memory, pool);
  openCounts(memory, pool);
  return { ...live, memory, now: at, pool, available, evaluationsLeft: evaluations };
}

export function laneOf({ memory, pool }: Run, work: Work): Lane {
  const key = laneKeyOf(memory, work);
  return pool.lanes.get(key) ?? laneIn(pool, key, sortOf(key, work));
}

/** Work of one sort, and its name. */
export function workIn({ memory }: Run, work: Work): { readonly key: string; readonly sort: Work } {
  const key = laneKeyOf(memory, work);
  return { key, sort: sortOf(key, work) };
}

/** The item counts as held from here on. Who took something is no longer idle, and may have no room left. */
export function give(run: Run, entry: Entry, agent: Candidate): true {
  noteWork(agent, run.now);
  noteShare(run, entry, agent);
  agent.offeredAt = run.now;
  agent.holds.set(entry.id, { channel: entry.channel, kind: entry.kind, version: entry.version + 1 });
  run.memory.touched.add(agent);
  reseat(run.pool, agent);
  return true;
}

/** Where agents have shares, the offer is one already. */
function noteShare({ memory, now }: Run, { id, queueId }: Entry, agent: Candidate): void {
  if (memory.queues.get(queueId)?.fairness !== undefined)
    noteAssigned(memory.history, agent.id, id, { queueId, at: now });
}

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
  /** Where the queue has an engine. */
  readonly decider?: Decider | undefined;
}

/** A substitute, or who is back, has it first; not waited for while they are not there. */
function keptFor(run: Run, { preferred }: Entry, step: Step): Step {
  if (preferred === undefined || run.now >= Date.parse(preferred.until)) return step;
  return run.isAvailable(preferred.agentId) ? { ...step, preferred: preferred.agentId } : step;
}

/** What an agent owned who was removed is anybody's: it would wait for ever. */
export function termsOf({ memory }: Run, { terms }: Entry): Entry['terms'] {
  const owner = terms?.owner;
  return owner === undefined || memory.agents.has(owner.agentId) ? terms : { ...terms, owner: undefined };
}

/** What was found out at another step is forgotten. `undefined`: the item asks not to be offered yet. */
export function lookAt(run: Run, queue: Queue, entry: Entry): Look | undefined {
  const narrow = narrowed(stepOf(queue, entry, run.now, run), termsOf(run, entry), run.now);
  if (narrow === undefined) return undefined;
  const step = keptFor(run, entry, narrow);
  if (step.preferred === undefined) {
    const { watch } = entry;
    if (watch.stage !== step.stage) watch.seen = 0;
    watch.stage = step.stage;
    watch.serves = step.serves;
  }
  return { queue, entry, step };
}

/** Requirements are not asked twice of a pair while neither changes, where the queue can tell what they look at. */
export function mayServe(run: Run, { queue, entry, step: { serves } }: Look, agent: Candidate): boolean {
  if (run.hasShare(queue, agent.id)) return false;
  if (serves === undefined) return true;
  const ask = (): boolean => {
    run.evaluationsLeft -= 1;
    return serves(factsOf(entry), agent.facts);
  };
  return entry.group === undefined ? ask() : verdictIn(entry.group, agent, { serves, ask });
}

/** Each sort of work has its lane from here on. */
function openLanes({ sorts }: Memory, pool: Pool): void {
  for (const [key, sort] of sorts) laneIn(pool, key, sort);
}

/** What figures tell of agents is told as of the beginning of a run. */
function openCounts({ queues }: Memory, pool: Pool): void {
  for (const queue of queues.values()) {
    if (!isJudged(queue)) continue;
    countIn(pool, queue);
    for (const target of (queue.targets ?? []).filter(hasCondition)) {
      countIn(pool, alone(queue, target));
      const other = queues.get(target.overflow?.to ?? '');
      if (other !== undefined) countIn(pool, other);
    }
  }
}

/** Nobody has room for anything that waits. */
export function isSpent({ pool: { lanes } }: Run): boolean {
  for (const { agents } of lanes.values()) if (agents.length > 0) return false;
  return true;
}

/** Of more free agents than that one serves, most likely. */
const FEW = 32;

/** Whether there may be somebody for the items of a line who was not asked before; `first`: one of them. */
export function isOpen(run: Run, line: Line, first: Entry): boolean {
  const { agents, newest } = run.pool.lanes.get(line.lane) ?? laneOf(run, first);
  if (agents.length === 0 || line.isLater) return false;
  if (line.judgedIn !== undefined) judge(run, line, first);
  const { seen, serves, group, verdicts } = line;
  if (newest <= seen) return false;
  if (serves === undefined || agents.length > FEW) return true;
  for (const agent of agents) if (agent.opened > seen && knownIn(group, verdicts, agent) !== false) return true;
  line.seen = newest;
  return false;
}

function judge(run: Run, line: Line, first: Entry): void {
  const queue = run.memory.queues.get(first.queueId);
  if (queue === undefined) return;
  setServes(line, narrowed(stepOf(queue, first, run.now, run), termsOf(run, first), run.now)?.serves);
}

/** When somebody who rejected or missed the item may have it again, ms; `undefined`: they never did. */
export function untilOf({ avoid }: Entry, { id }: Candidate): number | undefined {
  const avoided = avoid.length === 0 ? undefined : avoid.find(({ agentId }) => agentId === id);
  return avoided === undefined ? undefined : Date.parse(avoided.until);
}

/** Nobody who has room and opened up to now can serve it; who has had their share may, without anything being told. */
export function noteVain(run: Run, { queue, entry }: Look): void {
  const { agents, newest } = laneOf(run, entry);
  if (queue.fairness === undefined || !agents.some(({ id }) => run.hasShare(queue, id))) entry.watch.seen = newest;
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
  const { seen } = entry.watch;
  if (newest > seen) {
    const isNew = (agent: Candidate) => agent.opened > seen && untilOf(entry, agent) === undefined;
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
