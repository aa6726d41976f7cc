/**
 * What the matcher knows: pending work, agents and what they hold. Everything is set, not counted, and older versions
 * are ignored; so events that are seen twice, or that tables already showed, do no harm.
 */
import type { CapacityRules, HeldWork } from '../people/capacity.ts';
import { dutyAt } from '../people/duty.ts';
import type { Duty } from '../people/duty.ts';
import { asksOf, bringsOf } from './asks.ts';
import type { Asks, Brings } from './asks.ts';
import { createEngineDesk } from './engine.ts';
import type { EngineDesk } from './engine.ts';
import { createHistory } from './history.ts';
import type { History } from './history.ts';
import { createKinds, groupIn, isOvergrown } from './kinds.ts';
import type { Group, Kinds } from './kinds.ts';
import type { Pool } from './lanes.ts';
import { compare, enter, leave, lineUp, lineUpAll, stepOut } from './lines.ts';
import type { Line, Lines, Watch } from './lines.ts';
import { rankOf, standardRanking } from '../queues/order.ts';
import type { Ranked } from '../queues/order.ts';
import type { AbsenceSpan, CalendarSource, Preferred, WorkRules } from '../people/rules.ts';
import type { Queue } from '../queues/queues.ts';
import type { AgentFacts } from '../people/state.ts';
import type { Avoided, Facts, WorkTerms } from '../work/state.ts';
import { emptyRoster } from '../people/working-time.ts';
import type { Roster } from '../people/working-time.ts';

export interface PendingWork extends Ranked {
  readonly id: string;
  readonly version: number;
  readonly queueId: string;
  readonly channel: string;
  /** When it came to its queue, ms; absent: when it was queued at all. */
  readonly enteredAt?: number | undefined;
  /** Who is asked first, where the queue says for how long. */
  readonly preferredAgentId?: string | undefined;
  /** Queues that it was moved on from. */
  readonly passed?: readonly string[] | undefined;
  readonly avoid: readonly Avoided[];
  readonly terms?: WorkTerms | undefined;
  /** What it counts as beside its channel; absent: the case's reason. */
  readonly kind?: string | undefined;
  /** Whose it is first, until then. */
  readonly preferred?: Preferred | undefined;
  readonly facts: Facts;
}

/** Its terms as they are waited by, ms. */
export function waitingTerms(terms: WorkTerms | undefined): Partial<PendingWork> {
  if (terms === undefined) return {};
  const { enteredAt, dueAt, preferredAgentId, ageAdjustmentMs, passed } = terms;
  return {
    enteredAt: enteredAt === undefined ? undefined : Date.parse(enteredAt),
    dueAt: dueAt === undefined ? undefined : Date.parse(dueAt),
    preferredAgentId,
    ageAdjustmentMs,
    passed,
  };
}

/** A waiting item with what was found out about it. */
export interface Entry extends PendingWork {
  readonly asks: Asks;
  /** Those that requirements cannot tell apart; absent: each is by itself. */
  group: Group | undefined;
  /** Those that nothing tells apart but their place. */
  line: Line | undefined;
  /** Shared by those of a line. */
  watch: Watch;
  /** Its place among all that waits: lower is served first. */
  rank: number;
}

export interface KnownAgent extends CapacityRules {
  /** What they say about their working time. */
  readonly work?: WorkRules | undefined;
  readonly absences?: readonly AbsenceSpan[] | undefined;
  readonly id: string;
  readonly version: number;
  readonly facts: AgentFacts;
  readonly isAvailable: boolean;
  /** ms; 0 when not available. */
  readonly idleSince: number;
}

/** An item as it counts for who holds it. */
export type HeldItem = HeldWork & { readonly version: number; readonly reservationId?: string | undefined };

/** The same object for as long as they are known. */
export interface Candidate extends KnownAgent {
  /** Their place in lists of what is found out about agents. */
  readonly slot: number;
  brings: Brings;
  idleSince: number;
  /** Item -> what it counts as, and its version. */
  readonly holds: Map<string, HeldItem>;
  /** Whether they were at work when it was asked last, at `asked` (ms). */
  duty: Duty & { readonly asked: number };
  /** When the agent last became able to serve something they could not serve before. */
  opened: number;
  /** When the agent was last offered something, ms; 0: never. */
  offeredAt: number;
  /** Share of the last hours that the agent held something, as of an instant, ms. */
  worked: { readonly share: number; readonly at: number };
}

