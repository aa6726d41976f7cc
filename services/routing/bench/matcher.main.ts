/**
 * The matcher under load, for `npm run bench -- routing`: its real memory, events and runs in a process of its own, without
 * tables and doors. Everybody is at work; work is finished at a rate, each time an agent becomes free and another item comes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReceivedEvent } from '@switchboard/contracts';
import type { FeedEvent } from '@switchboard/hallway';
import { compileQueue } from '../src/domain/queues/compile-queue.ts';
import { createMatchRun } from '../src/domain/matching/match-run.ts';
import { createMemory, fillWaiting, setAgent, setHeld, setQueue } from '../src/domain/matching/memory.ts';
import type { Memory } from '../src/domain/matching/memory.ts';
import type { Facts } from '../src/domain/work/state.ts';

interface Plan {
  readonly agents: number;
  readonly waiting: number;
  readonly ratePerS: number;
  readonly warmUpS: number;
  readonly seconds: number;
}

interface Found {
  /** From the moment an agent became free to the offer to them, ms. */
  readonly latencies: readonly number[];
  readonly offered: number;
  /** Free and without an offer at the end. */
  readonly idle: number;
  /** To read everything into the memory, ms. */
  readonly fillMs: number;
  readonly rssMb: number;
  /** Of one core, while measured. */
  readonly cpuPercent: number;
  /** User CPU for each offer, with the events around it, ms. */
  readonly userMsPerOffer: number;
  /** The longest run of the matcher, ms. */
  readonly longestRunMs: number;
}

const PRODUCTS = 20;
const LANGUAGES = ['de', 'en', 'pt', 'tr'];
const REASONS = ['billing', 'repair', 'moving', 'contract', 'fraud'];
const below = (n: number): number => Math.floor(Math.random() * n);
const oneOf = (words: readonly string[]): string => words[below(words.length)] ?? '';
const product = (n: number): string => `product-${String(n % PRODUCTS)}`;

/** Half of the queues match together, half one by one. */
const queues = ['least-cost', 'longest-idle', 'least-cost', 'longest-idle'].map((strategy, n) =>
  compileQueue(`queue-${String(n)}`, {
    order: n,
    match: 'true',
    requirements: 'case.product in agent.products && (case.priority > 2 || agent.skills["senior"] >= 3)',
    strategy: strategy as 'least-cost',
    reservationTimeout: 'PT30S',
  }),
);

function factsOf(id: string, priority: number): Facts {
  const about = { id, priority, product: product(below(PRODUCTS)), reason: oneOf(REASONS), language: oneOf(LANGUAGES) };
  return {
    case: { ...about, status: 'open', openedAt: '2026-03-02T09:00:00.000Z', channel: 'phone', attributes: {} },
    contact: { channel: 'phone', attributes: {} },
    customer: { id: `customer-${String(below(1_000_000))}` },
  };
}

function fill(memory: Memory, { agents, waiting }: Plan, now: number): void {
  for (const queue of queues) setQueue(memory, queue.id, queue);
  for (let n = 0; n < agents; n += 1) {
    const id = `agent-${String(n)}`;
    const products = Array.from({ length: 5 }, (_, more) => product(n + more * 3));
    const skills = { senior: 1 + below(5), [oneOf(REASONS)]: 1 + below(5) };
    const facts = { id, team: 'team', skills, languages: [oneOf(LANGUAGES)], territories: [], products };
    setAgent(memory, { id, version: 1, facts, capacity: { default: 1 }, isAvailable: true, idleSince: now });
    setHeld(memory, { id: `held-${String(n)}`, version: 3, channel: 'phone' }, id);
  }
  const work = Array.from({ length: waiting }, (_, n) => {
    const id = `item-${String(n)}`;
    const priority = 1 + below(5);
    const queueId = queues[n % queues.length]?.id ?? '';
    const enqueuedAt = now - below(3_600_000);
    const item = { id, version: 1, queueId, channel: 'phone', priority, enqueuedAt, avoid: [] };
    return { ...item, facts: factsOf(id, priority) };
  });
  fillWaiting(memory, work);
}

type Routing<T extends string> = Extract<ReceivedEvent, { readonly type: `switchboard.routing.v1.${T}` }>;

const envelope = (subject: string, sequence: number, at: number) => ({
  ...{ number: 0n, id: `${subject}-${String(sequence)}`, source: '/switchboard/routing', subject, sequence },
  ...{ time: new Date(at).toISOString(), trace: { correlationId: 'bench' } },
});

/** Only what the matcher reads of it. */
function told(type: 'WorkOffered' | 'WorkAccepted' | 'WorkCompleted', item: Held, at: number): FeedEvent {
  const { id, version, agentId } = item;
  const data = { item: { id, version, channel: 'phone', caseId: id }, reservation: { agentId } };
  return { ...envelope(id, version, at), type: `switchboard.routing.v1.${type}`, data } as unknown as FeedEvent;
}

