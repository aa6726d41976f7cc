/**
 * Where each item stands to have its turn. In a line of items that nothing tells apart but their place: where nobody can
 * serve the first, nobody can serve the others. In a loose line: nobody has to be asked about them who cannot serve their
 * kind, but each has a word of its own as well (who refused it, whose it is). Among the singles, of which nothing is known.
 * Or nowhere: it is not offered for now, or leaves for another queue. Where time alone changes that, it is known beforehand
 * when; so a run looks at the heads of lines and at what turns, not at every item. What figures change (`skipIf`,
 * `overflow.if`, `opening`) they change for all in a line alike: they are asked for its head.
 */
import type { Work } from '../people/capacity.ts';
import type { Queue } from '../queues/queues.ts';
import { hasCondition, reachedAt, staleAt, stepOf } from '../queues/steps.ts';
import type { Admission, Live, Step } from '../queues/steps.ts';
import { createAgenda } from './agenda.ts';
import { verdictsOf } from './kinds.ts';
import { narrowed } from '../work/work-terms.ts';
import { clear, createShelf, enter, firstOf, leave } from './shelf.ts';
import type { Entry, Group, Line, Lines, Memory } from './types.ts';

export const createLines = (): Lines => ({
  singles: createShelf(),
  heads: createShelf(),
  judged: new Map(),
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
function noteHead({ heads, judged }: Lines, line: Line, was: Entry | undefined): void {
  const { group, key, judgedIn } = line;
  const first = firstOf(line.shelf);
  // Kinds may be many, and most of them come once.
  if (first === undefined) {
    group.lines.delete(key);
    if (judgedIn !== undefined) judged.get(judgedIn)?.delete(line);
  }
  if (first === was) return;
  if (was !== undefined) leave(heads, was);
  if (first !== undefined) enter(heads, first);
}

/** All again: a queue has changed, or what tells lanes apart. */
export function lineUpAll(memory: Memory): void {
  clear(memory.singles);
  clear(memory.leaving);
  clear(memory.heads);
  memory.judged.clear();
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
  const { where, until } = isJudged(queue) ? judgedStanding(queue, entry, moment) : standingOf(queue, entry, moment);
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

/** How others stand may change the step of its items at any moment. */
export const isJudged = ({ targets, opening }: Queue): boolean =>
  opening !== undefined || targets?.some(hasCondition) === true;

/** As if no figure stood in the way, and everybody were there. */
const UNDECIDED = { isPassedOver: () => false, isAvailable: () => true, availableIn: () => Infinity };

/**
 * Where figures decide the step, those stand together for whom they decide alike: who came to the same target, by the same
 * way. Each run asks for who stands first; what time alone does is known beforehand, as elsewhere.
 */
function judgedStanding(queue: Queue, entry: Entry, { now, live }: Moment): Standing {
  const step = stepOf(queue, entry, now, { ...live, ...UNDECIDED });
  const until = turnOf(queue, entry, step, now);
  if (step.hold !== undefined) return { where: 'nowhere', until };
  if (step.moveTo !== undefined && step.moveTo.reason !== 'overflow') return { where: 'leaving', until };
  const { group, passed = [] } = entry;
  if (group === undefined) return { where: 'alone', until };
  const narrow = narrowed(step, entry.terms, now);
  const isLater = narrow === undefined;
  const way = `by ${String(reachedAt(queue, entry, now))} ${passed.join(' ')}`;
  const judged = { queueId: queue.id, way };
  const { stage } = step;
  const spot = { group, stage, serves: narrow?.serves, isLoose: isLater || hasOwnWord(queue, entry, now) };
  return { where: { ...spot, isLater, judged }, until };
}

function standingOf(queue: Queue, entry: Entry, { now, live }: Moment): Standing {
  const step = stepOf(queue, entry, now, live);
  const until = turnOf(queue, entry, step, now);
  if (step.moveTo !== undefined) return { where: 'leaving', until };
  const narrow = narrowed(step, entry.terms, now);
  if (narrow === undefined || narrow.hold !== undefined) return { where: 'nowhere', until };
  const { group } = entry;
  if (group === undefined) return { where: 'alone', until };
  const { stage, serves } = narrow;
  return { where: { group, stage, serves, isLoose: hasOwnWord(queue, entry, now), isLater: false }, until };
}

/** When time alone takes it to another step, ms. */
function turnOf(queue: Queue, entry: Entry, step: Step, now: number): number {
  const { terms, preferred } = entry;
  const times = [
    step.until,
    queue.schedule?.openingAt(now).until,
    staleAt(queue, entry),
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
  readonly isLater: boolean;
  /** Where figures decide the step: by which way it came to where they do. */
  readonly judged?: { readonly queueId: string; readonly way: string } | undefined;
}

function lineIn(memory: Memory, lane: string, { group, stage, serves, isLoose, isLater, judged }: Spot): Line {
  const at = judged?.way ?? String(stage);
  const key = `${lane} ${at}${isLoose ? ' loose' : ''}${isLater ? ' later' : ''}`;
  const known = group.lines.get(key);
  if (known !== undefined) return known;
  const found = { seen: 0, stage, serves, verdicts: verdictsFor(group, serves) };
  const line: Line = { key, lane, group, shelf: createShelf(), isLoose, isLater, judgedIn: judged?.queueId, ...found };
  group.lines.set(key, line);
  if (judged !== undefined) {
    const own = memory.judged.get(judged.queueId) ?? new Set();
    memory.judged.set(judged.queueId, own.add(line));
  }
  return line;
}

const verdictsFor = (group: Group, serves: Admission | undefined): readonly (boolean | undefined)[] =>
  serves === undefined ? [] : verdictsOf(group.verdicts, serves);

/** Figures have brought its items to another step: who was asked in vain before may have them now. */
export function setServes(line: Line, serves: Admission | undefined): void {
  if (serves === line.serves) return;
  Object.assign(line, { serves, seen: 0, verdicts: verdictsFor(line.group, serves) });
}
