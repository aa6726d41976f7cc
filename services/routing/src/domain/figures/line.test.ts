import { describe, expect, it } from 'vitest';
import { caseFacts } from '../../testing/orders.ts';
import { setAgent } from '../matching/agents.ts';
import { setHeld, setQueue, setWaiting } from '../matching/items.ts';
import { createMemory } from '../matching/memory.ts';
import type { Memory, PendingWork } from '../matching/types.ts';
import { agentFacts } from '../people/state.ts';
import { compileQueue } from '../queues/compile-queue.ts';
import type { QueueDefinition } from '../queues/definition.ts';
import { placesOf } from './line.ts';

const NOW = Date.parse('2026-03-02T09:00:00.000Z');
const plain: QueueDefinition = { order: 100, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' };

function add(memory: Memory, id: string, team: string, isBusy = true) {
  const capacity = { default: 1 };
  const definition = { name: id, team, skills: {}, languages: [], territories: [], products: [], capacity };
  setAgent(memory, { id, version: 1, facts: agentFacts(id, definition), capacity, isAvailable: true, idleSince: NOW });
  if (isBusy) setHeld(memory, { id: `held by ${id}`, version: 1, channel: 'phone' }, id);
}

function wait(memory: Memory, id: string, queueId: string, partial: Partial<PendingWork> = {}) {
  const facts = { case: caseFacts(id), contact: { channel: 'phone', attributes: {} }, customer: {} };
  const seconds = memory.entries.size;
  const item = { id, version: 1, queueId, channel: 'phone', priority: 3, enqueuedAt: NOW - 60_000 + 1000 * seconds };
  setWaiting(memory, { ...item, avoid: [], facts, ...partial });
}

function memoryOf(queues: Readonly<Record<string, Partial<QueueDefinition>>>): Memory {
  const memory = createMemory();
  for (const [id, partial] of Object.entries(queues)) setQueue(memory, id, compileQueue(id, { ...plain, ...partial }));
  return memory;
}

const aheadOf = (memory: Memory): Record<string, unknown> =>
  Object.fromEntries(
    placesOf(memory, new Date(NOW)).map(({ entry, standing }) => [
      entry.id,
      typeof standing === 'string' ? standing : standing.ahead,
    ]),
  );

describe('who is before whom', () => {
  it('given two queues of the same agents, then all stand in one line; of different agents, then in two', () => {
    const red = { requirements: 'agent.team == "red"' };
    const memory = memoryOf({ a: red, b: red, c: { requirements: 'agent.team == "blue"' } });
    for (const id of ['r1', 'r2']) add(memory, id, 'red');
    add(memory, 'b1', 'blue');
    for (const [id, queueId] of ['a', 'b', 'c', 'a', 'c'].entries()) wait(memory, String(id), queueId);
    expect(aheadOf(memory)).toEqual({ 0: 0, 1: 1, 2: 0, 3: 2, 4: 1 });
  });

  it('given agents of whom some serve both, then who may go elsewhere counts by the share that is left', () => {
    const memory = memoryOf({ all: {}, red: { requirements: 'agent.team == "red"' } });
    add(memory, 'r1', 'red');
    for (const id of ['b1', 'b2', 'b3']) add(memory, id, 'blue');
    for (const [id, queueId] of ['all', 'all', 'red', 'all'].entries()) wait(memory, String(id), queueId);
    // Of those who may serve `all`, one of four serves `red`; whoever serves `red` serves all.
    expect(aheadOf(memory)).toEqual({ 0: 0, 1: 1, 2: 0.5, 3: 3 });
  });

  it('given requirements that ask about the case, then kinds of one queue stand apart', () => {
    const memory = memoryOf({ mixed: { requirements: 'agent.team == case.product' } });
    add(memory, 'r1', 'red');
    add(memory, 'b1', 'blue');
    for (const [id, product] of ['red', 'blue', 'red', 'green'].entries()) {
      const facts = {
        case: caseFacts(String(id), { product }),
        contact: { channel: 'phone', attributes: {} },
        customer: {},
      };
      wait(memory, String(id), 'mixed', { facts });
    }
    expect(aheadOf(memory)).toEqual({ 0: 0, 1: 0, 2: 1, 3: 'nobody-at-work' });
  });

  it('goes by the order of the matcher; places and who is free are counted', () => {
    const memory = memoryOf({ a: {} });
    add(memory, 'r1', 'red');
    add(memory, 'r2', 'red', false);
    wait(memory, 'late', 'a');
    wait(memory, 'urgent', 'a', { priority: 1 });
    const [first, second] = placesOf(memory, new Date(NOW));
    expect(first).toMatchObject({ entry: { id: 'urgent' }, standing: { ahead: 0, places: 2, free: 1 } });
    expect(second).toMatchObject({ entry: { id: 'late' }, standing: { ahead: 1, places: 2, free: 1 } });
  });

  it('given a closed queue, work that is too old or not to be offered yet, then it says so, and it is before nobody', () => {
    const never = { timeZone: 'UTC', hours: [{ days: ['sun' as const], from: '09:00', to: '10:00' }] };
    const memory = memoryOf({ shut: { schedule: { hours: never } }, old: { stale: { after: 'PT10S' } }, open: {} });
    add(memory, 'r1', 'red');
    wait(memory, 'shut', 'shut');
    wait(memory, 'stale', 'old');
    wait(memory, 'later', 'open', { terms: { offerFrom: '2026-03-02T10:00:00.000Z' } });
    wait(memory, 'now', 'open');
    expect(aheadOf(memory)).toEqual({ shut: 'closed', stale: 'held', later: 'held', now: 0 });
  });

  it('given thousands of things asked for at once, then so many are put to the agents, and of the rest nobody knows', () => {
    const memory = createMemory();
    let asked = 0;
    const ids = Array.from({ length: 2000 }, (_, n) => `q${String(n)}`);
    for (const id of ids) {
      const servedBy = () => (asked += 1) > 0;
      setQueue(memory, id, { ...compileQueue(id, plain), kindOf: undefined, servedBy });
    }
    for (let n = 0; n < 40; n += 1) add(memory, `a${String(n)}`, 'red');
    for (const id of ids) wait(memory, id, id);
    const found = placesOf(memory, new Date(NOW)).map(({ standing }) => standing);
    expect(asked).toBe(500 * 40);
    // All of one crew: one line, however it was asked for.
    expect(found.slice(0, 500)).toEqual(found.slice(0, 500).map((_, ahead) => ({ ahead, places: 40, free: 0 })));
    expect(new Set(found.slice(500))).toEqual(new Set(['too-little-history']));
  });

  it('given many sorts in one queue, then after the first ones the rest is judged by its first', () => {
    const memory = memoryOf({ mixed: { requirements: 'agent.team == case.product' } });
    for (let n = 0; n < 40; n += 1) add(memory, `a${String(n)}`, `t${String(n)}`);
    for (let n = 0; n < 40; n += 1) {
      const about = caseFacts(String(n), { product: `t${String(n)}` });
      wait(memory, String(n), 'mixed', {
        facts: { case: about, contact: { channel: 'phone', attributes: {} }, customer: {} },
      });
    }
    const found = Object.values(aheadOf(memory));
    expect(found.filter((ahead) => ahead === 0)).toHaveLength(25);
    expect(found.slice(24).sort()).toEqual(Array.from({ length: 16 }, (_, n) => n).sort());
  });

  it('given more agents than fit into a word, then those who are common are counted one by one', () => {
    const memory = memoryOf({
      most: { requirements: 'agent.team != "none"' },
      odd: { requirements: 'agent.team == "odd"' },
    });
    for (let n = 0; n < 100; n += 1) add(memory, `a${String(n)}`, n % 4 === 3 ? 'odd' : n === 64 ? 'none' : 'even');
    for (const [id, queueId] of ['most', 'odd', 'most'].entries()) wait(memory, String(id), queueId);
    expect(aheadOf(memory)).toEqual({ 0: 0, 1: 25 / 99, 2: 2 });
  });
});
