import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyQueue } from '../../testing/house.ts';
import { caseFacts } from '../../testing/orders.ts';
import type { Queue } from '../queues/queues.ts';
import { match, takeBackOffer } from './match.ts';
import {
  createMemory,
  fillWaiting,
  forgetItem,
  setAgent,
  setHeld,
  setIdleSince,
  setQueue,
  setWaiting,
} from './memory.ts';
import type { KnownAgent, Memory, PendingWork } from './memory.ts';

const START = Date.UTC(2026, 2, 2, 9);
const PRODUCTS = ['dsl', 'tv', 'mobile'];
const AGENTS = 6;
const SECOND = 1000;

/** Twice the same, but that here nothing is known of kinds, and nobody is kept in a lane from run to run. */
function pairOfMemories(): readonly [Memory, Memory] {
  return [true, false].map((isKnown) => {
    const memory = createMemory();
    (['longest-idle', 'least-cost', 'round-robin'] as const).forEach((strategy, n) => {
      const queue: Queue = {
        ...{ ...anyQueue, id: `q${String(n)}`, strategy },
        servedBy: (facts, agent) => agent.products.includes(facts.case.product ?? ''),
        kindOf: isKnown ? (facts) => facts.case.product ?? '' : undefined,
        classOf: isKnown ? (agent) => agent.products.join() : undefined,
        fairness: n === 2 ? { most: 3, perMs: 5 * SECOND } : undefined,
      };
      setQueue(memory, queue.id, queue);
    });
    return memory;
  }) as unknown as readonly [Memory, Memory];
}

function agentOf(n: number, version: number, seed: number): KnownAgent {
  const id = `a${String(n)}`;
  const products = PRODUCTS.filter((_, bit) => (seed & (1 << bit)) !== 0);
  const facts = { id, team: 't', skills: {}, languages: [], territories: [], products };
  const rules = seed % 4 === 3 ? { units: 3, weights: { dsl: 2 } } : {};
  return {
    id,
    version,
    facts,
    capacity: { default: 1 + (seed % 2) },
    isAvailable: seed % 5 !== 0,
    idleSince: START,
    ...rules,
  };
}

function workOf(n: number, seed: number, at: number): PendingWork {
  const id = `i${String(n)}`;
  const product = PRODUCTS[seed % 3] ?? '';
  const until = new Date(at + 2 * SECOND).toISOString();
  return {
    ...{ id, version: 1, queueId: `q${String((seed >> 2) % 3)}`, channel: 'chat', priority: 1 + (seed % 5) },
    enqueuedAt: at,
    avoid: seed % 7 === 0 ? [{ agentId: `a${String(seed % AGENTS)}`, until }] : [],
    facts: {
      case: caseFacts(id, { product, reason: product }),
      contact: { channel: 'chat', attributes: {} },
      customer: {},
    },
  };
}

const step = fc.record({
  what: fc.constantFrom('wait', 'wait', 'finish', 'finish', 'change', 'refuse', 'run', 'run'),
  seed: fc.nat(1000),
});

/** What happens to both; answers the offers, where it was a run. */
function play(memory: Memory, steps: readonly { readonly what: string; readonly seed: number }[]): string[][] {
  const runs: string[][] = [];
  let refusing = false;
  for (let n = 0; n < AGENTS; n += 1) setAgent(memory, agentOf(n, 1, n + 1));
  steps.forEach(({ what, seed }, n) => {
    const now = START + n * SECOND;
    const held = [...memory.holders].sort();
    const [item, [agentId] = []] = held[seed % Math.max(1, held.length)] ?? [];
    if (what === 'wait') setWaiting(memory, workOf(n, seed, now));
    else if (what === 'change') setAgent(memory, agentOf(seed % AGENTS, n + 2, seed));
    else if (what === 'refuse') refusing = true;
    else if (what === 'finish' && item !== undefined && agentId !== undefined) {
      forgetItem(memory, item, now);
      setIdleSince(memory, agentId, now);
    } else if (what === 'run') {
      const pairs = match(memory, new Date(now), { offers: 100, evaluations: Infinity });
      runs.push(pairs.map(({ entry, agent, record }) => `${entry.id} ${agent.id} ${String(record.eligible > 0)}`));
      for (const pair of refusing ? pairs.slice(0, 1) : []) takeBackOffer(memory, pair);
      refusing = false;
    }
  });
  return runs;
}

describe('lines of what waits, and lanes of who has room', () => {
  it('given anything that happens, then the same is offered as by looking at every item and everybody each time', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 80, size: 'max' }), (steps) => {
        const [quick, plain] = pairOfMemories();
        Object.defineProperty(plain, 'pool', { get: () => undefined, set: () => undefined });
        expect(play(quick, steps)).toEqual(play(plain, steps));
      }),
      { numRuns: 150 },
    );
  });

  it('given many at once, then they stand as if each had come by itself', () => {
    const work = Array.from({ length: 50 }, (_, n) => workOf(n, (n * 37) % 101, START - ((n * 7919) % 5000)));
    const [filled, grown] = pairOfMemories();
    fillWaiting(filled, work);
    for (const one of work) setWaiting(grown, one);
    const ids = ({ waiting }: Memory) => waiting.map(({ id }) => id);
    expect(ids(filled)).toEqual(ids(grown));
    for (const memory of [filled, grown]) {
      setAgent(memory, agentOf(1, 1, 7));
      setHeld(memory, { id: 'other', version: 1, channel: 'chat' }, 'a1', START);
    }
    const offers = (memory: Memory) => match(memory, new Date(START)).map(({ entry }) => entry.id);
    expect(offers(filled)).toEqual(offers(grown));
    expect(offers(filled)).toEqual([]);
  });
});
