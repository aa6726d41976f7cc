/**
 * What the matcher knows: pending work, agents and what they hold. Everything is set, not counted, and older versions
 * are ignored; so events that are seen twice, or that tables already showed, do no harm.
 */
import type { CapacityRules, HeldWork } from '../capacity.ts';
import { rankOf, standardRanking } from '../order.ts';
import type { Ranked } from '../order.ts';
import type { Queue } from '../queues.ts';
import type { AgentFacts, Avoided, Facts } from '../state.ts';

export interface PendingWork extends Ranked {
  readonly id: string;
  readonly version: number;
  readonly queueId: string;
  readonly channel: string;
  /** When it came to its queue, ms; absent: when it was queued at all. */
  readonly enteredAt?: number | undefined;
  /** Who is asked first, where the queue says for how long. */
  readonly preferredAgentId?: string | undefined;
  readonly avoid: readonly Avoided[];
  readonly facts: Facts;
}

/** A waiting item with what was found out about it. */
export interface Entry extends PendingWork {
  /** No agent who opened up to this tick can serve it, however free. */
  seen: number;
  /** Of the step at which that was found out. */
  stage: number;
  /** Its place among all that waits: lower is served first. */
  rank: number;
}

export interface KnownAgent extends CapacityRules {
  readonly id: string;
  readonly version: number;
  readonly facts: AgentFacts;
  readonly isAvailable: boolean;
  /** ms; 0 when not available. */
  readonly idleSince: number;
}

export interface Candidate extends KnownAgent {
  /** Item -> what it counts as, and its version. */
  readonly holds: Map<string, HeldWork & { readonly version: number }>;
  /** When the agent last became able to serve something they could not serve before. */
  opened: number;
}

export interface Memory {
  readonly queues: Map<string, Queue>;
  readonly agents: Map<string, Candidate>;
  /** By rank. */
  readonly waiting: Entry[];
  readonly entries: Map<string, Entry>;
  /** Item -> who holds it. */
  readonly holders: Map<string, string>;
  /** Counts openings. */
  tick: number;
}

export function createMemory(): Memory {
  return { queues: new Map(), agents: new Map(), waiting: [], entries: new Map(), holders: new Map(), tick: 0 };
}

const compare = (a: Entry, b: Entry): number =>
  a.rank - b.rank || a.enqueuedAt - b.enqueuedAt || (a.id < b.id ? -1 : Number(a.id > b.id));

const rankIn = ({ queues }: Memory, work: PendingWork): number =>
  rankOf(work, queues.get(work.queueId)?.ranking ?? standardRanking);

/** Where an item stands, or belongs. */
function placeOf(waiting: readonly Entry[], work: Entry): number {
  let low = 0;
  let high = waiting.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = waiting[middle];
    if (there !== undefined && compare(there, work) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The newest version known of an item that waits or is held. */
export function knownVersion(memory: Memory, itemId: string): number {
  const holder = memory.agents.get(memory.holders.get(itemId) ?? '');
  return memory.entries.get(itemId)?.version ?? holder?.holds.get(itemId)?.version ?? 0;
}

export function setWaiting(memory: Memory, work: PendingWork): void {
  forgetItem(memory, work.id);
  const entry: Entry = { ...work, seen: 0, stage: 0, rank: rankIn(memory, work) };
  memory.waiting.splice(placeOf(memory.waiting, entry), 0, entry);
  memory.entries.set(entry.id, entry);
}

export function setHeld(
  memory: Memory,
  { id, version, channel }: { readonly id: string; readonly version: number; readonly channel: string },
  agentId: string,
): void {
  const agent = memory.agents.get(agentId);
  if (memory.holders.get(id) !== agentId) forgetItem(memory, id);
  if (agent === undefined) return;
  agent.holds.set(id, { channel, version });
  memory.holders.set(id, agentId);
}

/** The item neither waits nor is held. */
export function forgetItem(memory: Memory, id: string): void {
  const entry = memory.entries.get(id);
  if (entry !== undefined) {
    memory.waiting.splice(placeOf(memory.waiting, entry), 1);
    memory.entries.delete(id);
  }
  const holder = memory.agents.get(memory.holders.get(id) ?? '');
  memory.holders.delete(id);
  if (holder?.holds.delete(id) === true) open(memory, holder);
}

/** A new agent, or a newer version; what they hold stays. */
export function setAgent(memory: Memory, agent: KnownAgent): void {
  const known = memory.agents.get(agent.id);
  if (known !== undefined && known.version >= agent.version) return;
  const candidate: Candidate = { ...agent, holds: known?.holds ?? new Map<string, never>(), opened: 0 };
  memory.agents.set(agent.id, candidate);
  open(memory, candidate);
}

export function removeAgent(memory: Memory, id: string): void {
  for (const item of memory.agents.get(id)?.holds.keys() ?? []) memory.holders.delete(item);
  memory.agents.delete(id);
}

/** They took or finished something: the longest idle comes first next time. */
export function setIdleSince(memory: Memory, agentId: string, at: number): void {
  const agent = memory.agents.get(agentId);
  if (agent !== undefined && agent.isAvailable && at > agent.idleSince)
    memory.agents.set(agentId, { ...agent, idleSince: at });
}

/** `undefined` removes it. Its items are ranked and looked at afresh. */
export function setQueue(memory: Memory, id: string, queue: Queue | undefined): void {
  if (queue === undefined) memory.queues.delete(id);
  else memory.queues.set(id, queue);
  for (const entry of memory.waiting) {
    if (entry.queueId !== id) continue;
    entry.seen = 0;
    entry.rank = rankIn(memory, entry);
  }
  memory.waiting.sort(compare);
}

function open(memory: Memory, agent: Candidate): void {
  memory.tick += 1;
  agent.opened = memory.tick;
}
