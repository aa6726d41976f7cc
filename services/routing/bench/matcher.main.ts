/**
 * The matcher under load, for `npm run bench -- routing`: its real memory, events and runs, with the figures that are told
 * beside it, in a process of its own, without tables and doors. Everybody is at work; work is finished at a rate, each time
 * an agent becomes free and another item comes (`mix.ts`).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FeedEvent } from '@switchboard/hallway';
import { compileQueue } from '../src/domain/queues/compile-queue.ts';
import { withFigures } from '../src/domain/figures/figures-run.ts';
import { waitingTerms } from '../src/domain/matching/entry.ts';
import { createMatchRun } from '../src/domain/matching/match-run.ts';
import { setAgent } from '../src/domain/matching/agents.ts';
import { fillWaiting, setHeld, setQueue } from '../src/domain/matching/items.ts';
import { createMemory } from '../src/domain/matching/memory.ts';
import type { Memory } from '../src/domain/matching/types.ts';
import { anyAgent, anyItem, below, queues } from './mix.ts';

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
  /** CPU of a run, by the thread it runs on, whoever else has the machine; ms. */
  readonly runCpuMs: readonly number[];
  /** What is in use once all garbage is collected. */
  readonly liveMb: number;
}

const HOUR_MS = 3_600_000;

function fill(memory: Memory, { agents, waiting }: Plan, now: number): void {
  for (const queue of queues) setQueue(memory, queue.id, queue);
  for (let n = 0; n < agents; n += 1) {
    const agent = anyAgent(n, now);
    setAgent(memory, agent);
    setHeld(memory, { id: `held-${String(n)}`, version: 3, channel: 'phone' }, agent.id);
  }
  const work = Array.from({ length: waiting }, (_, n) => {
    const { terms, ...item } = anyItem(`item-${String(n)}`, now - below(HOUR_MS), { agents, now });
    return { ...item, ...waitingTerms(terms), terms };
  });
  fillWaiting(memory, work);
}

const envelope = (subject: string, sequence: number, at: number) => ({
  ...{ number: 0n, id: `${subject}-${String(sequence)}`, source: '/switchboard/routing', subject, sequence },
  ...{ time: new Date(at).toISOString(), trace: { correlationId: 'bench' } },
});

const statusAfter = { WorkOffered: 'reserved', WorkAccepted: 'assigned', WorkCompleted: 'completed' } as const;

/** Only what is read of it. */
function told(
  type: keyof typeof statusAfter,
  { id, version, agentId, queueId, enqueuedAt }: Held,
  at: number,
): FeedEvent {
  const about = { queueId, enqueuedAt: new Date(enqueuedAt).toISOString(), caseId: id };
  const item = { id, version, channel: 'phone', status: statusAfter[type], ...about };
  const data = { item, reservation: { agentId } };
  return { ...envelope(id, version, at), type: `switchboard.routing.v1.${type}`, data } as unknown as FeedEvent;
}

function queued(id: string, at: number, agents: number): FeedEvent {
  const { facts, avoid, terms, enqueuedAt, ...about } = anyItem(id, at, { agents, now: at });
  const { case: caseFacts, contact: contactFacts, customer: customerFacts } = facts;
  const item = { ...about, status: 'pending', enqueuedAt: new Date(enqueuedAt).toISOString() };
  const data = { item, caseFacts, contactFacts, customerFacts, avoid, terms };
  return { ...envelope(id, 1, at), type: 'switchboard.routing.v1.WorkQueued', data } as unknown as FeedEvent;
}

interface Held {
  readonly id: string;
  readonly version: number;
  readonly agentId: string;
  readonly queueId: string;
  /** ms. */
  readonly enqueuedAt: number;
}

/** Everybody who is at work, and what was found out. */
interface Stage {
  readonly plan: Plan;
  readonly matcher: ReturnType<typeof withFigures>;
  readonly held: Held[];
  /** When who has nothing became free, ms. */
  readonly freeSince: Map<string, number>;
  readonly startAt: number;
  readonly measuredFrom: number;
  readonly latencies: number[];
  readonly runCpuMs: number[];
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
    events.push(queued(`new-${String(stage.finished)}`, Date.now(), plan.agents));
  }
  return events;
}

/** One run of the matcher, whose offers all come true. */
function matchOnce(stage: Stage, events: readonly FeedEvent[]): void {
  const { matcher, freeSince, measuredFrom } = stage;
  matcher.onEvents(events);
  const before = performance.now();
  const cpu = process.threadCpuUsage();
  const commands = matcher.run(new Date());
  const { user, system } = process.threadCpuUsage(cpu);
  const after = performance.now();
  if (before >= measuredFrom) {
    stage.longestRunMs = Math.max(stage.longestRunMs, after - before);
    stage.runCpuMs.push((user + system) / 1000);
  }
  const outcomes = commands.map(() => ({ outcome: 'done', reply: undefined }) as const);
  matcher.onOutcomes(commands, outcomes);
  const echoes = commands.flatMap((command): FeedEvent[] => {
    if (command.type !== 'offer-work') return [];
    const { workItemId: id, itemVersion, agentId, record } = command.data;
    const since = freeSince.get(agentId) ?? 0;
    freeSince.delete(agentId);
    if (since >= measuredFrom) {
      stage.offered += 1;
      stage.latencies.push(after - since);
    }
    const { queueId = '', waitedMs = 0 } = record ?? {};
    const item = { id, version: itemVersion + 2, agentId, queueId, enqueuedAt: Date.now() - waitedMs };
    stage.held.push(item);
    return [
      told('WorkOffered', { ...item, version: itemVersion + 1 }, Date.now()),
      told('WorkAccepted', item, Date.now()),
    ];
  });
  matcher.onEvents(echoes);
}

const begun = (n: number) => ({
  ...{ id: `held-${String(n)}`, version: 3, queueId: queues[0]?.id ?? '', enqueuedAt: Date.now() },
});

function liveMb(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function run(plan: Plan): Promise<Found> {
  const began = performance.now();
  const memory = createMemory();
  fill(memory, plan, Date.now());
  const startAt = performance.now();
  const measuredFrom = startAt + plan.warmUpS * 1000;
  const stage: Stage = {
    plan,
    matcher: withFigures(createMatchRun(memory, compileQueue), memory),
    held: [...memory.agents.keys()].map((agentId, n) => ({ ...begun(n), agentId })),
    ...{
      freeSince: new Map(),
      startAt,
      measuredFrom,
      latencies: [],
      runCpuMs: [],
      finished: 0,
      offered: 0,
      longestRunMs: 0,
    },
  };
  let cpu: NodeJS.CpuUsage | undefined;
  for (let now = startAt; now < measuredFrom + plan.seconds * 1000; now = performance.now()) {
    if (now >= measuredFrom) cpu ??= process.cpuUsage();
    const events = finishDue(stage, now);
    if (events.length > 0) matchOnce(stage, events);
    await sleep(1);
  }
  const used = process.cpuUsage(cpu);
  const { latencies, runCpuMs, offered, freeSince, longestRunMs } = stage;
  const rssMb = process.memoryUsage().rss / 2 ** 20;
  return {
    ...{ latencies, runCpuMs, offered, longestRunMs, idle: freeSince.size, fillMs: startAt - began },
    rssMb,
    liveMb: liveMb(),
    cpuPercent: (used.user + used.system) / 10_000 / plan.seconds,
    userMsPerOffer: used.user / 1000 / Math.max(1, offered),
  };
}

process.stdout.write(`${JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as Plan))}\n`);
