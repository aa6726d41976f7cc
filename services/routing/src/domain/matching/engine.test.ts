import { describe, expect, it } from 'vitest';
import { anyQueue } from '../../testing/house.ts';
import { caseFacts } from '../../testing/orders.ts';
import type { Queue } from '../queues/queues.ts';
import { wordsOf } from './decision.ts';
import { noteAnswer } from './engine.ts';
import { takeQuestions } from './engine-desk.ts';
import type { EngineAnswer, Question } from './engine-desk.ts';
import { match } from './match.ts';
import type { Pair } from './match.ts';
import { setAgent } from './agents.ts';
import { forgetItem, setQueue, setWaiting } from './items.ts';
import { createMemory } from './memory.ts';
import type { Memory } from './types.ts';

const START = Date.UTC(2026, 2, 2, 9);
const SECOND = 1000;
const engine = { url: 'https://engine.example/match', timeoutMs: 500, secretId: 'first' };

function memoryWith(...queues: readonly Partial<Queue>[]): Memory {
  const memory = createMemory();
  for (const queue of [{ engine }, ...queues]) {
    const whole = { ...anyQueue, kindOf: () => 'all alike', ...queue };
    setQueue(memory, whole.id, whole);
  }
  return memory;
}

function add(memory: Memory, ...ids: readonly string[]): void {
  ids.forEach((id, n) => {
    const facts = { id, team: 't', skills: {}, languages: [], territories: [], products: [] };
    setAgent(memory, { id, version: 1, facts, capacity: { default: 1 }, isAvailable: true, idleSince: START + n });
  });
}

function wait(memory: Memory, id: string, queueId = 'default', version = 1): void {
  const facts = { case: caseFacts(id), contact: { channel: 'chat', text: 'secret', attributes: {} }, customer: {} };
  setWaiting(memory, { id, version, queueId, channel: 'chat', priority: 3, enqueuedAt: START, avoid: [], facts });
}

const shown = (pairs: readonly Pair[]) => pairs.map(({ entry, agent }) => `${entry.id} to ${agent.id}`);
const run = (memory: Memory, after = 0) => match(memory, new Date(START + after));

function onlyQuestion(memory: Memory): Question {
  const [asking, ...others] = takeQuestions(memory.engines);
  expect(others).toEqual([]);
  if (asking === undefined) throw new Error('nothing is asked');
  return asking.question;
}

const names = (...pairs: readonly (readonly [string, string])[]): EngineAnswer => ({
  assignments: pairs.map(([workItemId, agentId]) => ({ workItemId, agentId })),
});

describe('a queue with an engine', () => {
  it('given items and agents, then the engine is asked once, other queues go on, and a later run does what it names', () => {
    const memory = memoryWith({ id: 'plain' });
    add(memory, 'anna', 'bert', 'carl');
    for (const id of ['1', '2']) wait(memory, id);
    wait(memory, '3', 'plain');
    expect(shown(run(memory))).toEqual(['3 to anna']);
    const question = onlyQuestion(memory);
    expect(question.items.map(({ workItemId }) => workItemId)).toEqual(['1', '2']);
    expect(question.items[0]?.candidates).toEqual(['anna', 'bert', 'carl']);
    expect(JSON.stringify(question)).not.toContain('secret');
    expect(shown(run(memory))).toEqual([]);
    expect(takeQuestions(memory.engines)).toEqual([]);
    noteAnswer(memory.engines, 'default', names(['1', 'carl'], ['2', 'bert']));
    const pairs = run(memory, 100);
    expect(shown(pairs)).toEqual(['1 to carl', '2 to bert']);
    expect(pairs[0]?.record).toMatchObject({ engine: { by: 'engine' }, together: 2 });
    expect(pairs[0] && wordsOf(pairs[0].record, 'carl')).toContain("The queue's engine chose carl.");
  });

  it('given names that cannot be, strangers, or nobody, then the strategy decides, and the record says why', () => {
    const memory = memoryWith();
    add(memory, 'anna', 'bert', 'carl');
    for (const id of ['1', '2', '3']) wait(memory, id);
    run(memory);
    onlyQuestion(memory);
    noteAnswer(memory.engines, 'default', names(['1', 'nobody'], ['2', 'bert'], ['stranger', 'carl'], ['2', 'carl']));
    const pairs = run(memory);
    expect(shown(pairs)).toEqual(['2 to bert', '1 to anna', '3 to carl']);
    expect(pairs.map(({ record }) => record.engine)).toEqual([
      { by: 'engine' },
      { by: 'fallback', reason: 'not-eligible' },
      { by: 'fallback', reason: 'not-named' },
    ]);
  });

  it('given an item that changed meanwhile, or is gone, then what was named for it does not count', () => {
    const memory = memoryWith();
    add(memory, 'anna', 'bert');
    for (const id of ['1', '2']) wait(memory, id);
    run(memory);
    onlyQuestion(memory);
    forgetItem(memory, '1');
    wait(memory, '2', 'default', 2);
    noteAnswer(memory.engines, 'default', names(['1', 'anna'], ['2', 'bert']));
    const pairs = run(memory);
    expect(shown(pairs)).toEqual(['2 to anna']);
    expect(pairs[0]?.record.engine?.by).toBe('fallback');
  });

  it('given an engine that fails, then the strategy decides at once, and after three times it is left alone for a while', () => {
    const memory = memoryWith();
    const reasons: (string | undefined)[] = [];
    const failOnce = (n: number, after: number): void => {
      add(memory, `agent-${String(n)}`);
      wait(memory, String(n));
      let pairs = run(memory, after);
      if (pairs.length === 0) {
        onlyQuestion(memory);
        noteAnswer(memory.engines, 'default', { reason: 'timeout' });
        pairs = run(memory, after);
      }
      expect(pairs).toHaveLength(1);
      reasons.push(pairs[0]?.record.engine?.reason);
    };
    for (const n of [1, 2, 3, 4]) failOnce(n, n);
    failOnce(5, 4 * SECOND);
    failOnce(6, 6 * SECOND);
    // Twice as long now.
    failOnce(7, 12 * SECOND);
    failOnce(8, 17 * SECOND);
    expect(reasons).toEqual(['timeout', 'timeout', 'timeout', 'away', 'away', 'timeout', 'away', 'timeout']);
    add(memory, 'anna');
    wait(memory, '9');
    run(memory, 100 * SECOND);
    noteAnswer(memory.engines, 'default', names(['9', 'anna']));
    expect(shown(run(memory, 100 * SECOND))).toEqual(['9 to anna']);
    expect(memory.engines.breakers.get('default')?.failures).toBe(0);
  });

  it('given very much that waits, then a round is bounded, and what was not asked about waits for the next', () => {
    const memory = memoryWith();
    add(memory, 'anna');
    for (let n = 0; n < 100; n += 1) wait(memory, String(n).padStart(3, '0'));
    run(memory);
    expect(onlyQuestion(memory).items).toHaveLength(12);
    noteAnswer(memory.engines, 'default', names(['005', 'anna']));
    expect(shown(run(memory))).toEqual(['005 to anna']);
    expect(takeQuestions(memory.engines)).toEqual([]);
  });
});
