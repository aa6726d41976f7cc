import { expect, it, vi } from 'vitest';
import { caseFacts } from '../../testing/orders.ts';
import { compileQueue } from '../queues/compile-queue.ts';
import { createLive } from '../queues/live.ts';
import { movesOf } from '../queues/overflow.ts';
import type { Queue } from '../queues/queues.ts';
import type { TargetDefinition } from '../queues/definition.ts';
import { agentFacts } from '../people/state.ts';
import { setAgent } from './agents.ts';
import { fillWaiting, setQueue } from './items.ts';
import { match } from './match.ts';
import { createMemory } from './memory.ts';

const NOW = Date.parse('2026-03-02T09:00:00.000Z');
const AGENTS = 300;
const ITEMS = 1000;

const targets: readonly TargetDefinition[] = [
  { levels: { vip: 4 }, timeout: 'PT1H', skipIf: 'target.available == 0 && queue.waiting > 3' },
  { levels: { vip: 2 }, timeout: 'PT1H' },
  { overflow: { to: 'other', if: 'queue.waiting > 2000 && other.idle > 0' } },
];

const capacity = { default: 1 };
const personOf = (id: string, vip: number, version = 1) => {
  const lists = { languages: [], territories: [], products: [] };
  const facts = agentFacts(id, { name: id, team: 't', skills: { vip }, ...lists, capacity });
  return { id, version, facts, capacity, isAvailable: true, idleSince: NOW };
};

/** Many who wait where figures decide, and many agents who have room and cannot serve them. */
function houseOf() {
  const memory = createMemory();
  const plain = { order: 1, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' } as const;
  const compiled = compileQueue('q', { ...plain, targets });
  // What is asked of each item that is looked at, and of each agent who is counted.
  const elapsed = vi.fn((from: number, to: number) => to - from);
  const asked = vi.fn();
  const queue: Queue = {
    ...compiled,
    schedule: { openingAt: () => ({ isOpen: true, until: Infinity }), elapsed, after: (from, open) => from + open },
    targets: compiled.targets?.map(({ pool, ...target }) => ({
      ...target,
      pool: (agent) => {
        asked();
        return pool?.(agent) !== false;
      },
    })),
  };
  setQueue(memory, 'q', queue);
  setQueue(memory, 'other', compileQueue('other', plain));
  for (let n = 0; n < AGENTS; n += 1) setAgent(memory, personOf(`a${String(n)}`, 1));
  fillWaiting(
    memory,
    Array.from({ length: ITEMS }, (_, n) => ({
      ...{
        id: `i${String(n)}`,
        version: 1,
        queueId: 'q',
        channel: 'phone',
        priority: 3,
        enqueuedAt: NOW + n,
        avoid: [],
      },
      facts: { case: caseFacts(String(n)), contact: { channel: 'phone', attributes: {} }, customer: {} },
    })),
  );
  const run = (after: number) => {
    elapsed.mockClear();
    asked.mockClear();
    const now = NOW + after;
    const moves = movesOf(memory, now, createLive(memory, now)).length;
    const offers = match(memory, new Date(now)).map(({ entry, agent }) => `${entry.id} to ${agent.id}`);
    return { moves, offers, items: elapsed.mock.calls.length, agents: asked.mock.calls.length };
  };
  return { memory, run };
}

it('given many that wait where figures decide, then a run asks for who stands first, and for agents who changed', () => {
  const { memory, run } = houseOf();
  const first = run(ITEMS);
  expect(first).toMatchObject({ moves: 0, offers: [] });
  expect(first.items).toBeGreaterThan(0);
  const second = run(ITEMS + 1);
  expect(second).toMatchObject({ moves: 0, offers: [], agents: 0 });
  expect(second.items).toBeLessThan(10);
  // Somebody meets the first target: it is passed over no more, and they are asked alone.
  setAgent(memory, personOf('a7', 5, 2));
  const third = run(ITEMS + 2);
  expect(third).toMatchObject({ moves: 0, offers: ['i0 to a7'] });
  expect(third.items).toBeLessThan(20);
  expect(third.agents).toBeLessThan(10);
  // They meet the second one alone: it is the next while nobody is there for the first.
  setAgent(memory, personOf('a8', 3, 2));
  expect(run(ITEMS + 3).offers).toEqual([]);
  setAgent(memory, { ...personOf('a7', 5, 3), isAvailable: false });
  expect(run(ITEMS + 4).offers).toEqual(['i1 to a8']);
});