export interface Memory extends Lines {
  readonly queues: Map<string, Queue>;
  readonly agents: Map<string, Candidate>;
  /** By rank. */
  readonly waiting: Entry[];
  readonly entries: Map<string, Entry>;
  /** Item -> who holds it: of what several are asked about, each of them. */
  readonly holders: Map<string, readonly string[]>;
  /** What waits in a queue that is not there. */
  readonly strays: Set<string>;
  /** Case, or customer -> who served them last. */
  readonly served: Map<string, string>;
  /** By queue. */
  readonly kinds: Map<string, Kinds>;
  readonly history: History;
  readonly engines: EngineDesk;
  /** Agents with something that waits to wake, or had it a moment ago. */
  readonly waking: Set<Candidate>;
  /** Agents about whom something changed since `pool` was told. */
  readonly touched: Set<Candidate>;
  /** Who has room; absent: everybody is to be looked at. */
  pool: Pool | undefined;
  /** Kinds of work, and channels, that somebody weighs, or did. */
  readonly weighed: Set<string>;
  /** Counts agents. */
  slots: number;
  /** Counts openings. */
  tick: number;
  /** What working time depends on beside the agents. */
  roster: Roster;
  /** What its calendars are compiled of. */
  readonly calendars: Map<string, CalendarSource>;
}

export function createMemory(): Memory {
  return {
    queues: new Map(),
    agents: new Map(),
    waiting: [],
    entries: new Map(),
    holders: new Map(),
    strays: new Set(),
    served: new Map(),
    singles: [],
    lines: new Set(),
    kinds: new Map(),
    history: createHistory(),
    engines: createEngineDesk(),
    waking: new Set(),
    touched: new Set(),
    pool: undefined,
    weighed: new Set(),
    slots: 0,
    tick: 0,
    roster: emptyRoster,
    calendars: new Map(),
  };
}

const rankIn = ({ queues }: Memory, work: PendingWork): number =>
  rankOf(rankedOf(work), queues.get(work.queueId)?.ranking ?? standardRanking);

/** With what is known of its customer. */
export const rankedOf = ({ enqueuedAt, priority, dueAt, ageAdjustmentMs, facts }: PendingWork): Ranked => ({
  ...{ enqueuedAt, priority, dueAt, ageAdjustmentMs },
  tier: facts.customer.tier,
});

/** The newest version known of an item that waits or is held. */
export function knownVersion(memory: Memory, itemId: string): number {
  const waiting = memory.entries.get(itemId)?.version;
  if (waiting !== undefined) return waiting;
  const held = memory.holders.get(itemId)?.map((id) => memory.agents.get(id)?.holds.get(itemId)?.version ?? 0);
  return Math.max(0, ...(held ?? []));
}

export function setWaiting(memory: Memory, work: PendingWork): void {
  forgetItem(memory, work.id);
  const entry = entryOf(memory, work);
  enter(memory.waiting, entry);
  lineUp(memory, entry);
}

/** Many at once, of a memory that is being filled. */
export function fillWaiting(memory: Memory, all: readonly PendingWork[]): void {
  for (const work of all) {
    forgetItem(memory, work.id);
    memory.waiting.push(entryOf(memory, work));
  }
  memory.waiting.sort(compare);
  lineUpAll(memory);
}

function entryOf(memory: Memory, work: PendingWork): Entry {
  const entry: Entry = {
    ...work,
    kind: work.kind ?? work.facts.case.reason,
    asks: asksOf(work.facts),
    group: groupOf(memory, work),
    line: undefined,
    watch: { seen: 0, stage: 0 },
    rank: rankIn(memory, work),
  };
  memory.entries.set(entry.id, entry);
  if (!memory.queues.has(entry.queueId)) memory.strays.add(entry.id);
  return entry;
}

