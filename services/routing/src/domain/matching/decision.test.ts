import { expect, it } from 'vitest';
import { anyQueue } from '../../testing/house.ts';
import { caseFacts } from '../../testing/orders.ts';
import { compileRanking } from '../queues/order.ts';
import type { Queue } from '../queues/queues.ts';
import { SHOWN, wordsOf } from './decision.ts';
import type { DecisionRecord } from './record.ts';
import { match } from './match.ts';
import { packed, unpacked } from './packed.ts';
import type { PackedRecord } from './packed.ts';
import { setAgent } from './agents.ts';
import { setHeld, setQueue, setWaiting } from './items.ts';
import { createMemory } from './memory.ts';
import type { Memory, PendingWork } from './types.ts';

const at = Date.UTC(2026, 2, 2, 9);
const now = new Date(at);

function memoryWith(queue: Partial<Queue>): Memory {
  const memory = createMemory();
  setQueue(memory, 'default', { ...anyQueue, version: 3, ...queue });
  return memory;
}

function add(memory: Memory, id: string, { level = 3, isAvailable = true, idleForMs = 0 } = {}): void {
  const facts = { id, team: 't', skills: { repair: level }, languages: [], territories: [], products: [] };
  const rest = { version: 1, capacity: { default: 1 }, isAvailable, idleSince: at - idleForMs };
  setAgent(memory, { id, facts, ...rest });
}

function wait(memory: Memory, id: string, partial: Partial<PendingWork> = {}): void {
  const facts = {
    case: caseFacts(id, { reason: 'repair' }),
    contact: { channel: 'phone', attributes: {} },
    customer: {},
  };
  const plain = { version: 1, queueId: 'default', channel: 'phone', priority: 3, avoid: [], enqueuedAt: at - 60_000 };
  setWaiting(memory, { id, ...plain, facts, ...partial });
}

function onlyRecord(memory: Memory): { readonly record: DecisionRecord; readonly agentId: string } {
  const [pair, ...others] = match(memory, now);
  expect(others).toEqual([]);
  if (pair === undefined) throw new Error('nothing was offered');
  return { record: pair.record, agentId: pair.agent.id };
}

const skilled: Queue['servedBy'] = (_, { skills }) => (skills['repair'] ?? 0) >= 3;
const kindOf = () => 'all alike';

it('given one of each kind of agent, then the record says what removed each', () => {
  const memory = memoryWith({ servedBy: skilled, kindOf });
  add(memory, 'anna', { idleForMs: 5000 });
  add(memory, 'away', { isAvailable: false });
  add(memory, 'full');
  add(memory, 'new', { level: 1, idleForMs: 9000 });
  add(memory, 'next');
  add(memory, 'refused', { idleForMs: 8000 });
  setHeld(memory, { id: 'other', version: 1, channel: 'phone' }, 'full');
  wait(memory, '1', { avoid: [{ agentId: 'refused', until: new Date(at + 1000).toISOString() }] });
  const { record, agentId } = onlyRecord(memory);
  expect(agentId).toBe('anna');
  expect(record).toMatchObject({ agents: 6, eligible: 2, policyVersion: 3, arm: 'strategy', together: 1 });
  expect(record.candidates.map((one) => one.agentId)).toEqual(['anna', 'next']);
  expect(record.removed).toEqual([
    { reason: 'not-available', count: 1, agents: [] },
    { reason: 'no-room', count: 1, agents: [] },
    { reason: 'requirements', count: 1, agents: ['new'] },
    { reason: 'asked-before', count: 1, agents: ['refused'] },
  ]);
  expect(wordsOf(record, agentId)).toEqual([
    'It had waited 60 s in default (version 3).',
    'Of 6 agents, 1 not available, 1 without room for more, 1 not meeting the requirements, 1 asked before, so that others come first: 2 could be asked.',
    'anna had been idle the longest.',
  ]);
});

it('given requirements that may look at anything, then nobody behind the chosen one is asked, and the record says so', () => {
  const memory = memoryWith({ servedBy: skilled });
  add(memory, 'anna', { idleForMs: 5000 });
  add(memory, 'next');
  wait(memory, '1');
  const { record } = onlyRecord(memory);
  expect(record.eligible).toBe(1);
  expect(record.removed).toEqual([{ reason: 'not-asked', count: 1, agents: ['next'] }]);
});

it('given least-cost and very many agents, then the best are kept with the parts of their cost, the others are counted', () => {
  const memory = memoryWith({ strategy: 'least-cost', servedBy: skilled, kindOf });
  for (let n = 0; n < 80; n += 1) add(memory, `agent-${String(n)}`, { level: 3 });
  add(memory, 'zoe', { level: 5 });
  wait(memory, '1');
  const { record, agentId } = onlyRecord(memory);
  expect(agentId).toBe('zoe');
  expect(record.eligible).toBe(81);
  expect(record.candidates).toHaveLength(SHOWN);
  const [first, second] = record.candidates;
  expect(first).toMatchObject({ agentId: 'zoe', parts: { skills: 0, affinity: 0 }, held: 0 });
  expect(second?.parts.skills).toBeGreaterThan(0);
  for (const { cost, parts } of record.candidates)
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(cost);
  const kept = JSON.parse(JSON.stringify(packed(record))) as PackedRecord;
  expect(unpacked(kept)).toEqual(record);
  expect(JSON.stringify(kept).length).toBeLessThan(1300);
  // As earlier versions kept it.
  expect(unpacked(record)).toEqual(record);
  const rows = record.candidates.map(({ agentId: id, held, idleSince, parts }) => {
    const { skills, load, idle, affinity, territory, worked, breadth } = parts;
    return [id, held, Date.parse(idleSince ?? ''), skills, load, idle, affinity, territory, worked, breadth] as const;
  });
  expect(unpacked({ ...record, candidates: [], rows })).toEqual(record);
});

