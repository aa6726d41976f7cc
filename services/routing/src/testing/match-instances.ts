/** Random instances for the matcher: agents with unlike skills and room, items that not everybody may serve. */
import type { Queue } from '../domain/queues/queues.ts';
import { setAgent } from '../domain/matching/agents.ts';
import { setQueue, setWaiting } from '../domain/matching/items.ts';
import { createMemory } from '../domain/matching/memory.ts';
import type { Memory } from '../domain/matching/types.ts';
import { caseFacts } from './orders.ts';

/** Park and Miller's generator: the same numbers at every run. */
export function createRandom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}

export interface InstanceOptions {
  readonly seed: number;
  readonly items: number;
  readonly agents: number;
  /** Share of the pairs that may not be. */
  readonly forbidden: number;
  readonly mostRoom: number;
  /** How long before now the items came, at most, ms. */
  readonly spreadMs?: number;
}

export const INSTANCE_NOW = Date.UTC(2026, 2, 2, 9);

/** Who may serve what is drawn pair by pair, apart from the skills that make one pair better than another. */
export function randomInstance({ seed, items, agents, forbidden, mostRoom, spreadMs = 0 }: InstanceOptions): Memory {
  const random = createRandom(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pairs = Array.from({ length: items }, () => Array.from({ length: agents }, () => random() >= forbidden));
  const servedBy: Queue['servedBy'] = (facts, agent) =>
    pairs[Number(facts.case.id.slice(1))]?.[Number(agent.id.slice(1))] === true;
  const memory = createMemory();
  const queue: Queue = { id: 'q', reservationTimeoutMs: 30_000, takes: () => true, strategy: 'least-cost', servedBy };
  setQueue(memory, queue.id, queue);
  for (let n = 0; n < agents; n += 1) {
    const id = `a${String(n)}`;
    const skills = Object.fromEntries(REASONS.flatMap((reason) => (random() < 0.5 ? [[reason, 1 + below(5)]] : [])));
    const territories = random() < 0.5 ? [] : [nth(COUNTRIES, below(3))];
    const languages = [nth(LANGUAGES, below(3))];
    const facts = { id, team: 't', skills, languages, territories, products: [] };
    const capacity = { default: 1 + below(mostRoom) };
    const idleSince = INSTANCE_NOW - below(3_600_000);
    setAgent(memory, { id, version: 1, facts, capacity, isAvailable: true, idleSince });
  }
  for (let n = 0; n < items; n += 1) {
    const id = `i${String(n)}`;
    const about = { reason: nth(REASONS, below(6)), language: nth(LANGUAGES, below(3)) };
    const attributes = { country: nth(COUNTRIES, below(3)) };
    const facts = { case: caseFacts(id, { ...about, attributes }), contact: { channel: 'chat', attributes: {} } };
    if (random() < 0.3) memory.served.set(id, `a${String(below(agents))}`);
    setWaiting(memory, {
      ...{
        id,
        version: 1,
        queueId: queue.id,
        channel: 'chat',
        priority: 3,
        enqueuedAt: INSTANCE_NOW - (spreadMs === 0 ? 0 : below(spreadMs)),
        avoid: [],
      },
      facts: { ...facts, customer: {} },
    });
  }
  return memory;
}

const REASONS = ['billing', 'repair', 'moving', 'contract', 'fraud', 'sales'];
const COUNTRIES = ['AT', 'DE', 'BR'];
const LANGUAGES = ['de', 'en', 'pt'];

function nth(words: readonly string[], n: number): string {
  const word = words[n];
  if (word === undefined) throw new Error(`there are not ${String(n + 1)} words`);
  return word;
}
