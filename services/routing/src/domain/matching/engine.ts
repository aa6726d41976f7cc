/**
 * A queue whose offers somebody else decides: the first that wait and who may serve them are asked about in rounds, one a
 * queue at a time; the run goes on meanwhile and a later one takes the answer. What the engine names is checked like
 * every proposal; what it leaves open, or says too late, the queue's own strategy decides.
 */
import type { Queue } from '../queues/queues.ts';
import type { Candidate } from './candidate.ts';
import type { AskedAgent, AskedItem, Breaker, EngineAnswer, EngineDesk, Question } from './engine-desk.ts';
import { factsOf } from './entry.ts';
import type { FallbackReason } from './record.ts';
import type { Entry } from './types.ts';

/** For the next run. */
export function noteAnswer({ rounds }: EngineDesk, queueId: string, answer: EngineAnswer): void {
  const round = rounds.get(queueId);
  if (round !== undefined) round.answer = answer;
}

/** Failures in a row before an engine is left alone, and for how long then: doubled with each further one, ms. */
const PATIENCE = 3;
const PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 60_000;

function judged({ failures }: Breaker, isHeard: boolean, now: number): Breaker {
  if (isHeard) return FRESH;
  const more = failures - PATIENCE + 1;
  const pause = more < 0 ? 0 : Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** more);
  return { failures: failures + 1, openUntil: now + pause };
}

const FRESH: Breaker = { failures: 0, openUntil: -Infinity };

/** What holds for an item of a queue with an engine, in one run. */
export type EngineTurn =
  /** It is to be asked about. */
  | { readonly say: 'ask' }
  /** It was asked about, or will be when the round that is under way has ended. */
  | { readonly say: 'wait' }
  /** The queue's own strategy decides. */
  | { readonly say: 'fallback'; readonly reason: FallbackReason };

/** What an engine decided; of the item as it was then. */
export interface Named {
  readonly workItemId: string;
  readonly version: number;
  readonly agentId: string;
}

/** Engines in one run. */
export interface EngineRun {
  /** What engines decided since the run before, in their order. */
  readonly named: readonly Named[];
  turnOf(queue: Queue, entry: Entry): EngineTurn;
  /** What it named cannot be: the queue's strategy decides. */
  refuse(workItemId: string): void;
  /** It is done as it named it. */
  settle(workItemId: string): void;
  isNamed(workItemId: string): boolean;
  /** @param most how many agents could take something: items beyond are not asked about */
  ask(queue: Queue, item: { readonly entry: Entry; readonly candidates: readonly Candidate[] }, most: number): void;
  /** The run is over: what is to be asked goes out. */
  close(): void;
}

/** Items of a round, and candidates of each. */
const MOST_ITEMS = 50;
const MOST_CANDIDATES = 20;

interface Pending {
  readonly queue: Queue;
  readonly items: { readonly entry: Entry; readonly candidates: readonly Candidate[] }[];
  isFull: boolean;
}

export function runEngines(desk: EngineDesk, now: number): EngineRun {
  const { rounds, breakers } = desk;
  const { named, open } = takeAnswers(desk, now);
  const asking = new Map<string, Pending>();
  const settled = new Set<string>();
  return {
    named,
    settle: (workItemId) => settled.add(workItemId),
    isNamed: (workItemId) => settled.has(workItemId),
    turnOf: ({ id }, entry) => {
      const reason = open.get(entry.id);
      if (reason !== undefined) return { say: 'fallback', reason };
      if (rounds.has(id) || asking.get(id)?.isFull === true) return { say: 'wait' };
      const { openUntil } = breakers.get(id) ?? FRESH;
      return now < openUntil ? { say: 'fallback', reason: 'away' } : { say: 'ask' };
    },
    refuse: (workItemId) => open.set(workItemId, 'not-eligible'),
    ask: (queue, item, most) => {
      const pending = asking.get(queue.id) ?? { queue, items: [], isFull: false };
      asking.set(queue.id, pending);
      pending.items.push(item);
      pending.isFull = pending.items.length >= Math.min(most, MOST_ITEMS);
    },
    close: () => {
      for (const { queue, items } of asking.values()) {
        if (queue.engine === undefined) continue;
        rounds.set(queue.id, { items: new Map(items.map(({ entry: { id, version } }) => [id, version])) });
        desk.questions.push({ engine: queue.engine, question: questionOf(queue, items) });
      }
    },
  };
}

/** Ends the rounds that were answered. `open`: items that were asked about and not decided. */
function takeAnswers({ rounds, breakers }: EngineDesk, now: number) {
  const named: Named[] = [];
  const open = new Map<string, FallbackReason>();
  for (const [queueId, { items, answer }] of rounds) {
    if (answer === undefined) continue;
    rounds.delete(queueId);
    const failure = 'reason' in answer ? answer.reason : undefined;
    breakers.set(queueId, judged(breakers.get(queueId) ?? FRESH, failure === undefined, now));
    for (const id of items.keys()) open.set(id, failure ?? 'not-named');
    // Items that nobody asked about are nobody's to give.
    for (const { workItemId, agentId } of 'assignments' in answer ? answer.assignments : []) {
      const version = items.get(workItemId);
      if (version !== undefined) named.push({ workItemId, version, agentId });
    }
  }
  return { named, open };
}

function questionOf({ id, version = 0 }: Queue, items: Pending['items']): Question {
  const agents = new Map<string, AskedAgent>();
  const asked = items.map(({ entry, candidates }): AskedItem => {
    const first = candidates.slice(0, MOST_CANDIDATES);
    for (const { facts, holds, idleSince } of first)
      agents.set(facts.id, { ...facts, held: holds.size, idleSince: instant(idleSince) });
    const { status: _, subject: __, ...about } = factsOf(entry).case;
    return {
      workItemId: entry.id,
      channel: entry.channel,
      priority: entry.priority,
      enqueuedAt: new Date(entry.enqueuedAt).toISOString(),
      case: about,
      customer: { id: entry.customerId, tier: entry.tier },
      candidates: first.map((agent) => agent.id),
    };
  });
  return { queueId: id, policyVersion: version, items: asked, agents: [...agents.values()] };
}

const instant = (ms: number): string | undefined => (ms === 0 ? undefined : new Date(ms).toISOString());
