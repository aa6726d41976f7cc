/** Items in the matcher's memory: those that wait, in the order in which they do, and those that agents hold. */
import { alikeBeside } from '../queues/alike.ts';
import type { Alike } from '../queues/alike.ts';
import { rankOf, standardRanking } from '../queues/order.ts';
import type { Queue } from '../queues/queues.ts';
import type { Facts, WorkTerms } from '../work/state.ts';
import { noteCame, noteLeft } from './ages.ts';
import { noteWork } from './candidate.ts';
import type { HeldItem } from './candidate.ts';
import { entryOf, factsOf } from './entry.ts';
import { createClasses, createKinds, groupIn, isOvergrown } from './kinds.ts';
import { lineUpAll, stepOut } from './lines.ts';
import { forgetFigures, open } from './memory.ts';
import type { Entry, Group, Kinds, Memory, PendingWork } from './types.ts';
import { allOf, enter, leave, refill } from './shelf.ts';

/** The newest version known of an item that waits or is held. */
export function knownVersion(memory: Memory, itemId: string): number {
  const waiting = memory.entries.get(itemId)?.version;
  if (waiting !== undefined) return waiting;
  const held = memory.holders.get(itemId)?.map((id) => memory.agents.get(id)?.holds.get(itemId)?.version ?? 0);
  return Math.max(0, ...(held ?? []));
}

export function setWaiting(memory: Memory, work: PendingWork): void {
  forgetItem(memory, work.id);
  enter(memory.waiting, known(memory, work));
}

/** Many at once, of a memory that is being filled. */
export function fillWaiting(memory: Memory, all: readonly PendingWork[]): void {
  for (const work of all) {
    forgetItem(memory, work.id);
    known(memory, work);
  }
  refill(memory.waiting, [...memory.entries.values()]);
}

function known(memory: Memory, work: PendingWork): Entry {
  const queue = memory.queues.get(work.queueId);
  const entry = entryOf(work, queue?.ranking);
  entry.group = groupOf(memory, work, work.facts);
  memory.entries.set(entry.id, entry);
  memory.newcomers.add(entry);
  noteCame(memory, entry);
  if (queue === undefined) memory.strays.add(entry.id);
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
  noteLeft(memory, entry);
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

/** `undefined` removes it. Its items are ranked and looked at afresh. */
export function setQueue(memory: Memory, id: string, queue: Queue | undefined): void {
  if (queue === undefined) memory.queues.delete(id);
  else memory.queues.set(id, queue);
  memory.kinds.delete(id);
  forgetFigures(memory);
  if (memory.entries.size === 0) return;
  for (const entry of allOf(memory.waiting)) {
    if (entry.queueId !== id) continue;
    if (queue === undefined) memory.strays.add(entry.id);
    else memory.strays.delete(entry.id);
    entry.group = groupOf(memory, entry, factsOf(entry));
    entry.rank = rankOf(entry, queue?.ranking ?? standardRanking);
  }
  refill(memory.waiting, [...memory.entries.values()]);
  lineUpAll(memory);
}

/** What items of a queue ask for beside it, as far as it is told apart: what more asks for is looked at one by one. */
const MOST_TERMS = 200;

function groupOf(
  memory: Memory,
  { queueId, terms }: Pick<PendingWork, 'queueId' | 'terms'>,
  facts: Facts,
): Group | undefined {
  const queue = memory.queues.get(queueId);
  if (queue?.kindOf === undefined) return undefined;
  const asked = askedIn(terms);
  const own = memory.kinds.get(queueId) ?? new Map<string, Kinds>();
  memory.kinds.set(queueId, own);
  const before = own.get(asked);
  if (before === undefined && own.size >= MOST_TERMS) return undefined;
  const isNew = before === undefined || isOvergrown(before.classes);
  const kinds = isNew
    ? kindsOf(memory, terms === undefined || asked === '' ? queue : alikeBeside(queue, terms))
    : before;
  if (isNew) own.set(asked, kinds);
  return groupIn(kinds, facts);
}

/** More ways in which agents are told apart are not remembered. */
const MOST_WAYS = 200;

function kindsOf({ classesBy }: Memory, { kindOf, looksAt }: Alike): Kinds {
  const name = JSON.stringify(looksAt ?? null);
  const known = classesBy.get(name);
  const isNew = known === undefined || isOvergrown(known);
  const classes = isNew ? createClasses(looksAt) : known;
  if (classesBy.size > MOST_WAYS) classesBy.clear();
  if (isNew) classesBy.set(name, classes);
  return createKinds(kindOf, classes);
}

const askedIn = ({ requirements, team }: WorkTerms = {}): string =>
  requirements === undefined && team === undefined ? '' : `${team ?? ''}\n${requirements ?? ''}`;
