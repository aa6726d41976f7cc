/**
 * Where each item stands to have its turn. In a line of items that nothing tells apart but their place: where nobody can
 * serve the first, nobody can serve the others. In a loose line: nobody has to be asked about them who cannot serve their
 * kind, but each has a word of its own as well (who refused it, whose it is). Among the singles, of which nothing is known.
 * Or nowhere: it is not offered for now, or leaves for another queue. Where time alone changes that, it is known beforehand
 * when; so a run looks at the heads of lines and at what turns, not at every item.
 */
import type { Work } from '../people/capacity.ts';
import type { Queue } from '../queues/queues.ts';
import { stepOf } from '../queues/steps.ts';
import type { Admission, Live, Step } from '../queues/steps.ts';
import { createAgenda } from './agenda.ts';
import type { Agenda } from './agenda.ts';
import type { Entry } from './entry.ts';
import { verdictsOf } from './kinds.ts';
import type { Group } from './kinds.ts';
import type { Memory } from './memory.ts';
import { narrowed } from '../work/work-terms.ts';
import { clear, createShelf, enter, firstOf, leave } from './shelf.ts';
import type { Shelf } from './shelf.ts';

/** What was found out about items. */
export interface Watch {
  /** No agent who opened up to this tick can serve them, however free. */
  seen: number;
  /** Of the step at which that was found out. */
  stage: number;
  /** What was asked of agents then; absent: nothing, or it was not looked at yet. */
  serves?: Admission | undefined;
}

/** Items of one kind in one queue, at one step of it, served from one lane. */
export interface Line extends Watch {
  readonly key: string;
  /** From which it is served. */
  readonly lane: string;
  readonly group: Group;
  readonly shelf: Shelf;
  readonly isLoose: boolean;
  /** Class of agents -> whether they may serve it; absent: nobody asked. */
  readonly verdicts: readonly (boolean | undefined)[];
}

export interface Lines {
  readonly singles: Shelf;
  /** Who stands first in each line. */
  readonly heads: Shelf;
  /** Sorts of work that wait, or did, by the lanes they are served from. */
  readonly sorts: Map<string, Work>;
  /** What is to wait in another queue. */
  readonly leaving: Shelf;
  /** Where they stand is to be found out. */
  readonly newcomers: Set<Entry>;
  /** Whose place time changes, and when; some of them have left since. */
  turning: Agenda<Entry>;
  /** As of when all stand where they should, ms. */
  stoodAt: number;
}

export const createLines = (): Lines => ({
  singles: createShelf(),
  heads: createShelf(),
  sorts: new Map(),
  leaving: createShelf(),
  newcomers: new Set(),
  turning: createAgenda(),
  stoodAt: -Infinity,
});

/** Kinds of work that nobody weighs are served from the lane of their channel. */
export function laneKeyOf({ weighed }: Memory, { channel, kind }: Work): string {
  return kind !== undefined && weighed.has(kind) ? `${channel} ${kind}` : channel;
}

/** As its lane looks at it. */
export const sortOf = (key: string, { channel, kind }: Work): Work =>
  key === channel ? { channel } : { channel, kind };

export function stepOut(lines: Lines, entry: Entry): void {
  const { line, shelf } = entry;
  lines.newcomers.delete(entry);
  entry.line = undefined;
  entry.shelf = undefined;
  if (shelf === undefined) return;
  const first = firstOf(shelf);
  leave(shelf, entry);
  if (line !== undefined) noteHead(lines, line, first);
}

/** `was`: who stood first before somebody entered or left. */
function noteHead({ heads }: Lines, { shelf, group, key }: Line, was: Entry | undefined): void {
  const first = firstOf(shelf);
  // Kinds may be many, and most of them come once.
  if (first === undefined) group.lines.delete(key);
  if (first === was) return;
  if (was !== undefined) leave(heads, was);
  if (first !== undefined) enter(heads, first);
}

/** All again: a queue has changed, or what tells lanes apart. */
export function lineUpAll(memory: Memory): void {
  clear(memory.singles);
  clear(memory.leaving);
  clear(memory.heads);
  memory.sorts.clear();
  memory.turning = createAgenda();
  for (const entry of memory.entries.values()) {
    Object.assign(entry, { watch: { seen: 0, stage: 0 }, line: undefined, shelf: undefined, turnsAt: Infinity });
    entry.group?.lines.clear();
    memory.newcomers.add(entry);
  }
}

/** A clock may be put back by so much: who turned too early by that is looked at again anyway, ms. */
const JITTER_MS = 1000;

