/**
 * Who gets what: items by rank; each to the longest-idle eligible agent. With ten thousand items and
 * five hundred agents a run must not ask every pair again: an item that was looked at in vain remembers up to when,
 * and only agents who opened since are asked.
 */
import { fits } from '../capacity.ts';
import type { RoutingCommands } from '../commands.ts';
import { stepOf } from '../steps.ts';
import { setHeld, setWaiting } from './memory.ts';
import type { Candidate, Entry, Memory } from './memory.ts';

export interface Limits {
  readonly offers: number;
  /** Requirements evaluated in one run (5,000 take about 30 ms); the next run goes on from there. */
  readonly evaluations: number;
}

const LIMITS: Limits = { offers: 500, evaluations: 5_000 };

export interface Pair {
  readonly entry: Entry;
  readonly agent: Candidate;
}

/** Agents with room on one channel, the longest idle first. */
interface Lane {
  readonly agents: Candidate[];
  /** The newest opening among them. */
  readonly newest: number;
}

interface Run {
  readonly memory: Memory;
  readonly now: number;
  readonly available: readonly Candidate[];
  isAvailable(agentId: string): boolean;
  readonly lanes: Map<string, Lane>;
  evaluationsLeft: number;
}

/** The offers to make now. Each counts as held from here on, until `takeBackOffer`. */
export function match(memory: Memory, now: Date, limits: Limits = LIMITS): Pair[] {
  const run: Run = {
    memory,
    now: now.getTime(),
    available: [...memory.agents.values()].filter(({ isAvailable }) => isAvailable).sort(byIdleness),
    isAvailable: (id) => memory.agents.get(id)?.isAvailable === true,
    lanes: new Map(),
    evaluationsLeft: limits.evaluations,
  };
  const pairs: Pair[] = [];
  if (run.available.length === 0) return pairs;
  for (const entry of memory.waiting) {
    if (pairs.length >= limits.offers) break;
    const agent = choose(run, entry);
    if (agent === undefined) continue;
    agent.holds.set(entry.id, { channel: entry.channel, version: entry.version + 1 });
    putBack(run, agent);
    pairs.push({ entry, agent });
  }
  for (const { entry, agent } of pairs) setHeld(memory, { ...entry, version: entry.version + 1 }, agent.id);
  return pairs;
}

export function offerOf({ entry, agent }: Pair): RoutingCommands['offer-work'] {
  return { workItemId: entry.id, itemVersion: entry.version, agentId: agent.id, agentVersion: agent.version };
}

/** The offer was refused: the item waits as before, unless events told more meanwhile. */
export function takeBackOffer(memory: Memory, { entry, agent }: Pair): void {
  const held = memory.agents.get(agent.id)?.holds.get(entry.id);
  if (held?.version === entry.version + 1) setWaiting(memory, entry);
}

/** Items whose queue was removed: they need another one first. */
export function orphans(memory: Memory, most: number = LIMITS.offers): Entry[] {
  return memory.waiting.filter(({ queueId }) => !memory.queues.has(queueId)).slice(0, most);
}

function choose(run: Run, entry: Entry): Candidate | undefined {
  const queue = run.memory.queues.get(entry.queueId);
  const lane = laneOf(run, entry.channel);
  if (queue === undefined || lane.agents.length === 0) return undefined;
  const step = stepOf(queue, entry, run.now, run);
  if (step.serves !== undefined && run.evaluationsLeft <= 0) return undefined;
  const serves = ({ facts }: Candidate): boolean => {
    if (step.serves === undefined) return true;
    run.evaluationsLeft -= 1;
    return step.serves(entry.facts, facts);
  };
  if (step.preferred !== undefined)
    return lane.agents.find((agent) => agent.id === step.preferred && isFree(entry, agent, run.now) && serves(agent));
  if (entry.stage !== step.stage) entry.seen = 0;
  entry.stage = step.stage;
  if (lane.newest > entry.seen) {
    const isNew = (agent: Candidate) => agent.opened > entry.seen && untilOf(entry, agent) === undefined;
    const found = lane.agents.find((agent) => isNew(agent) && serves(agent));
    if (found !== undefined) return found;
    entry.seen = lane.newest;
  }
  if (entry.avoid.length === 0) return undefined;
  // Every other eligible agent has had it: again in the order in which they had it.
  return lane.agents
    .filter((agent) => (untilOf(entry, agent) ?? Infinity) <= run.now)
    .sort((a, b) => (untilOf(entry, a) ?? 0) - (untilOf(entry, b) ?? 0))
    .find(serves);
}

/** Whether who rejected or missed it may be asked again. */
const isFree = (entry: Entry, agent: Candidate, now: number): boolean => (untilOf(entry, agent) ?? 0) <= now;

function untilOf({ avoid }: Entry, { id }: Candidate): number | undefined {
  const avoided = avoid.length === 0 ? undefined : avoid.find(({ agentId }) => agentId === id);
  return avoided === undefined ? undefined : Date.parse(avoided.until);
}

function laneOf(run: Run, channel: string): Lane {
  const known = run.lanes.get(channel);
  if (known !== undefined) return known;
  const agents = run.available.filter((agent) => hasRoom(agent, channel)).sort(byIdleness);
  const lane: Lane = { agents, newest: agents.reduce((newest, { opened }) => Math.max(newest, opened), 0) };
  run.lanes.set(channel, lane);
  return lane;
}

/** Who took something is no longer idle, and may have no room left. */
function putBack(run: Run, agent: Candidate): void {
  for (const [channel, { agents }] of run.lanes) {
    const at = agents.indexOf(agent);
    if (at === -1) continue;
    agents.splice(at, 1);
    if (!hasRoom(agent, channel)) continue;
    const behind = agents.findIndex((one) => byIdleness(agent, one) < 0);
    agents.splice(behind === -1 ? agents.length : behind, 0, agent);
  }
}

function hasRoom(agent: Candidate, channel: string): boolean {
  return fits(agent, agent.holds.values(), { channel });
}

/** Who holds nothing is idle; the others by when they last took or finished something. */
function byIdleness(a: Candidate, b: Candidate): number {
  const busy = Number(a.holds.size > 0) - Number(b.holds.size > 0);
  return busy || a.idleSince - b.idleSince || (a.id < b.id ? -1 : Number(a.id > b.id));
}
