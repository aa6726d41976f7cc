/**
 * What waits, in order: all of it by rank, and in lines of items that nothing tells apart but their place. Where nobody
 * can serve the first of a line, nobody can serve the others; so a run looks at the heads of lines, not at every item.
 */
import type { Work } from '../people/capacity.ts';
import type { Queue } from '../queues/queues.ts';
import type { Admission } from '../queues/steps.ts';
import type { Entry, Memory } from './memory.ts';

/** What was found out about items. */
export interface Watch {
  /** No agent who opened up to this tick can serve them, however free. */
  seen: number;
  /** Of the step at which that was found out. */
  stage: number;
  /** What was asked of agents then; absent: nothing, or it was not looked at yet. */
  serves?: Admission | undefined;
}

/** Items of one kind in one queue, served from one lane, that ask for nothing of their own. By rank. */
export interface Line extends Watch {
  readonly entries: Entry[];
}

/** Items that are looked at one by one, by rank; and lines that are not empty. */
export interface Lines {
  readonly singles: Entry[];
  readonly lines: Set<Line>;
}

export const compare = (a: Entry, b: Entry): number =>
  a.rank - b.rank || a.enqueuedAt - b.enqueuedAt || (a.id < b.id ? -1 : Number(a.id > b.id));

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

export function enter(entries: Entry[], entry: Entry): void {
  entries.splice(placeOf(entries, entry), 0, entry);
}

export function leave(entries: Entry[], entry: Entry): void {
  const at = placeOf(entries, entry);
  if (entries[at] === entry) entries.splice(at, 1);
}

/** Kinds of work that nobody weighs are served from the lane of their channel. */
export function laneKeyOf({ weighed }: Memory, { channel, kind }: Work): string {
  return kind !== undefined && weighed.has(kind) ? `${channel} ${kind}` : channel;
}

/** Puts an item where the matcher finds it. What waits in a queue that is not there is not found. */
export function lineUp(memory: Memory, entry: Entry, add: (entries: Entry[], entry: Entry) => void = enter): void {
  const queue = memory.queues.get(entry.queueId);
  if (queue === undefined) return;
  const line = lineOf(memory, queue, entry);
  entry.line = line;
  if (line === undefined) {
    add(memory.singles, entry);
    return;
  }
  entry.watch = line;
  add(line.entries, entry);
  memory.lines.add(line);
}

export function stepOut(memory: Memory, entry: Entry): void {
  const { line } = entry;
  leave(line?.entries ?? memory.singles, entry);
  if (line?.entries.length === 0) memory.lines.delete(line);
}

/** All again: a queue has changed, or what tells lanes apart. */
export function lineUpAll(memory: Memory): void {
  memory.singles.length = 0;
  memory.lines.clear();
  for (const entry of memory.waiting) {
    entry.watch = { seen: 0, stage: 0 };
    entry.line = undefined;
    entry.group?.lines.clear();
  }
  for (const entry of memory.waiting) lineUp(memory, entry, (entries, one) => entries.push(one));
}

/** Who may serve its items is no question of time. */
const isSteady = ({ targets, schedule, stale }: Queue): boolean =>
  targets === undefined && schedule === undefined && stale === undefined;

function lineOf(memory: Memory, queue: Queue, entry: Entry): Line | undefined {
  const { group, avoid, preferred, terms } = entry;
  const asksMore = terms?.offerFrom !== undefined || terms?.owner !== undefined;
  if (group === undefined || avoid.length > 0 || preferred !== undefined || asksMore || !isSteady(queue))
    return undefined;
  const key = laneKeyOf(memory, entry);
  const known = group.lines.get(key);
  if (known !== undefined) return known;
  const line: Line = { entries: [], seen: 0, stage: 0 };
  group.lines.set(key, line);
  return line;
}

/** Items by rank, as far as there may be somebody for them. */
export interface Turns {
  next(): Entry | undefined;
  /** There is nobody left for the one that was last, nor for those like it. */
  giveUp(): void;
}

interface Head {
  readonly entries: readonly Entry[];
  readonly line: Line | undefined;
  at: number;
  first: Entry;
}

/** @param isOpen whether somebody has room who was not asked yet, for the items of a line */
export function turnsOf({ singles, lines }: Lines, isOpen: (line: Line, first: Entry) => boolean): Turns {
  const heads: Head[] = [];
  const add = (entries: readonly Entry[], line?: Line): void => {
    const [first] = entries;
    if (first !== undefined && (line === undefined || isOpen(line, first))) heads.push({ entries, line, at: 0, first });
  };
  add(singles);
  for (const line of lines) add(line.entries, line);
  for (let at = (heads.length >>> 1) - 1; at >= 0; at -= 1) sink(heads, at);
  let last: Head | undefined;
  let isOver = false;
  const moveOn = (head: Head): void => {
    head.at += 1;
    const following = isOver ? undefined : head.entries[head.at];
    if (following !== undefined && (head.line === undefined || isOpen(head.line, following))) head.first = following;
    else {
      const end = heads.pop();
      if (end !== undefined && end !== head) heads[0] = end;
    }
    sink(heads, 0);
  };
  return {
    next: () => {
      if (last !== undefined) moveOn(last);
      isOver = false;
      last = heads[0];
      return last?.first;
    },
    giveUp: () => {
      isOver = last?.line !== undefined;
    },
  };
}

/** Restores the order of a heap whose entry at `at` may come later than those below it. */
function sink(heads: Head[], at: number): void {
  const head = heads[at];
  if (head === undefined) return;
  let place = at;
  for (let below = 2 * place + 1; below < heads.length; below = 2 * place + 1) {
    const [left, right] = [heads[below], heads[below + 1]];
    const isRight = left !== undefined && right !== undefined && compare(right.first, left.first) < 0;
    const child = isRight ? right : left;
    if (child === undefined || compare(head.first, child.first) <= 0) break;
    heads[place] = child;
    place = isRight ? below + 1 : below;
  }
  heads[place] = head;
}