/** The agent holds it, beside who else is asked about it. */
export function setHeld(memory: Memory, item: HeldItem & { readonly id: string }, agentId: string, at?: number): void {
  const { id } = item;
  const agent = memory.agents.get(agentId);
  forgetWaiting(memory, id);
  if (agent === undefined) return;
  if (at !== undefined) noteWork(agent, at);
  const { channel, kind, activity, version, reservationId } = item;
  const before = agent.holds.get(id);
  // What changes what it does stands behind the others, as on the desk.
  if (before?.activity !== activity) agent.holds.delete(id);
  agent.holds.set(id, { channel, kind, activity, version, reservationId: reservationId ?? before?.reservationId });
  if (activity === 'waking') memory.waking.add(agent);
  memory.touched.add(agent);
  if (activity === 'paused' || before?.activity === 'waking') open(memory, agent);
  const holders = memory.holders.get(id) ?? [];
  if (!holders.includes(agentId)) memory.holders.set(id, [...holders, agentId]);
}

/** The item neither waits nor is held; since `at`, ms, where that is known. */
export function forgetItem(memory: Memory, id: string, at?: number): void {
  forgetWaiting(memory, id);
  const holders = memory.holders.get(id) ?? [];
  memory.holders.delete(id);
  for (const agentId of holders) letGo(memory, id, { agentId, at });
}

function forgetWaiting(memory: Memory, id: string): void {
  const entry = memory.entries.get(id);
  if (entry === undefined) return;
  leave(memory.waiting, entry);
  stepOut(memory, entry);
  memory.entries.delete(id);
  memory.strays.delete(id);
}

interface Leaving {
  readonly agentId: string;
  readonly at?: number | undefined;
}

function letGo(memory: Memory, id: string, { agentId, at }: Leaving): void {
  const holder = memory.agents.get(agentId);
  if (holder !== undefined && at !== undefined) noteWork(holder, at);
  if (holder?.holds.delete(id) === true) open(memory, holder);
}

/** One of those who are asked about it is asked no more; the others know the item by its version from here on. */
export function dropHolder(
  memory: Memory,
  { id, version }: Pick<PendingWork, 'id' | 'version'>,
  leaving: Leaving,
): void {
  const left = (memory.holders.get(id) ?? []).filter((agentId) => agentId !== leaving.agentId);
  if (left.length === 0) memory.holders.delete(id);
  else memory.holders.set(id, left);
  letGo(memory, id, leaving);
  for (const agentId of left) {
    const holds = memory.agents.get(agentId)?.holds;
    const held = holds?.get(id);
    if (held !== undefined && held.version < version) holds?.set(id, { ...held, version });
  }
}

/** A new agent, or a newer version; what they hold stays. */
export function setAgent(memory: Memory, agent: KnownAgent): void {
  const known = memory.agents.get(agent.id);
  if (known !== undefined && known.version >= agent.version) return;
  const changes = { ...agent, brings: bringsOf(agent.facts), opened: 0, duty: unasked };
  const candidate: Candidate =
    known === undefined
      ? { ...changes, slot: memory.slots, holds: new Map(), offeredAt: 0, worked: { share: 0, at: 0 } }
      : Object.assign(known, absent, changes);
  if (known === undefined) memory.slots += 1;
  memory.agents.set(agent.id, candidate);
  noteWeights(memory, agent);
  open(memory, candidate);
}

/** What a newer version may say no more. */
const absent: Partial<KnownAgent> = {
  ...{ units: undefined, weights: undefined, interrupts: undefined, work: undefined, absences: undefined },
};

/** Work that somebody weighs has a lane of its own. */
function noteWeights(memory: Memory, { weights = {} }: KnownAgent): void {
  const added = Object.keys(weights).filter((name) => !memory.weighed.has(name));
  if (added.length === 0) return;
  for (const name of added) memory.weighed.add(name);
  memory.pool = undefined;
  lineUpAll(memory);
}

export function removeAgent(memory: Memory, id: string): void {
  const agent = memory.agents.get(id);
  if (agent === undefined) return;
  for (const item of [...agent.holds.keys()]) dropHolder(memory, { id: item, version: 0 }, { agentId: id });
  memory.agents.delete(id);
  memory.touched.add(agent);
}

