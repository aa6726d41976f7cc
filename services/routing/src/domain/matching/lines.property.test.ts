import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyQueue } from '../../testing/house.ts';
import { caseFacts } from '../../testing/orders.ts';
import { createLive } from '../queues/live.ts';
import { movesOf } from '../queues/overflow.ts';
import type { Queue } from '../queues/queues.ts';
import type { Admission } from '../queues/steps.ts';
import type { WorkTerms } from '../work/state.ts';
import { match, takeBackOffer } from './match.ts';
import { allOf } from './shelf.ts';
import { setAgent, setIdleSince } from './agents.ts';
import { noteAnswered } from './history.ts';
import type { KnownAgent } from './candidate.ts';
import { waitingTerms, workOf } from './entry.ts';
import { fillWaiting, forgetItem, setHeld, setQueue, setWaiting } from './items.ts';
import { createMemory } from './memory.ts';
import type { Memory, PendingWork } from './types.ts';

const START = Date.UTC(2026, 2, 2, 9);
const PRODUCTS = ['dsl', 'tv', 'mobile'];
const AGENTS = 6;
const SECOND = 1000;

/** Open for twenty seconds, closed for ten; time counts while it is closed, too. */
const hours: Queue['schedule'] = {
  openingAt: (now) => {
    const turn = Math.floor((now - START) / (10 * SECOND));
    const isOpen = turn % 3 !== 2;
    const since = START + (turn - (turn % 3)) * 10 * SECOND;
    return { isOpen, since: isOpen ? since : undefined, until: START + (turn + 1) * 10 * SECOND };
  },
  elapsed: (from, to) => to - from,
  after: (from, open) => from + open,
};

const everybody = { preferredMs: 0, timeoutMs: Infinity };
const many: Admission = (_, agent) => agent.products.length > 1;

const pairwise = (agent: { readonly products: readonly string[] }): boolean => agent.products.length > 1;

/**
 * By requirements alone; by steps, of which the last leads elsewhere; by limits for each agent; by hours, and age; by age
 * alone, which holds it or leads elsewhere; by figures of agents, of waiting and of answers, of two queues; by who has come
 * since it opened.
 */
const courses: readonly Partial<Queue>[] = [
  { strategy: 'longest-idle' },
  {
    strategy: 'least-cost',
    targets: [
      { name: 'few', accepts: many, preferredMs: 2 * SECOND, timeoutMs: 3 * SECOND },
      { ...everybody, name: 'all', timeoutMs: 9 * SECOND },
      { ...everybody, name: 'elsewhere', overflow: { to: 'q0' } },
    ],
  },
  { strategy: 'round-robin', fairness: { most: 3, perMs: 5 * SECOND } },
  { strategy: 'longest-idle', schedule: hours, stale: { afterMs: 15 * SECOND } },
  { strategy: 'longest-idle', stale: { afterMs: 3 * SECOND } },
  { strategy: 'least-loaded', stale: { afterMs: 4 * SECOND, to: 'q0' } },
  {
    strategy: 'longest-idle',
    targets: [
      {
        ...{ name: 'few', accepts: many, pool: pairwise, preferredMs: SECOND, timeoutMs: 6 * SECOND },
        skipIf: ({ target, queue }) => target.idle === 0 || queue.oldestWaitSeconds > 4,
      },
      { ...everybody, name: 'all' },
    ],
  },
  {
    strategy: 'round-robin',
    answerWithinMs: 2 * SECOND,
    targets: [
      {
        name: 'few',
        accepts: many,
        preferredMs: 0,
        timeoutMs: 4 * SECOND,
        skipIf: ({ queue }) => queue.serviceLevel < 0.5,
      },
      {
        ...{ ...everybody, name: 'elsewhere', timeoutMs: 3 * SECOND },
        overflow: { to: 'q0', while: ({ queue, other }) => queue.waiting > 1 && (other?.available ?? 0) > 2 },
      },
      { ...everybody, name: 'all' },
    ],
  },
  {
    strategy: 'least-cost',
    schedule: hours,
    opening: { agents: 4, atMostMs: 4 * SECOND },
    stale: { afterMs: 9 * SECOND },
  },
];

/**
 * Twice the same, but that in the second nothing is known of kinds, so that each item is looked at each time where figures
 * could change its step, which here is everywhere, and nobody is kept in a lane, or counted, from run to run.
 */
