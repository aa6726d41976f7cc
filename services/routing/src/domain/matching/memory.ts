/**
 * What the matcher knows: pending work, agents and what they hold. Everything is set, not counted, and older versions
 * are ignored; so events that are seen twice, or that tables already showed, do no harm.
 */
import type { CalendarSource } from '../people/rules.ts';
import { emptyRoster } from '../people/working-time.ts';
import type { Roster } from '../people/working-time.ts';
import type { Queue } from '../queues/queues.ts';
import type { Candidate } from './candidate.ts';
import { createEngineDesk } from './engine.ts';
import type { EngineDesk } from './engine.ts';
import type { Entry } from './entry.ts';
import { createHistory } from './history.ts';
import type { History } from './history.ts';
import type { Classes, Kinds } from './kinds.ts';
import type { Pool } from './lanes.ts';
import { createLines } from './lines.ts';
import type { Lines } from './lines.ts';
import { createShelf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

export interface Memory extends Lines {
  readonly queues: Map<string, Queue>;
  readonly agents: Map<string, Candidate>;
  /** By rank. */
  readonly waiting: Shelf;
  readonly entries: Map<string, Entry>;
  /** Item -> who holds it: of what several are asked about, each of them. */
  readonly holders: Map<string, readonly string[]>;
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

export function createMemory(): Memory {
  return {
    ...createLines(),
    queues: new Map(),
    agents: new Map(),
    waiting: createShelf(),
    entries: new Map(),
    holders: new Map(),
    strays: new Set(),
    served: new Map(),
    kinds: new Map(),
    classesBy: new Map(),
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

/** The agent can do something they could not do before. */
export function open(memory: Memory, agent: Candidate): void {
  memory.tick += 1;
  agent.opened = memory.tick;
  memory.touched.add(agent);
}
