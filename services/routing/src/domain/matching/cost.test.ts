import { expect, it } from 'vitest';
import { caseFacts } from '../../testing/orders.ts';
import type { AgentFacts } from '../people/state.ts';
import type { CaseFacts } from '../work/state.ts';
import { partsOf, sumOf } from './cost.ts';
import { WEIGHTS } from './record.ts';
import type { Parts } from './record.ts';
import { setAgent } from './agents.ts';
import { workedShare } from './candidate.ts';
import type { Candidate } from './candidate.ts';
import { forgetItem, setHeld, setWaiting } from './items.ts';
import { createMemory } from './memory.ts';
import type { Entry, Memory } from './types.ts';

const at = Date.UTC(2026, 2, 2, 9);
const HOUR_MS = 3_600_000;

function candidate(memory: Memory, partial: Partial<AgentFacts>, capacity = { default: 1 }): Candidate {
  const facts = { id: 'anna', team: 't', skills: {}, languages: [], territories: [], products: [], ...partial };
  setAgent(memory, { id: 'anna', version: 1, facts, capacity, isAvailable: true, idleSince: at });
  return agentIn(memory);
}

function agentIn(memory: Memory): Candidate {
  const agent = memory.agents.get('anna');
  if (agent === undefined) throw new Error('she is not there');
  return agent;
}

function entryIn(memory: Memory, about: Partial<CaseFacts>): Entry {
  const facts = { case: caseFacts('1', about), contact: { channel: 'chat', attributes: {} }, customer: {} };
  setWaiting(memory, {
    ...{ id: '1', version: 1, queueId: 'q', channel: 'chat', priority: 3, enqueuedAt: at },
    avoid: [],
    facts,
  });
  const entry = memory.entries.get('1');
  if (entry === undefined) throw new Error('it is not there');
  return entry;
}

function costs(agent: Partial<AgentFacts>, about: Partial<CaseFacts>, lastAgent?: string): Parts {
  const memory = createMemory();
  const situation = { now: at, weights: WEIGHTS, lastAgent };
  return partsOf(entryIn(memory, about), candidate(memory, agent), situation);
}

it('skills: a level missing to 5 is a fifth, and what is asked for is averaged', () => {
  const { skills } = WEIGHTS;
  expect(costs({ skills: { repair: 5 } }, { reason: 'repair' }).skills).toBe(0);
  expect(costs({ skills: { repair: 3 } }, { reason: 'repair' }).skills).toBeCloseTo(skills * 0.4);
  expect(costs({}, { reason: 'repair' }).skills).toBe(skills);
  expect(costs({ skills: { repair: 5 } }, { reason: 'repair', product: 'dsl' }).skills).toBe(skills / 2);
  expect(costs({ products: ['dsl'] }, { product: 'dsl' }).skills).toBe(0);
  expect(costs({ languages: ['de-AT'] }, { language: 'de' }).skills).toBe(0);
  expect(costs({ languages: ['pt'] }, { language: 'de' }).skills).toBe(skills);
  expect(costs({}, {}).skills).toBe(0);
});

it('tier: what skills count, once more, by how much the tier counts', () => {
  const memory = createMemory();
  const entry = entryIn(memory, { reason: 'repair' });
  const novice = candidate(memory, { skills: { repair: 3 } });
  const tierOf = (tier?: number): number =>
    partsOf(entry, novice, { now: at, weights: WEIGHTS, lastAgent: undefined, tier }).tier;
  expect(tierOf(1)).toBeCloseTo(WEIGHTS.tier * 0.4);
  expect(tierOf(0.5)).toBeCloseTo(WEIGHTS.tier * 0.2);
  expect([tierOf(0), tierOf()]).toEqual([0, 0]);
});

it('territory: a country, a region or the beginning of a postal code; who has none serves every place', () => {
  const inVienna = { attributes: { country: 'AT', postalCode: '1070' } };
  expect(costs({ territories: ['AT'] }, inVienna).territory).toBe(0);
  expect(costs({ territories: ['10'] }, inVienna).territory).toBe(0);
  expect(costs({ territories: ['DE', '80'] }, inVienna).territory).toBe(WEIGHTS.territory);
  expect(costs({}, inVienna).territory).toBe(0);
  expect(costs({ territories: ['DE'] }, {}).territory).toBe(0);
});

it('affinity: who served the customer last costs nothing more', () => {
  expect(costs({}, {}, 'anna').affinity).toBe(0);
  expect(costs({}, {}, 'bert').affinity).toBe(WEIGHTS.affinity);
  expect(costs({}, {}).affinity).toBe(0);
});

it('idle and load: the second place of an agent is dearer than the first', () => {
  const memory = createMemory();
  const entry = entryIn(memory, {});
  const agent = candidate(memory, {}, { default: 4 });
  const situation = { now: at + 600_000, weights: WEIGHTS, lastAgent: undefined };
  const first = partsOf(entry, agent, situation);
  expect(first).toMatchObject({ load: 0, idle: WEIGHTS.idle / 2 });
  const second = partsOf(entry, agent, situation, 1);
  expect(second).toMatchObject({ load: WEIGHTS.load / 4, idle: WEIGHTS.idle });
  expect(sumOf(second)).toBeGreaterThan(sumOf(first));
});

it('worked: the share of the last hours, what is longer ago counts less, and hearing of it twice changes nothing', () => {
  const memory = createMemory();
  candidate(memory, {}, { default: 2 });
  setHeld(memory, { id: '1', version: 1, channel: 'chat' }, 'anna', at);
  setHeld(memory, { id: '1', version: 2, channel: 'chat' }, 'anna', at + HOUR_MS);
  const busy = workedShare(agentIn(memory), at + 4 * HOUR_MS);
  expect(busy).toBeCloseTo(1 - 1 / Math.E);
  forgetItem(memory, '1', at + 4 * HOUR_MS);
  forgetItem(memory, '1', at + 4 * HOUR_MS);
  expect(workedShare(agentIn(memory), at + 4 * HOUR_MS)).toBeCloseTo(busy);
  expect(workedShare(agentIn(memory), at + 8 * HOUR_MS)).toBeCloseTo(busy / Math.E);
});
