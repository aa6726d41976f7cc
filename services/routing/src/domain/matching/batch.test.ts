import { linearSumAssignment } from 'linear-sum-assignment';
import { describe, expect, it } from 'vitest';
import { createRandom, INSTANCE_NOW, randomInstance } from '../../testing/match-instances.ts';
import type { InstanceOptions } from '../../testing/match-instances.ts';
import type { Queue } from '../queues/queues.ts';
import { assignAtLeastCost, FORBIDDEN } from './assign.ts';
import { situationOf } from './batch.ts';
import { mostOf, partsOf, sumOf } from './cost.ts';
import { WEIGHTS } from './record.ts';
import { factsOf } from './entry.ts';
import { match } from './match.ts';
import type { Candidate } from './candidate.ts';
import type { Memory } from './types.ts';
import { roomOf, startRun } from './pool.ts';
import { allOf } from './shelf.ts';

const now = new Date(INSTANCE_NOW);
/** Whoever gets nobody: as dear as the worst pair, twice. */
const UNSERVED = 3 * mostOf(WEIGHTS);

interface Table {
  /** By item, then by place. */
  readonly costs: readonly (readonly number[])[];
  readonly places: readonly Candidate[];
}

function queueOf({ queues }: Memory): Queue {
  const queue = queues.get('q');
  if (queue === undefined) throw new Error('there is no queue');
  return queue;
}

/** Every item with every place of every agent: a second place is a column of its own, and dearer. */
function tableOf(memory: Memory): Table {
  const run = startRun(memory, now, Infinity);
  const { servedBy } = queueOf(memory);
  const places = [...run.available].flatMap((agent) =>
    Array.from({ length: roomOf(agent, { channel: 'chat' }, 100) }, (_, taken) => ({ agent, taken })),
  );
  const costs = allOf(memory.waiting).map((entry) =>
    places.map(({ agent, taken }) =>
      servedBy?.(factsOf(entry), agent.facts) === true
        ? sumOf(partsOf(entry, agent, situationOf(run, queueOf(memory), entry), taken))
        : FORBIDDEN,
    ),
  );
  return { costs, places: places.map(({ agent }) => agent) };
}

/** The exact optimum by another algorithm (Jonker and Volgenant) of another library; who gets nobody has a column of dummies. */
function optimumOf({ costs, places }: Table): number {
  const padded = costs.map((row, own) => [
    ...row.map((cost) => (cost === FORBIDDEN ? 1e9 : cost)),
    ...costs.map((_, other) => (other === own ? UNSERVED : 1e9)),
  ]);
  expect(padded[0]).toHaveLength(places.length + costs.length);
  return linearSumAssignment(padded, { maximaze: false }).gain;
}

function randomOf({ costs }: Table, seed: number): number {
  const random = createRandom(seed);
  const taken = new Set<number>();
  return costs
    .map((row) => ({ row, turn: random() }))
    .sort((a, b) => a.turn - b.turn)
    .reduce((sum, { row }) => {
      const free = row.flatMap((cost, place) => (cost === FORBIDDEN || taken.has(place) ? [] : [place]));
      const place = free[Math.floor(random() * free.length)];
      if (place !== undefined) taken.add(place);
      return sum + (place === undefined ? UNSERVED : (row[place] ?? 0));
    }, 0);
}

/** What the matcher's pairs come to. */
function oursOf(memory: Memory, { costs, places }: Table): number {
  const rows = new Map(allOf(memory.waiting).map(({ id }, n) => [id, n]));
  const pairs = match(memory, now, { offers: 500, evaluations: 1e9 });
  const used = new Map<string, number>();
  const sum = pairs.reduce((cost, { entry, agent }) => {
    const before = used.get(agent.id) ?? 0;
    used.set(agent.id, before + 1);
    const place = places.findIndex(({ id }) => id === agent.id) + before;
    expect(places[place]?.id, 'never more than there is room for').toBe(agent.id);
    return cost + (costs[rows.get(entry.id) ?? -1]?.[place] ?? Infinity);
  }, 0);
  return sum + (costs.length - pairs.length) * UNSERVED;
}

/** Share of the way from random to the exact optimum, over many instances. */
function shareOfTheGap(options: Omit<InstanceOptions, 'seed'>, instances: number) {
  let [random, ours, optimum] = [0, 0, 0];
  for (let seed = 1; seed <= instances; seed += 1) {
    const memory = randomInstance({ ...options, seed });
    const table = tableOf(memory);
    random += randomOf(table, seed);
    optimum += optimumOf(table);
    ours += oursOf(memory, table);
  }
  return { share: (random - ours) / (random - optimum), random, ours, optimum };
}

describe('matching at least cost', () => {
  it.each([
    ['as many items as fit into one batch', { items: 40, agents: 25, forbidden: 0.5, mostRoom: 3 }, 0.9999],
    ['few agents, many items', { items: 60, agents: 8, forbidden: 0.3, mostRoom: 2 }, 0.95],
    ['many agents, few items', { items: 12, agents: 80, forbidden: 0.6, mostRoom: 2 }, 0.9999],
    ['more items than one batch, places for nearly all', { items: 150, agents: 80, forbidden: 0.5, mostRoom: 3 }, 0.95],
    ['nearly everything forbidden', { items: 60, agents: 40, forbidden: 0.95, mostRoom: 2 }, 0.95],
  ])('%s: nearly the exact optimum', (_, options, least) => {
    const { share } = shareOfTheGap(options, 20);
    expect(share).toBeGreaterThanOrEqual(least);
    expect(share).toBeLessThanOrEqual(1.000001);
  });

  it('given pairs that may not be, then as many as possible are made, then the cheapest', () => {
    const none = FORBIDDEN;
    expect(assignAtLeastCost([])).toEqual([]);
    expect(assignAtLeastCost([[], []])).toEqual([undefined, undefined]);
    // The dear pair of the first row lets the second one have any at all.
    expect(assignAtLeastCost([[1, 900], [2, none]])).toEqual([1, 0]); // prettier-ignore
    expect(assignAtLeastCost([[none, none], [5, 3]])).toEqual([undefined, 1]); // prettier-ignore
    expect(assignAtLeastCost([[7], [4], [6]])).toEqual([undefined, 0, undefined]);
  });

  it('given more that wait than can be served, then nobody is passed over for who ranks more than the bound behind', () => {
    const bound = mostOf(WEIGHTS);
    for (let seed = 1; seed <= 30; seed += 1) {
      const memory = randomInstance({ seed, items: 40, agents: 12, forbidden: 0.3, mostRoom: 2, spreadMs: 4 * bound });
      const { servedBy } = queueOf(memory);
      const before = allOf(memory.waiting);
      const pairs = match(memory, now, { offers: 500, evaluations: 1e9 });
      const served = new Set(pairs.map(({ entry }) => entry.id));
      expect(served.size).toBeLessThan(before.length);
      for (const { entry, agent } of pairs)
        for (const other of before)
          if (!served.has(other.id) && servedBy?.(factsOf(other), agent.facts) === true)
            expect(entry.rank - other.rank).toBeLessThanOrEqual(bound);
    }
  });
});