it('given agents with any names and nobody, then they are kept as they are', () => {
  const memory = memoryWith({ strategy: 'least-cost' });
  for (const id of ['a b', 'ä\n%20', '']) add(memory, id);
  wait(memory, '1');
  const { record } = onlyRecord(memory);
  expect(record.candidates).toHaveLength(3);
  expect(unpacked(packed(record))).toEqual(record);
  expect(unpacked(packed({ ...record, candidates: [] }))).toEqual({ ...record, candidates: [] });
});

it('given more free agents than are compared, then the longest idle are, and the others are counted', () => {
  const memory = memoryWith({ strategy: 'least-cost' });
  for (let n = 0; n < 300; n += 1) add(memory, `agent-${String(n)}`, { idleForMs: n * 1000 });
  wait(memory, '1');
  const { record, agentId } = onlyRecord(memory);
  expect(agentId).toBe('agent-299');
  expect(record).toMatchObject({ agents: 300, eligible: 100 });
  expect(record.removed).toEqual([{ reason: 'not-asked', count: 200, agents: [] }]);
});

it('given a holdout, then about that share is drawn at random, the same at every look, and the rest is not', () => {
  const arms = Array.from({ length: 400 }, (_, n) => {
    const memory = memoryWith({ strategy: 'least-cost', holdout: 0.25 });
    add(memory, 'anna', { level: 1 });
    add(memory, 'best', { level: 5 });
    wait(memory, `item-${String(n)}`);
    const { record, agentId } = onlyRecord(memory);
    return { arm: record.arm, agentId };
  });
  const held = arms.filter(({ arm }) => arm === 'holdout');
  expect(held.length).toBeGreaterThan(70);
  expect(held.length).toBeLessThan(130);
  const byChance = held.filter(({ agentId }) => agentId === 'anna').length / held.length;
  expect(byChance).toBeGreaterThan(0.35);
  expect(byChance).toBeLessThan(0.65);
  expect(arms.filter(({ arm }) => arm === 'strategy').every(({ agentId }) => agentId === 'best')).toBe(true);
});

it('given several asked about what is drawn at random, then all of them are drawn, and none counts for the strategy', () => {
  const further = Array.from({ length: 60 }, (_, n) => {
    const memory = memoryWith({ strategy: 'least-cost', holdout: 1, offersAtOnce: 2 });
    for (const level of [1, 3, 5]) add(memory, `level-${String(level)}`, { level });
    wait(memory, `item-${String(n)}`);
    const [pair] = match(memory, now);
    return pair?.further?.map(({ agent, record }) => `${record.arm} ${pair.agent.id} ${agent.id}`).join();
  });
  const all = new Set(further);
  // Each of the three first, and each of the two others second.
  expect([...all].sort()).toEqual([
    'holdout level-1 level-3',
    'holdout level-1 level-5',
    'holdout level-3 level-1',
    'holdout level-3 level-5',
    'holdout level-5 level-1',
    'holdout level-5 level-3',
  ]);
});

it('given two customers who want the one who knows it, then the higher tier gets them, and the record shows the part', () => {
  const assigned = (tiers: Readonly<Record<string, string>>) => {
    const memory = memoryWith({ strategy: 'least-cost', ranking: compileRanking({ tiers }) });
    add(memory, 'expert', { level: 5 });
    add(memory, 'novice', { level: 1 });
    const contact = { channel: 'phone', attributes: {} };
    const about = (id: string, tier: string) => ({
      case: caseFacts(id, { reason: 'repair' }),
      contact,
      customer: { tier },
    });
    // Both as old: what they are worth in the order does not decide who serves them.
    for (const tier of ['silver', 'gold']) wait(memory, tier, { enqueuedAt: at, facts: about(tier, tier) });
    return new Map(match(memory, now).map(({ entry, agent, record }) => [entry.id, { by: agent.id, record }]));
  };
  const found = assigned({ gold: 'PT10M', silver: 'PT5M' });
  expect([found.get('gold')?.by, found.get('silver')?.by]).toEqual(['expert', 'novice']);
  const [, novice] = found.get('gold')?.record.candidates ?? [];
  expect(novice).toMatchObject({ agentId: 'novice', parts: { skills: 144_000, tier: 48_000 } });
  expect(found.get('silver')?.record.candidates.at(-1)?.parts.tier).toBe(24_000);
  const none = assigned({});
  expect(none.get('gold')?.record.candidates.map(({ parts }) => parts.tier)).toEqual([0, 0]);
});

it('given a customer whose tier counts, then they are served first, and the record says by how much', () => {
  const memory = memoryWith({ ranking: compileRanking({ tiers: { gold: 'PT10M' } }) });
  add(memory, 'anna');
  wait(memory, 'older');
  const facts = { case: caseFacts('gold'), contact: { channel: 'phone', attributes: {} }, customer: { tier: 'gold' } };
  wait(memory, 'gold', { enqueuedAt: at, facts });
  const [pair, ...others] = match(memory, now);
  expect(others).toEqual([]);
  expect(pair?.entry.id).toBe('gold');
  expect(pair?.record).toMatchObject({ tier: 'gold', credits: { tier: 600_000, adjustment: 0 } });
  expect(pair && wordsOf(pair.record, 'anna')).toContain(
    'For a customer of tier gold it ranked as if it had waited 600 s longer.',
  );
});
