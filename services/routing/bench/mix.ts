/**
 * Who works and what waits in the matcher's bench. Seven of ten items ask for what their queue asks for, in
 * queues with requirements alone, with steps that open up by time, with hours and an age beyond which nothing is offered.
 * The others are steps of plans with requirements and a team of their own (12 %), callbacks that are not to be offered yet
 * (6 %) or belong to one agent for a while (2 %), items that somebody refused (5 %), and those for whom somebody is asked
 * first (5 %).
 */
import type { KnownAgent } from '../src/domain/matching/candidate.ts';
import { compileQueue } from '../src/domain/queues/compile-queue.ts';
import type { QueueDefinition } from '../src/domain/queues/definition.ts';
import type { Avoided, Facts, WorkTerms } from '../src/domain/work/state.ts';

const PRODUCTS = 20;
const TEAMS = 10;
const LANGUAGES = ['de', 'en', 'pt', 'tr'];
const REASONS = ['billing', 'repair', 'moving', 'contract', 'fraud'];
const CHANNELS = ['phone', 'chat', 'email'];
const HOUR_MS = 3_600_000;

export const below = (n: number): number => Math.floor(Math.random() * n);
const oneOf = (words: readonly string[]): string => words[below(words.length)] ?? '';
const product = (n: number): string => `product-${String(n % PRODUCTS)}`;
const team = (n: number): string => `team-${String(n % TEAMS)}`;
const agentAt = (n: number): string => `agent-${String(n)}`;

const skilled = 'case.product in agent.products && (case.priority > 2 || agent.skills["senior"] >= 3)';
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const hours = { timeZone: 'UTC', hours: [{ days, from: '00:00', to: '24:00' }] };
const common = { match: 'true', reservationTimeout: 'PT30S' };

const definitions: readonly Omit<QueueDefinition, 'order'>[] = [
  { ...common, strategy: 'least-cost', requirements: skilled },
  { ...common, strategy: 'longest-idle', requirements: skilled },
  {
    ...common,
    strategy: 'least-cost',
    requirements: 'case.product in agent.products',
    targets: [
      { levels: { senior: 4 }, timeout: 'PT10M', preferredFor: 'PT1M' },
      { levels: { senior: 2 }, timeout: 'PT20M' },
      {},
    ],
  },
  {
    ...common,
    strategy: 'longest-idle',
    requirements: 'case.language in agent.languages',
    targets: [{ levels: { billing: 1 }, timeout: 'PT15M' }, {}],
  },
  { ...common, strategy: 'least-cost', requirements: skilled, schedule: { hours }, stale: { after: 'PT12H' } },
];

export const queues = definitions.map((definition, n) =>
  compileQueue(`queue-${String(n)}`, { order: n, ...definition }),
);

export function anyAgent(n: number, now: number): KnownAgent {
  const id = agentAt(n);
  const products = Array.from({ length: 5 }, (_, more) => product(n + more * 3));
  const skills = { senior: 1 + below(5), [oneOf(REASONS)]: 1 + below(5) };
  const facts = { id, team: team(n), skills, languages: [oneOf(LANGUAGES)], territories: [], products };
  return { id, version: 1, facts, capacity: { default: 1 }, units: 1, isAvailable: true, idleSince: now };
}

/** An item as it is told, and as it is read. */
export interface AnyItem {
  readonly id: string;
  readonly version: number;
  readonly queueId: string;
  readonly channel: string;
  readonly priority: number;
  /** ms. */
  readonly enqueuedAt: number;
  readonly avoid: readonly Avoided[];
  readonly terms?: WorkTerms | undefined;
  readonly facts: Facts;
}

export function anyItem(id: string, enqueuedAt: number, { agents, now }: { agents: number; now: number }): AnyItem {
  const priority = 1 + below(5);
  const queueId = queues[below(queues.length)]?.id ?? '';
  const plain = { id, version: 1, queueId, channel: oneOf(CHANNELS), priority, enqueuedAt, avoid: [] };
  return { ...plain, facts: anyFacts(id, priority), ...peculiar({ agents, now }) };
}

function peculiar({ agents, now }: { readonly agents: number; readonly now: number }): Partial<AnyItem> {
  const draw = below(100);
  const agentId = agentAt(below(agents));
  const later = (ms: number): string => new Date(now + ms).toISOString();
  if (draw < 12)
    return { terms: { requirements: `agent.skills["senior"] >= ${String(1 + below(3))}`, team: team(below(TEAMS)) } };
  if (draw < 18) return { terms: { offerFrom: later(HOUR_MS + below(HOUR_MS)) } };
  if (draw < 20) return { terms: { owner: { agentId, until: later(HOUR_MS) } } };
  if (draw < 25) return { avoid: [{ agentId, until: later(30_000) }] };
  return draw < 30 ? { terms: { preferredAgentId: agentId } } : {};
}

function anyFacts(id: string, priority: number): Facts {
  const about = { id, priority, product: product(below(PRODUCTS)), reason: oneOf(REASONS), language: oneOf(LANGUAGES) };
  const text =
    'The line has been down since this morning, the modem blinks red, and I was told that somebody would call.';
  return {
    case: {
      ...about,
      ...{ subject: 'My line is down', status: 'open', openedAt: '2026-03-02T09:00:00.000Z', channel: 'phone' },
      attributes: { country: 'de' },
    },
    contact: { channel: 'phone', to: '+4930123456', text, attributes: {} },
    customer: { id: `customer-${String(below(1_000_000))}`, tier: oneOf(['gold', 'basic']) },
  };
}
