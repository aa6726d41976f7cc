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
import { runEngines } from './engine.ts';
import type { EngineRun } from './engine.ts';
import { forgetAssigned } from './history.ts';
import type { Candidate } from './candidate.ts';
import { workOf } from './entry.ts';
import { setHeld, setWaiting } from './items.ts';
import type { Entry, Memory } from './types.ts';
import { turnsOf } from './turns.ts';
import {
  askedBefore,
  candidatesOf,
  give,
  isHopeless,
  isOpen,
  isSpent,
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
import { askingMore } from './several.ts';
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
  if (run.available.size === 0) return [];
  const engines = runEngines(memory.engines, run.now);
  const pairs = namedPairs(run, engines);
  const batch: Open[] = [];
  const settleBatch = () => {
    if (batch.length > 0) pairs.push(...settle(run, batch.splice(0)));
  };
  const turns = turnsOf(memory, (line, first) => isOpen(run, line, first));
  for (let entry = turns.next(); entry !== undefined; entry = turns.next()) {
    if (pairs.length + batch.length >= limits.offers || isSpent(run)) break;
    const look = lookedAt(run, engines, entry);
    if (look === undefined) continue;
    if (look === 'nobody') turns.giveUp();
    else if (look.queue.strategy === 'least-cost' && !isHeldOut(look.queue, entry)) {
      const candidates = candidatesOf(run, look);
      if (candidates.length > 0) batch.push({ ...look, candidates });
      else turns.giveUp();
      if (batch.length >= batchFor(placesLeft(run, entry))) settleBatch();
    } else {
      let choice = choose(run, look);
      if (choice !== undefined && batch.length > 0) {
        // Who came before chooses before.
        settleBatch();
        choice = choose(run, look);
      }
      if (choice === undefined) turns.giveUp();
      else {
        pairs.push(paired(run, choice));
        give(run, entry, choice.agent);
      }
    }
  }
  settleBatch();
  engines.close();
  const offers = pairs.map((pair) => askingMore(run, pair));
  for (const { entry, agent, further = [] } of offers)
    for (const { id } of [agent, ...further.map((one) => one.agent)])
      setHeld(memory, { ...entry, version: entry.version + 1 }, id, run.now);
  return offers;
}

/** `undefined`: it has no turn now; `nobody`: nor have those like it. */
function lookedAt(run: Run, engines: EngineRun, entry: Entry): Look | 'nobody' | undefined {
  const queue = run.memory.queues.get(entry.queueId);
  if (queue === undefined || laneOf(run, entry).agents.length === 0 || engines.isNamed(entry.id)) return undefined;
  const look = lookAt(run, queue, entry);
  if (look === undefined || queue.engine === undefined || isHeldOut(queue, entry)) return look;
  const turn = engines.turnOf(queue, entry);
  if (turn.say === 'fallback') return { ...look, decider: { by: 'fallback', reason: turn.reason } };
  if (turn.say === 'wait') return 'nobody';
  const candidates = candidatesOf(run, look);
  if (candidates.length === 0) return 'nobody';
  engines.ask(queue, { entry, candidates }, batchFor(placesLeft(run, entry)));
  return undefined;
}

/** What engines decided, checked like every proposal. */
function namedPairs(run: Run, engines: EngineRun): Pair[] {
  const { memory } = run;
  const { named } = engines;
  return named.flatMap(({ workItemId, version, agentId }): Pair[] => {
    if (engines.isNamed(workItemId)) return [];
    const entry = memory.entries.get(workItemId);
    const queue = memory.queues.get(entry?.queueId ?? '');
    const look = entry?.version === version && queue !== undefined ? lookAt(run, queue, entry) : undefined;
    const candidates = look === undefined ? [] : candidatesOf(run, look);
    const agent = candidates.find(({ id }) => id === agentId);
    if (look === undefined || agent === undefined) {
      engines.refuse(workItemId);
      return [];
    }
    const situation = situationOf(run, look.queue, look.entry);
    const chosen = { ...look, agent, situation, arm: 'strategy', candidates, together: named.length } as const;
    const record = recordOf(run, { ...chosen, decider: { by: 'engine' } });
    give(run, look.entry, agent);
    engines.settle(workItemId);
    return [{ entry: look.entry, agent, record }];
  });
}

export function offerOf({ entry, further = [], ...first }: Pair): RoutingCommands['offer-work'] {
  const { id: workItemId, version: itemVersion, caseId } = entry;
  const others = further.length === 0 ? {} : { others: further.map(candidateOf) };
  return { workItemId, itemVersion, caseId, ...candidateOf(first), ...others };
}

const candidateOf = ({ agent, record }: Omit<Pair, 'entry'>) => ({
  ...{ agentId: agent.id, agentVersion: agent.version, record },
});

/** The offer was refused: the item waits as before, unless events told more meanwhile. */
export function takeBackOffer(memory: Memory, { entry, agent, further = [] }: Pair): void {
  for (const { id } of [agent, ...further.map((one) => one.agent)]) forgetAssigned(memory.history, id, entry.id);
  const held = memory.agents.get(agent.id)?.holds.get(entry.id);
  if (held?.version === entry.version + 1) setWaiting(memory, workOf(entry));
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
  const lane = laneOf(run, work);
  if (lane.places !== undefined) return lane.places;
  let places = 0;
  for (const agent of lane.agents) {
    places += roomOf(agent, work, MANY);
    if (places >= MANY) break;
  }
  lane.places = places;
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
  const { seen } = entry.watch;
  if (lane.newest > seen) {
    const isNew = (agent: Candidate) => agent.opened > seen && untilOf(entry, agent) === undefined;
    const found = lane.agents.find((agent) => isNew(agent) && serves(agent));
    if (found !== undefined) return found;
    noteVain(run, look);
  }
  return askedBefore(run, entry).find(serves);
}
