/**
 * What the matcher knows: pending work, agents and what they hold. Everything is set, not counted, and older versions
 * are ignored; so events that are seen twice, or that tables already showed, do no harm.
 */
import { emptyRoster } from '../people/working-time.ts';
import type { Candidate } from './candidate.ts';
import { createEngineDesk } from './engine-desk.ts';
import { createHistory } from './history.ts';
import { createLines } from './lines.ts';
import { createShelf } from './shelf.ts';
import type { Memory } from './types.ts';

export function createMemory(): Memory {
  return {
    ...createLines(),
    queues: new Map(),
    agents: new Map(),
    waiting: createShelf(),
    entries: new Map(),
    holders: new Map(),
    ages: new Map(),
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

/** Of queues as they were: those that are asked about again are counted anew. */
export function forgetFigures({ ages, pool }: Memory): void {
  ages.clear();
  pool?.counts.clear();
}
