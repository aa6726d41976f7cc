import { describe, expect, it } from 'vitest';
import { anyQueue } from '../../testing/house.ts';
import { caseFacts } from '../../testing/orders.ts';
import { agentFacts } from '../people/state.ts';
import type { Capacity } from '../people/state.ts';
import { compileRanking } from '../queues/order.ts';
import type { Queue } from '../queues/queues.ts';
import { WEIGHTS } from './record.ts';
import { match } from './match.ts';
import { setAgent } from './agents.ts';
import { forgetItem, setQueue, setWaiting } from './items.ts';
import { createMemory } from './memory.ts';
import type { Memory, PendingWork } from './types.ts';

const now = new Date('2026-03-02T09:00:00.000Z');
const at = now.getTime();
const DAY = 86_400_000;

interface Person {
  readonly idleSince?: number;
  readonly vip?: number;
  readonly skills?: Readonly<Record<string, number>>;
  readonly capacity?: Capacity;
  readonly version?: number;
}

function add(
  memory: Memory,
  id: string,
  { idleSince = at, vip = 0, skills = { vip }, capacity = { default: 1 }, version = 1 }: Person = {},
) {
  const definition = { name: id, team: 't', skills, languages: [], territories: [], products: [], capacity };
  setAgent(memory, { id, version, facts: agentFacts(id, definition), capacity, isAvailable: true, idleSince });
}

function wait(memory: Memory, id: string, partial: Partial<PendingWork> = {}) {
  const facts = { case: caseFacts(id), contact: { channel: 'phone', attributes: {} }, customer: {} };
  const plain = { version: 1, queueId: 'default', channel: 'phone', priority: 3, enqueuedAt: at, avoid: [], facts };
  setWaiting(memory, { id, ...plain, ...partial });
}

function memoryWith(...queues: readonly Queue[]): Memory {
  const memory = createMemory();
  for (const queue of [anyQueue, ...queues]) setQueue(memory, queue.id, queue);
  return memory;
}

const offers = (memory: Memory, time = now, limits?: Parameters<typeof match>[2]) =>
  match(memory, time, limits).map(({ entry, agent }) => `${entry.id} to ${agent.id}`);

describe('matching', () => {
  it('given several items, when one agent is free, then the most urgent and of those the oldest is offered', () => {
    const memory = memoryWith();
    wait(memory, 'old', { enqueuedAt: at - 2 });
    wait(memory, 'urgent-new', { priority: 1 });
    wait(memory, 'urgent-old', { priority: 1, enqueuedAt: at - 1 });
    add(memory, 'anna');
    expect(offers(memory)).toEqual(['urgent-old to anna']);
  });

  it('given several agents, then the longest idle comes first, and who holds something comes last', () => {
    const memory = memoryWith();
    add(memory, 'anna', { idleSince: at - 1, capacity: { default: 2 } });
    add(memory, 'bert', { idleSince: at - 3, capacity: { default: 2 } });
    add(memory, 'carl', { idleSince: at - 2, capacity: { default: 2 } });
    for (const id of ['1', '2', '3', '4']) wait(memory, id);
    expect(offers(memory)).toEqual(['1 to bert', '2 to carl', '3 to anna', '4 to bert']);
  });

  it('given a capacity of its own for a channel, then it counts for that channel alone', () => {
    const memory = memoryWith();
    add(memory, 'anna', { capacity: { default: 1, chat: 2, email: 0 } });
    for (const [id, channel] of [
      ['1', 'chat'],
      ['2', 'chat'],
      ['3', 'chat'],
      ['4', 'email'],
      ['5', 'phone'],
      ['6', 'phone'],
    ] as const)
      wait(memory, id, { channel });
    expect(offers(memory)).toEqual(['1 to anna', '2 to anna', '5 to anna']);
  });

  it('given who rejected it, then every other eligible agent comes first, and nobody within 30 seconds', () => {
    const memory = memoryWith();
    const until = (ms: number) => new Date(at + ms).toISOString();
    add(memory, 'anna', { idleSince: 1 });
    add(memory, 'bert', { idleSince: 2 });
    const avoid = [
      { agentId: 'bert', until: until(30_000) },
      { agentId: 'anna', until: until(40_000) },
    ];
    wait(memory, '1', { avoid });
    expect(offers(memory)).toEqual([]);
    expect(offers(memory, new Date(at + 29_999))).toEqual([]);
    // Bert had it before Anna.
    expect(offers(memory, new Date(at + 45_000))).toEqual(['1 to bert']);
    forgetItem(memory, '1');
    wait(memory, '2', { avoid });
    add(memory, 'carl', { idleSince: 3 });
    expect(offers(memory, new Date(at + 45_000))).toEqual(['2 to carl']);
  });

  it('given ten thousand items nobody can serve and 500 agents, then no pair is asked twice, and a run has its limit', () => {
    let asked = 0;
    const servedBy: Queue['servedBy'] = (_, { skills }) => {
      asked += 1;
      return (skills['vip'] ?? 0) > 3;
    };
    const memory = memoryWith({ ...anyQueue, id: 'picky', servedBy });
    for (let n = 0; n < 10_000; n += 1) wait(memory, `item-${String(n)}`, { queueId: 'picky', enqueuedAt: at + n });
    for (let n = 0; n < 500; n += 1) add(memory, `agent-${String(n)}`);
    const limits = { offers: 500, evaluations: 1_000_000 };
    expect(offers(memory, now, limits)).toEqual([]);
    expect(asked).toBe(1_000_000);
    for (let run = 2; run <= 6; run += 1) expect(offers(memory, now, limits)).toEqual([]);
    expect(asked).toBe(5_000_000);
    add(memory, 'agent-7', { vip: 5, version: 2 });
    expect(offers(memory, now, limits)).toEqual(['item-0 to agent-7']);
    // Only the agent who changed was asked.
    expect(asked).toBe(5_000_001);
  });
});

