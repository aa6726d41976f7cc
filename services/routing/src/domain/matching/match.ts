/**
 * Who gets what: items by rank, each by the strategy of its queue. `least-cost` matches the first of
 * them together with all who have room; the others go one by one. With ten thousand items and five hundred agents a run
 * must not ask every pair again: an item that was looked at in vain remembers up to when, and only agents who opened
 * since are asked.
 */
import type { Work } from '../people/capacity.ts';
import type { RoutingCommands } from '../commands.ts';
import type { Queue } from '../queues/queues.ts';
import { batchFor, settle, situationOf } from './batch.ts';
import type { Open, Pair } from './batch.ts';
import { recordOf } from './decision.ts';
import { shareOf } from './draw.ts';
import { forgetAssigned } from './history.ts';
import { setHeld, setWaiting } from './memory.ts';
import type { Candidate, Entry, Memory } from './memory.ts';
import {
  askedBefore,
  candidatesOf,
  give,
  isHopeless,
  laneOf,
  lookAt,
  mayServe,
  noteVain,
  preferredOf,
  roomOf,
  startRun,
  untilOf,
} from './pool.ts';
import type { Look, Run } from './pool.ts';
import { orders } from './strategies.ts';

export type { Pair } from './batch.ts';

export interface Limits {
  readonly offers: number;
  /** Requirements evaluated in one run (5,000 take about 30 ms); the next run goes on from there. */
  readonly evaluations: number;
}

const LIMITS: Limits = { offers: 500, evaluations: 5_000 };

/** The offers to make now. Each counts as held from here on, until `takeBackOffer`. */
export function match(memory: Memory, now: Date, limits: Limits = LIMITS): Pair[] {
  const run = startRun(memory, now, limits.evaluations);
  const pairs: Pair[] = [];
  if (run.available.length === 0) return pairs;
  const batch: Open[] = [];
  const settleBatch = () => {
    if (batch.length > 0) pairs.push(...settle(run, batch.splice(0)));
  };
  for (const entry of memory.waiting) {
    if (pairs.length + batch.length >= limits.offers) break;
    const queue = memory.queues.get(entry.queueId);
    if (queue === undefined || laneOf(run, entry).agents.length === 0) continue;
    const look = lookAt(run, queue, entry);
    if (look === undefined) continue;
    if (queue.strategy === 'least-cost' && !isHeldOut(queue, entry)) {
      const candidates = candidatesOf(run, look);
      if (candidates.length > 0) batch.push({ ...look, candidates });
      if (batch.length >= batchFor(placesLeft(run, entry))) settleBatch();
      continue;
    }
    let choice = choose(run, look);
    if (choice !== undefined && batch.length > 0) {
      // Who came before chooses before.
      settleBatch();
      choice = choose(run, look);
    }
    if (choice === undefined) continue;
    pairs.push(paired(run, choice));
    give(run, entry, choice.agent);
  }
  settleBatch();
  for (const { entry, agent } of pairs) setHeld(memory, { ...entry, version: entry.version + 1 }, agent.id, run.now);
  return pairs;
}

export function offerOf({ entry, agent, record }: Pair): RoutingCommands['offer-work'] {
  const { id: workItemId, version: itemVersion } = entry;
  return { workItemId, itemVersion, agentId: agent.id, agentVersion: agent.version, record };
}

/** The offer was refused: the item waits as before, unless events told more meanwhile. */
export function takeBackOffer(memory: Memory, { entry, agent }: Pair): void {
  forgetAssigned(memory.history, agent.id, entry.id);
  const held = memory.agents.get(agent.id)?.holds.get(entry.id);
  if (held?.version === entry.version + 1) setWaiting(memory, entry);
}

/** Items whose queue was removed: they need another one first. */
export function orphans(memory: Memory, most: number = LIMITS.offers): Entry[] {
  return [...memory.strays].slice(0, most).flatMap((id) => memory.entries.get(id) ?? []);
}

/** The same share of the items in every process, whoever is asked, and again after each offer that came back. */
const isHeldOut = ({ holdout = 0 }: Queue, { id }: Entry): boolean => holdout > 0 && shareOf(id) < holdout;

const MANY = 16;

/** Enough to know whether a batch is as large as it should be. */
function placesLeft(run: Run, work: Work): number {
  let places = 0;
  for (const agent of laneOf(run, work).agents) {
    places += roomOf(agent, work, MANY);
    if (places >= MANY) break;
  }
  return places;
}

interface Choice extends Look {
  readonly agent: Candidate;
  readonly arm: 'strategy' | 'holdout';
  /** In the order of the strategy; absent: nobody behind the agent was asked. */
  readonly candidates?: readonly Candidate[];
}

function paired(run: Run, choice: Choice): Pair {
  const { queue, entry, agent } = choice;
  const record = recordOf(run, { ...choice, situation: situationOf(run, queue, entry), together: 1 });
  return { entry, agent, record };
}

/** One item by itself: the first of those who may have it, in the order of the queue's strategy; or any of them. */
function choose(run: Run, look: Look): Choice | undefined {
  const { queue, entry } = look;
  const { strategy = 'longest-idle' } = queue;
  const arm = isHeldOut(queue, entry) ? 'holdout' : 'strategy';
  if (arm === 'strategy' && strategy === 'longest-idle') {
    const agent = longestIdle(run, look);
    return agent && { ...look, agent, arm };
  }
  const candidates = candidatesOf(run, look);
  if (strategy !== 'least-cost') candidates.sort(orders[strategy]);
  const at = arm === 'holdout' ? Math.floor(shareOf(`${entry.id} ${String(entry.version)}`) * candidates.length) : 0;
  const agent = candidates[at];
  return agent && { ...look, agent, arm, candidates };
}

/** Nobody behind the first who serves is asked. */
function longestIdle(run: Run, look: Look): Candidate | undefined {
  const { entry, step } = look;
  if (isHopeless(run, look)) return undefined;
  if (step.preferred !== undefined) return preferredOf(run, look);
  const lane = laneOf(run, entry);
  const serves = (agent: Candidate): boolean => mayServe(run, look, agent);
  if (lane.newest > entry.seen) {
    const isNew = (agent: Candidate) => agent.opened > entry.seen && untilOf(entry, agent) === undefined;
    const found = lane.agents.find((agent) => isNew(agent) && serves(agent));
    if (found !== undefined) return found;
    noteVain(run, look);
  }
  return askedBefore(run, entry).find(serves);
}