function pairOfMemories(): readonly [Memory, Memory] {
  return [true, false].map((isKnown) => {
    const memory = createMemory();
    courses.forEach((course, n) => {
      const targets = (course.targets ?? [{ ...everybody, name: 'all' }]).map((target) => ({
        ...target,
        skipIf: target.skipIf ?? never,
      }));
      const queue: Queue = {
        ...{ ...anyQueue, ...course, id: `q${String(n)}` },
        servedBy: (facts, agent) => agent.products.includes(facts.case.product ?? ''),
        kindOf: isKnown ? (facts) => facts.case.product ?? '' : undefined,
        looksAt: isKnown ? [['agent', 'products']] : undefined,
        targets: isKnown ? course.targets : targets,
      };
      setQueue(memory, queue.id, queue);
    });
    if (!isKnown) Object.defineProperty(memory, 'pool', { get: () => undefined, set: () => undefined });
    return memory;
  }) as unknown as readonly [Memory, Memory];
}

const never = () => false;

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

/** Of one in two: what it asks for beside its queue. */
function termsOf(seed: number, at: number): WorkTerms | undefined {
  const agentId = `a${String(seed % AGENTS)}`;
  const later = new Date(at + (seed % 7) * SECOND).toISOString();
  const asked: readonly WorkTerms[] = [
    { requirements: 'agent.products.exists(p, p == "tv")' },
    { team: seed % 2 === 0 ? 't' : 'u', requirements: 'case.priority < 4' },
    { offerFrom: later },
    { owner: { agentId, until: later } },
    { preferredAgentId: agentId },
  ];
  return asked[seed % (2 * asked.length)];
}

function anyWork(n: number, seed: number, at: number): PendingWork {
  const id = `i${String(n)}`;
  const product = PRODUCTS[seed % 3] ?? '';
  const until = new Date(at + 2 * SECOND).toISOString();
  const terms = termsOf(seed, at);
  return {
    ...{
      id,
      version: 1,
      queueId: `q${String((seed >> 2) % courses.length)}`,
      channel: 'chat',
      priority: 1 + (seed % 5),
    },
    enqueuedAt: at,
    ...waitingTerms(terms),
    terms,
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
    if (what === 'wait') setWaiting(memory, anyWork(n, seed, now));
    else if (what === 'change') setAgent(memory, agentOf(seed % AGENTS, n + 2, seed));
    else if (what === 'refuse') refusing = true;
    else if (what === 'finish' && item !== undefined && agentId !== undefined) {
      forgetItem(memory, item, now);
      setIdleSince(memory, agentId, now);
    } else if (what === 'run') {
      runs.push(moved(memory, now));
      const pairs = match(memory, new Date(now), { offers: 100, evaluations: Infinity });
      runs.push(pairs.map(({ entry, agent, record }) => `${entry.id} ${agent.id} ${String(record.eligible > 0)}`));
      for (const { entry } of pairs) {
        const answer = { at: now, waitedMs: now - entry.enqueuedAt };
        noteAnswered(memory.history, entry.queueId, entry.id, answer);
      }
      for (const pair of refusing ? pairs.slice(0, 1) : []) takeBackOffer(memory, pair);
      refusing = false;
    }
  });
  return runs;
}

/** What is to wait elsewhere does. */
function moved(memory: Memory, now: number): string[] {
  return movesOf(memory, now, createLive(memory, now)).map(({ workItemId, to }) => {
    const entry = memory.entries.get(workItemId);
    if (entry === undefined || to === undefined) throw new Error('what does not wait cannot leave');
    const { queueId } = to;
    setWaiting(memory, {
      ...workOf(entry),
      version: entry.version + 1,
      queueId,
      enteredAt: now,
      passed: [entry.queueId],
    });
    return `${workItemId} to ${queueId}`;
  });
}

describe('lines of what waits, and lanes of who has room', () => {
  it('given anything that happens, then the same is offered as by looking at every item and everybody each time', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 80, size: 'max' }), (steps) => {
        const [quick, plain] = pairOfMemories();
        expect(play(quick, steps)).toEqual(play(plain, steps));
      }),
      { numRuns: 150 },
    );
  });

  it('given many at once, then they stand as if each had come by itself', () => {
    const work = Array.from({ length: 50 }, (_, n) => anyWork(n, (n * 37) % 101, START - ((n * 7919) % 5000)));
    const [filled, grown] = pairOfMemories();
    fillWaiting(filled, work);
    for (const one of work) setWaiting(grown, one);
    const ids = ({ waiting }: Memory) => allOf(waiting).map(({ id }) => id);
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
