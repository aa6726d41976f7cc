/** Items and agents matched together: the first that wait against all who have room, at least cost. */
import type { Work } from '../people/capacity.ts';
import { tierShareOf } from '../queues/order.ts';
import type { Queue } from '../queues/queues.ts';
import { assignAtLeastCost, FORBIDDEN } from './assign.ts';
import { partsOf, sumOf } from './cost.ts';
import type { Situation } from './cost.ts';
import { recordOf } from './decision.ts';
import { WEIGHTS } from './record.ts';
import type { DecisionRecord } from './record.ts';
import type { Candidate } from './candidate.ts';
import type { Entry } from './types.ts';
import { hasRoom } from './lanes.ts';
import { give, roomOf, workIn } from './pool.ts';
import type { Look, Run } from './pool.ts';

/** An item with everybody who may have it. */
export interface Open extends Look {
  readonly candidates: readonly Candidate[];
}

/** What one more item costs an agent. */
interface Bid {
  readonly agent: Candidate;
  readonly cost: number;
}

/** Who got what, and why. */
export interface Pair {
  readonly entry: Entry;
  readonly agent: Candidate;
  readonly record: DecisionRecord;
  /** Who is asked at the same time. */
  readonly further?: readonly Omit<Pair, 'entry' | 'further'>[] | undefined;
}

/** Most items looked at together. */
export const BATCH = 100;

/** How many items to look at, so that those who have room can choose without anybody being passed over by far. */
export const batchFor = (places: number): number => Math.min(BATCH, 4 * places + 8);

/**
 * Gives away as much as can be given, the sum of costs the least. With more items than places, who ranks later has to be
 * cheaper by as much as they came later.
 */
export function settle(run: Run, batch: readonly Open[]): Pair[] {
  const pairs: Pair[] = [];
  let left = batch;
  while (left.length > 0) {
    const won = settleOnce(run, left);
    if (won.length === 0) break;
    pairs.push(...won);
    // Whose cheapest agents all went to others, or wanted the same units, may have one of those that are left.
    const gone = new Set(won.map(({ entry }) => entry));
    left = left.flatMap((open) => {
      const candidates = open.candidates.filter((agent) => hasRoom(agent, open.entry));
      return gone.has(open.entry) || candidates.length === 0 ? [] : [{ ...open, candidates }];
    });
  }
  return pairs;
}

function settleOnce(run: Run, batch: readonly Open[]): Pair[] {
  const bids = batch.map((open) => bidsOf(run, open));
  const found = chosenOf(run, batch, bids).flatMap((agent, n): Pair[] => {
    const open = batch[n];
    if (agent === undefined || open === undefined) return [];
    const situation = situationOf(run, open.queue, open.entry);
    const candidates = inOrder(bids[n] ?? [], open.candidates);
    const chosen = { ...open, agent, situation, arm: 'strategy', candidates, together: batch.length } as const;
    return [{ entry: open.entry, agent, record: recordOf(run, chosen) }];
  });
  const isFit = ({ entry, agent }: Pair): boolean => {
    const queue = run.memory.queues.get(entry.queueId);
    return hasRoom(agent, entry) && (queue === undefined || !run.hasShare(queue, agent.id));
  };
  return found.filter((pair) => isFit(pair) && give(run, pair.entry, pair.agent));
}

/** Of each item, who gets it. */
function chosenOf(run: Run, batch: readonly Open[], bids: readonly (readonly Bid[])[]): (Candidate | undefined)[] {
  if (batch.length === 1) return [bids[0]?.[0]?.agent];
  const places = placesOf(run, bids, batch);
  const columns = assignAtLeastCost(costsOf(run, batch, { bids, places }));
  return columns.map((column) => (column === undefined ? undefined : places[column]?.agent));
}

interface Table {
  readonly bids: readonly (readonly Bid[])[];
  readonly places: readonly Place[];
}

/** A row for each item, a column for each place. */
function costsOf(run: Run, batch: readonly Open[], { bids, places }: Table): number[][] {
  const behind = behindOf(batch);
  return batch.map(({ queue, entry }, n) => {
    const own = new Map(bids[n]?.map(({ agent, cost }) => [agent, cost]));
    const situation = situationOf(run, queue, entry);
    return places.map(({ agent, taken }) => {
      const known = own.get(agent);
      if (known === undefined) return FORBIDDEN;
      const cost = taken === 0 ? known : sumOf(partsOf(entry, agent, situation, taken));
      return Math.round(cost) + (behind[n] ?? 0);
    });
  });
}

/** The cheapest first; of many only those who were looked at. */
function inOrder(bids: readonly Bid[], all: readonly Candidate[]): Candidate[] {
  const cheapest = new Set(bids.map(({ agent }) => agent));
  return [...cheapest, ...all.filter((agent) => !cheapest.has(agent))];
}

/** One that ranks more than this behind the one before it might as well rank by years behind, ms. */
const LONGEST = 5e8;

/** How far each ranks behind the first, ms: whatever lies between two, the order of all is kept. */
function behindOf(batch: readonly Open[]): number[] {
  let sum = 0;
  return batch.map(({ entry: { rank } }, n) => {
    const before = batch[n - 1]?.entry.rank ?? rank;
    return (sum += Math.min(Math.max(0, rank - before), LONGEST));
  });
}

interface Place {
  readonly agent: Candidate;
  /** Places of the agent before this one. */
  readonly taken: number;
}

/** Of each item: what they cost in sum hardly grows, and the table stays small. */
const CHEAPEST = 24;

function bidsOf(run: Run, { queue, entry, candidates }: Open): Bid[] {
  const situation = situationOf(run, queue, entry);
  const cheapest: Bid[] = [];
  for (const agent of candidates) {
    const cost = sumOf(partsOf(entry, agent, situation));
    const isFull = cheapest.length >= CHEAPEST;
    if (isFull && cost >= (cheapest.at(-1)?.cost ?? Infinity)) continue;
    if (isFull) cheapest.pop();
    const at = cheapest.findLastIndex((other) => other.cost <= cost);
    cheapest.splice(at + 1, 0, { agent, cost });
  }
  return cheapest;
}

function placesOf(run: Run, bids: readonly (readonly Bid[])[], batch: readonly Open[]): Place[] {
  const sorts = new Map<Candidate, Map<string, Work>>();
  for (const [n, own] of bids.entries())
    for (const { agent } of own) {
      const known = sorts.get(agent) ?? new Map<string, Work>();
      const entry = batch[n]?.entry;
      if (entry === undefined) continue;
      const { key, sort } = workIn(run, entry);
      sorts.set(agent, known.set(key, sort));
    }
  return [...sorts].flatMap(([agent, own]) => {
    const room = Math.max(...[...own.values()].map((work) => roomOf(agent, work, batch.length)));
    return Array.from({ length: room }, (_, taken): Place => ({ agent, taken }));
  });
}

export const situationOf = (
  run: Run,
  { weights = WEIGHTS, ranking }: Queue,
  { caseId, customerId = '', tier }: Entry,
): Situation => ({
  now: run.now,
  weights,
  tier: ranking && tierShareOf(ranking, tier),
  lastAgent: run.memory.served.get(caseId) ?? run.memory.served.get(customerId),
});