describe('strategies', () => {
  const queue = (strategy: Queue['strategy']): Queue => ({ ...anyQueue, strategy });

  it('given least-loaded, then who holds least comes first; given round-robin, who was asked longest ago', () => {
    const memory = memoryWith(queue('least-loaded'));
    add(memory, 'anna', { capacity: { default: 3 } });
    add(memory, 'bert', { capacity: { default: 3 }, idleSince: at - 1 });
    for (const id of ['1', '2', '3']) wait(memory, id);
    expect(offers(memory)).toEqual(['1 to bert', '2 to anna', '3 to bert']);
    setQueue(memory, 'default', queue('round-robin'));
    for (const id of ['4', '5']) wait(memory, id);
    expect(offers(memory, new Date(at + 1))).toEqual(['4 to anna', '5 to bert']);
  });

  it('given least-cost, then items and agents are matched together, not first come first served', () => {
    const memory = memoryWith(queue('least-cost'));
    const about = (id: string, reason: string) => ({
      facts: { case: caseFacts(id, { reason }), contact: { channel: 'phone', attributes: {} }, customer: {} },
    });
    add(memory, 'anna', { skills: { billing: 5, repair: 5 } });
    add(memory, 'bert', { skills: { billing: 4 } });
    wait(memory, '1', about('1', 'billing'));
    wait(memory, '2', { ...about('2', 'repair'), enqueuedAt: at + 1 });
    expect(offers(memory)).toEqual(['1 to bert', '2 to anna']);
  });

  it('given more that wait than can be served, then a better fit is worth a little wait, and never more', () => {
    const served = (laterMs: number): string[] => {
      const memory = memoryWith(queue('least-cost'));
      add(memory, 'anna', { skills: { billing: 5 } });
      wait(memory, 'first');
      wait(memory, 'fits', { enqueuedAt: at + laterMs });
      memory.served.set('first', 'somebody else');
      return offers(memory);
    };
    expect(served(WEIGHTS.affinity - 1)).toEqual(['fits to anna']);
    expect(served(WEIGHTS.affinity + 1)).toEqual(['first to anna']);
  });

  it.each([
    ['days', {}, [{ enqueuedAt: at - 10 * DAY }, { enqueuedAt: at - 3 * DAY }, { enqueuedAt: at - DAY }]],
    [
      'priorities that are strict',
      { ranking: compileRanking({ strict: true }) },
      [1, 2, 3].map((priority) => ({ priority })),
    ],
  ])(
    'given %s between those who wait, then no fit is worth as much, however far behind the first they are',
    (_, rules, waits) => {
      const memory = memoryWith({ ...queue('least-cost'), ...rules });
      for (const id of ['anna', 'bert']) add(memory, id);
      for (const [n, partial] of waits.entries()) wait(memory, String(n + 1), partial);
      memory.served.set('2', 'somebody else');
      expect(match(memory, now).map(({ entry }) => entry.id)).toEqual(['1', '2']);
    },
  );

  it('given who served the customer last, then they get the case again where it costs others little', () => {
    const memory = memoryWith(queue('least-cost'));
    for (const id of ['anna', 'bert', 'carl']) add(memory, id);
    memory.served.set('1', 'bert');
    wait(memory, '1');
    expect(offers(memory)).toEqual(['1 to bert']);
  });

  it('given queues of both kinds, then who ranks first is served first, whatever the strategy', () => {
    const memory = memoryWith(queue('least-cost'), { ...anyQueue, id: 'plain' });
    add(memory, 'anna');
    wait(memory, 'old', { enqueuedAt: at - 1 });
    wait(memory, 'new', { queueId: 'plain' });
    expect(offers(memory)).toEqual(['old to anna']);
  });
});
