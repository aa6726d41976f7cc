/** What the matcher keeps in its memory. The files beside this one say what becomes of it. */
import type { Work } from '../people/capacity.ts';
import type { CalendarSource, Preferred } from '../people/rules.ts';
import type { Roster } from '../people/working-time.ts';
import type { Alike } from '../queues/alike.ts';
import type { Ranked } from '../queues/order.ts';
import type { Queue } from '../queues/queues.ts';
import type { Admission, Course } from '../queues/steps.ts';
import type { Avoided, Facts, WorkTerms } from '../work/state.ts';
import type { Agenda } from './agenda.ts';
import type { Asks } from './asks.ts';
import type { Candidate } from './candidate.ts';
import type { EngineDesk } from './engine-desk.ts';
import type { History } from './history.ts';

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
  /** Before, it was nobody's to have, however old it is, ms; absent: from the beginning. */
  readonly waitsFrom?: number | undefined;
  readonly avoid: readonly Avoided[];
  readonly terms?: WorkTerms | undefined;
  /** What it counts as beside its channel; absent: the case's reason. */
  readonly kind?: string | undefined;
  /** Whose it is first, until then. */
  readonly preferred?: Preferred | undefined;
  readonly facts: Facts;
}

/** A waiting item with what was found out about it. */
export interface Entry extends Omit<PendingWork, 'facts'> {
  readonly caseId: string;
  readonly customerId: string | undefined;
  /** Its facts as text: some two dozen objects otherwise, and asked for once in a while. See `factsOf`. */
  readonly packed: string;
  readonly asks: Asks;
  /** Those that requirements cannot tell apart; absent: each is by itself. */
  group: Group | undefined;
  /** Those that nothing tells apart but their place. */
  line: Line | undefined;
  /** Where it stands to have its turn; absent: it has none for now. */
  shelf: Shelf | undefined;
  /** Shared by those of a line. */
  watch: Watch;
  /** Its place among all that waits: lower is served first. */
  rank: number;
  /** When time alone may change where it stands, ms. */
  turnsAt: number;
}

/** What waits, in order, in pieces: see `shelf.ts`. */
export interface Shelf {
  /** Each in order, none empty; and so are they among themselves. */
  readonly pieces: Entry[][];
  readonly order: Order;
  size: number;
}

export type Order = (a: Entry, b: Entry) => number;

/** What was found out about items. */
export interface Watch {
  /** No agent who opened up to this tick can serve them, however free. */
  seen: number;
  /** Of the step at which that was found out. */
  stage: number;
  /** What was asked of agents then; absent: nothing, or it was not looked at yet. */
  serves?: Admission | undefined;
}

/** Items of one kind in one queue, at one step of it (or for which figures decide alike), served from one lane. */
export interface Line extends Watch {
  readonly key: string;
  /** From which it is served. */
  readonly lane: string;
  readonly group: Group;
  readonly shelf: Shelf;
  readonly isLoose: boolean;
  /** Not offered before a time. */
  readonly isLater: boolean;
  /** The queue whose figures decide its step, anew in each run; absent: they say nothing about it. */
  readonly judgedIn?: string | undefined;
  /** Class of agents -> whether they may serve it; absent: nobody asked. */
  verdicts: readonly (boolean | undefined)[];
}

/** Where everything stands: see `lines.ts`. */
export interface Lines {
  readonly singles: Shelf;
  /** Who stands first in each line. */
  readonly heads: Shelf;
  /** Queue -> lines of those in it whose step figures decide. */
  readonly judged: Map<string, Set<Line>>;
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

/** Cases of one kind. */
export interface Group {
  readonly classes: Classes;
  /** Condition -> class of agents -> whether they may serve it. */
  readonly verdicts: Map<Admission, (boolean | undefined)[]>;
  /** What waits of it, by the lane it is served from and the step it has come to. */
  readonly lines: Map<string, Line>;
}

/** Classes of agents, numbered from 1. */
export interface Classes {
  readonly looksAt: Alike['looksAt'];
  readonly ids: Map<string, number>;
  /** An agent's slot -> class, and of which version of the agent; absent: to be found out. */
  readonly bySlot: ({ readonly number: number; readonly version: number } | undefined)[];
}

/** Of one queue, and of what items ask for beside it. */
export interface Kinds {
  readonly kindOf: Alike['kindOf'];
  readonly groups: Map<string, Group>;
  readonly classes: Classes;
}

/** Agents with room for one sort of work, the longest idle first. */
export interface Lane {
  readonly work: Work;
  readonly agents: Candidate[];
  /** No opening among them is newer. */
  newest: number;
  /** How many more items they may hold, as far as it was counted; absent: not since they changed. */
  places?: number | undefined;
}

/** Of those who take offers, who could serve a queue, or a target of it. */
export interface Count {
  readonly available: Set<Candidate>;
  /** Of those, who holds nothing. */
  readonly idle: Set<Candidate>;
}

/** Who takes offers, and has room for what: see `lanes.ts`. */
export interface Pool {
  /** Who takes offers. */
  readonly available: Set<Candidate>;
  readonly lanes: Map<string, Lane>;
  /** Queue, or a target by itself -> who of those could serve it, as far as that was asked for. */
  readonly counts: Map<Course, Count>;
  /** When it was told, and until when it holds as long as nothing else is told; ms. */
  at: number;
  until: number;
}

export interface Memory extends Lines {
  readonly queues: Map<string, Queue>;
  readonly agents: Map<string, Candidate>;
  /** By rank. */
  readonly waiting: Shelf;
  readonly entries: Map<string, Entry>;
  /** Item -> who holds it: of what several are asked about, each of them. */
  readonly holders: Map<string, readonly string[]>;
  /** Queue -> what waits in it, by age; of queues whose figures were asked for. */
  readonly ages: Map<string, Shelf>;
  /** What waits in a queue that is not there. */
  readonly strays: Set<string>;
  /** Case, or customer -> who served them last. */
  readonly served: Map<string, string>;
  /** By queue, and by what items ask for beside it. */
  readonly kinds: Map<string, Map<string, Kinds>>;
  /** By what is looked at. */
  readonly classesBy: Map<string, Classes>;
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