/** From here on all stand where they should. `now` in ms. */
export function standAll(memory: Memory, now: number, live: Live): void {
  if (now < memory.stoodAt - JITTER_MS) lineUpAll(memory);
  memory.stoodAt = now;
  const { turning } = memory;
  const due: Entry[] = [];
  while (turning.next() <= now) for (const { act } of turning.take()) due.push(act);
  for (const entry of due) {
    if (memory.entries.get(entry.id) !== entry || entry.turnsAt > now) continue;
    stepOut(memory, entry);
    stand(memory, entry, { now, live });
  }
  for (const entry of memory.newcomers) stand(memory, entry, { now, live });
  memory.newcomers.clear();
  if (turning.size() > 2 * memory.entries.size + MANY) forgetGone(memory);
}

const MANY = 1000;

/** Those who have left are not kept until their time would have come. */
function forgetGone(memory: Memory): void {
  memory.turning = createAgenda();
  for (const entry of memory.entries.values()) if (entry.turnsAt < Infinity) memory.turning.add(entry.turnsAt, entry);
}

interface Moment {
  readonly now: number;
  readonly live: Live;
}

function stand(memory: Memory, entry: Entry, moment: Moment): void {
  const queue = memory.queues.get(entry.queueId);
  // What waits in a queue that is not there is found among the strays.
  if (queue === undefined) return;
  const { where, until } = isJudged(queue) ? alone : standingOf(queue, entry, moment);
  entry.turnsAt = Math.max(until, moment.now + 1);
  if (until < Infinity) memory.turning.add(entry.turnsAt, entry);
  if (where === 'nowhere') return;
  const lane = laneKeyOf(memory, entry);
  if (!memory.sorts.has(lane)) memory.sorts.set(lane, sortOf(lane, entry));
  const line = typeof where === 'string' ? undefined : lineIn(memory, lane, where);
  entry.line = line;
  entry.watch = line?.isLoose === false ? line : { seen: 0, stage: 0 };
  entry.shelf = line?.shelf ?? (where === 'leaving' ? memory.leaving : memory.singles);
  const first = firstOf(entry.shelf);
  enter(entry.shelf, entry);
  if (line !== undefined) noteHead(memory, line, first);
}

interface Standing {
  readonly where: 'alone' | 'leaving' | 'nowhere' | Spot;
  /** ms. */
  readonly until: number;
}

const alone: Standing = { where: 'alone', until: Infinity };

/** How others stand may change the step of its items at any moment. */
export const isJudged = ({ targets, opening }: Queue): boolean =>
  opening !== undefined ||
  targets?.some(({ skipIf, overflow }) => skipIf !== undefined || overflow?.while !== undefined) === true;

function standingOf(queue: Queue, entry: Entry, { now, live }: Moment): Standing {
  const step = stepOf(queue, entry, now, live);
  const until = turnOf(queue, entry, step, now);
  if (step.moveTo !== undefined) return { where: 'leaving', until };
  const narrow = narrowed(step, entry.terms, now);
  if (narrow === undefined || narrow.hold !== undefined) return { where: 'nowhere', until };
  const { group } = entry;
  if (group === undefined) return { where: 'alone', until };
  const { stage, serves } = narrow;
  return { where: { group, stage, serves, isLoose: hasOwnWord(queue, entry, now) }, until };
}

/** When time alone takes it to another step, ms. */
function turnOf({ stale, schedule }: Queue, { enqueuedAt, terms, preferred }: Entry, step: Step, now: number): number {
  const times = [
    step.until,
    schedule?.openingAt(now).until,
    stale && enqueuedAt + stale.afterMs,
    msOf(terms?.offerFrom),
    msOf(terms?.owner?.until),
    msOf(preferred?.until),
  ];
  return times.reduce<number>((next, at = Infinity) => (at > now ? Math.min(next, at) : next), Infinity);
}

const msOf = (time: string | undefined): number | undefined => (time === undefined ? undefined : Date.parse(time));

/** Somebody in particular is asked first, last or alone. */
function hasOwnWord({ targets }: Queue, entry: Entry, now: number): boolean {
  const { avoid, preferred, preferredAgentId, terms } = entry;
  const owned = terms?.owner !== undefined && now < (msOf(terms.owner.until) ?? Infinity);
  if (avoid.length > 0 || owned || (preferred !== undefined && now < Date.parse(preferred.until))) return true;
  return preferredAgentId !== undefined && targets?.some(({ preferredMs }) => preferredMs > 0) === true;
}

interface Spot extends Pick<Step, 'stage' | 'serves'> {
  readonly group: Group;
  readonly isLoose: boolean;
}

function lineIn(memory: Memory, lane: string, { group, stage, serves, isLoose }: Spot): Line {
  const key = `${lane} ${String(stage)}${isLoose ? ' loose' : ''}`;
  const known = group.lines.get(key);
  if (known !== undefined) return known;
  const verdicts = serves === undefined ? [] : verdictsOf(group.verdicts, serves);
  const line: Line = { key, lane, group, shelf: createShelf(), isLoose, verdicts, seen: 0, stage, serves };
  group.lines.set(key, line);
  return line;
}