/** They took or finished something: the longest idle comes first next time. */
export function setIdleSince(memory: Memory, agentId: string, at: number): void {
  const agent = memory.agents.get(agentId);
  if (agent === undefined || !agent.isAvailable || at <= agent.idleSince) return;
  agent.idleSince = at;
  memory.touched.add(agent);
}

/** `undefined` removes it. Its items are ranked and looked at afresh. */
export function setQueue(memory: Memory, id: string, queue: Queue | undefined): void {
  if (queue === undefined) memory.queues.delete(id);
  else memory.queues.set(id, queue);
  memory.kinds.delete(id);
  for (const entry of memory.waiting) {
    if (entry.queueId !== id) continue;
    if (queue === undefined) memory.strays.add(entry.id);
    else memory.strays.delete(entry.id);
    entry.group = groupOf(memory, entry);
    entry.rank = rankIn(memory, entry);
  }
  memory.waiting.sort(compare);
  lineUpAll(memory);
}

function groupOf(memory: Memory, { queueId, facts, terms }: PendingWork): Group | undefined {
  const queue = memory.queues.get(queueId);
  // What asks for more than its queue does is of no kind.
  if (queue === undefined || terms?.requirements !== undefined || terms?.team !== undefined) return undefined;
  const known = memory.kinds.get(queueId);
  const kinds = known === undefined || isOvergrown(known) ? createKinds() : known;
  memory.kinds.set(queueId, kinds);
  return groupIn(kinds, queue, facts);
}

/** How many of the newest are remembered. */
const MOST_SERVED = 100_000;

/** Who served a case, and its customer, last. */
export function setServed(memory: Memory, agentId: string, ids: readonly (string | undefined)[]): void {
  for (const id of ids) {
    if (id === undefined) continue;
    memory.served.delete(id);
    memory.served.set(id, agentId);
  }
  for (const id of memory.served.keys()) {
    if (memory.served.size <= MOST_SERVED) break;
    memory.served.delete(id);
  }
}

export function setOfferedAt(memory: Memory, agentId: string, at: number): void {
  const agent = memory.agents.get(agentId);
  if (agent !== undefined && at > agent.offeredAt) agent.offeredAt = at;
}

/** What lies so far back counts a third as much (1/e), ms. */
const REMEMBERED_MS = 4 * 3_600_000;

/** Share of the last hours that an agent held something, what is longer ago counting less. */
export function workedShare({ worked, holds }: Candidate, at: number): number {
  const kept = Math.exp(-Math.max(0, at - worked.at) / REMEMBERED_MS);
  return worked.share * kept + (holds.size > 0 ? 1 - kept : 0);
}

/** To be called before what the agent holds changes. */
export function noteWork(agent: Candidate, at: number): void {
  if (at > agent.worked.at) agent.worked = { share: agent.worked.at === 0 ? 0 : workedShare(agent, at), at };
}

const unasked: Candidate['duty'] = { on: false, until: -Infinity, asked: Infinity };

/** Teams or calendars changed: everybody is asked again whether they are at work. */
export function setRoster(memory: Memory, roster: Roster): void {
  memory.roster = roster;
  for (const agent of memory.agents.values()) agent.duty = { ...agent.duty, until: -Infinity };
  memory.pool = undefined;
}

/** Whether an agent takes offers at an instant, ms. Who comes to work opens. */
export function takesOffers(memory: Memory, agent: Candidate, now: number): boolean {
  if (!agent.isAvailable) return false;
  const { duty, work = {}, facts, absences } = agent;
  if (now < duty.asked || now >= duty.until) {
    agent.duty = { ...dutyAt({ ...work, team: facts.team, absences }, memory.roster, now), asked: now };
    if (!duty.on && agent.duty.on) open(memory, agent);
  }
  return agent.duty.on;
}

function open(memory: Memory, agent: Candidate): void {
  memory.tick += 1;
  agent.opened = memory.tick;
  memory.touched.add(agent);
}