function queued(id: string, at: number): FeedEvent {
  const priority = 1 + below(5);
  const { case: caseFacts, contact: contactFacts, customer: customerFacts } = factsOf(id, priority);
  const queueId = queues[below(queues.length)]?.id ?? '';
  const item = { id, version: 1, queueId, channel: 'phone', priority, enqueuedAt: new Date(at).toISOString() };
  const data = { item, caseFacts, contactFacts, customerFacts, avoid: [] } as unknown as Routing<'WorkQueued'>['data'];
  return { ...envelope(id, 1, at), type: 'switchboard.routing.v1.WorkQueued', data };
}

interface Held {
  readonly id: string;
  readonly version: number;
  readonly agentId: string;
}

/** Everybody who is at work, and what was found out. */
interface Stage {
  readonly plan: Plan;
  readonly matcher: ReturnType<typeof createMatchRun>;
  readonly held: Held[];
  /** When who has nothing became free, ms. */
  readonly freeSince: Map<string, number>;
  readonly startAt: number;
  readonly measuredFrom: number;
  readonly latencies: number[];
  finished: number;
  offered: number;
  longestRunMs: number;
}

/** What is finished by now, each at its intended moment, and another item for each. */
function finishDue(stage: Stage, now: number): FeedEvent[] {
  const { plan, held, startAt } = stage;
  const events: FeedEvent[] = [];
  const intended = (): number => startAt + (1000 * stage.finished) / plan.ratePerS;
  for (; intended() <= now; stage.finished += 1) {
    const at = below(held.length);
    const item = held[at];
    const last = held.pop();
    if (item === undefined || last === undefined) break;
    if (at < held.length) held[at] = last;
    stage.freeSince.set(item.agentId, intended());
    events.push(told('WorkCompleted', { ...item, version: item.version + 1 }, Date.now()));
    events.push(queued(`new-${String(stage.finished)}`, Date.now()));
  }
  return events;
}

/** One run of the matcher, whose offers all come true. */
function matchOnce(stage: Stage, events: readonly FeedEvent[]): void {
  const { matcher, freeSince, measuredFrom } = stage;
  matcher.onEvents(events);
  const before = performance.now();
  const commands = matcher.run(new Date());
  const after = performance.now();
  if (before >= measuredFrom) stage.longestRunMs = Math.max(stage.longestRunMs, after - before);
  const outcomes = commands.map(() => ({ outcome: 'done', reply: undefined }) as const);
  matcher.onOutcomes(commands, outcomes);
  const echoes = commands.flatMap((command): FeedEvent[] => {
    if (command.type !== 'offer-work') return [];
    const { workItemId: id, itemVersion, agentId } = command.data;
    const since = freeSince.get(agentId) ?? 0;
    freeSince.delete(agentId);
    if (since >= measuredFrom) {
      stage.offered += 1;
      stage.latencies.push(after - since);
    }
    const item = { id, version: itemVersion + 2, agentId };
    stage.held.push(item);
    return [
      told('WorkOffered', { ...item, version: itemVersion + 1 }, Date.now()),
      told('WorkAccepted', item, Date.now()),
    ];
  });
  matcher.onEvents(echoes);
}

async function run(plan: Plan): Promise<Found> {
  const began = performance.now();
  const memory = createMemory();
  fill(memory, plan, Date.now());
  const startAt = performance.now();
  const measuredFrom = startAt + plan.warmUpS * 1000;
  const stage: Stage = {
    plan,
    matcher: createMatchRun(memory, compileQueue),
    held: [...memory.agents.keys()].map((agentId, n) => ({ id: `held-${String(n)}`, version: 3, agentId })),
    ...{ freeSince: new Map(), startAt, measuredFrom, latencies: [], finished: 0, offered: 0, longestRunMs: 0 },
  };
  let cpu: NodeJS.CpuUsage | undefined;
  for (let now = startAt; now < measuredFrom + plan.seconds * 1000; now = performance.now()) {
    if (now >= measuredFrom) cpu ??= process.cpuUsage();
    const events = finishDue(stage, now);
    if (events.length > 0) matchOnce(stage, events);
    await sleep(1);
  }
  const used = process.cpuUsage(cpu);
  const { latencies, offered, freeSince, longestRunMs } = stage;
  return {
    ...{ latencies, offered, longestRunMs, idle: freeSince.size, fillMs: startAt - began },
    rssMb: process.memoryUsage().rss / 2 ** 20,
    cpuPercent: (used.user + used.system) / 10_000 / plan.seconds,
    userMsPerOffer: used.user / 1000 / Math.max(1, offered),
  };
}

process.stdout.write(`${JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as Plan))}\n`);
