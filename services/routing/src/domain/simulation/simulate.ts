/**
 * Arrivals against a policy and a staff, without a clock: the service's own match decides, this only lets time pass. The
 * same arrivals under another policy or staff are how the two are compared.
 */
import { match } from '../matching/match.ts';
import {
  createMemory,
  forgetItem,
  setAgent,
  setIdleSince,
  setQueue,
  setServed,
  setWaiting,
} from '../matching/memory.ts';
import type { KnownAgent, Memory, PendingWork } from '../matching/memory.ts';
import type { Queue } from '../queues/queues.ts';
import { createAgenda } from './agenda.ts';
import { measure } from './measure.ts';
import type { Life, SimulationReport } from './measure.ts';

/** An item as it comes in. Instants in ms. */
export interface Arrival extends Omit<PendingWork, 'version' | 'avoid'> {
  /** When it should be finished; absent: nothing is promised. */
  readonly promisedBy?: number | undefined;
}

/** Somebody at work. */
export interface Staff extends Omit<KnownAgent, 'version' | 'isAvailable' | 'idleSince'> {
  /** ms; absent: all the time. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** What comes of it when an agent works on an item. */
export interface Work {
  readonly handlingMs: number;
  /** Somebody else has to go on. */
  readonly isHandedOff: boolean;
}

export interface Simulation {
  /** By `enqueuedAt`. */
  readonly arrivals: readonly Arrival[];
  readonly staff: readonly Staff[];
  readonly queues: readonly Queue[];
  /** Must answer the same for the same: it is asked under every policy. `turn`: 0 for the first agent who has it. */
  workOf(arrival: Arrival, agentId: string, turn: number): Work;
  /** How long who handed it on is left alone with it, ms; absent: as long as who rejected an offer. */
  readonly avoidMs?: number | undefined;
  /** Looks on, and changes nothing. */
  readonly watch?: Watch | undefined;
}

/** Instants in ms. */
export interface Watch {
  taken(item: Arrival, now: number): void;
  /** By this agent; another one may have to go on. */
  finished(item: Arrival, now: number): void;
  /** All that could be matched at an instant is. */
  settled(memory: Memory, now: number): void;
}

const AVOID_MS = 30_000;
/** All that can be matched at an instant is: nothing is left for a later run. */
const LIMITS = { offers: 10_000, evaluations: Infinity };

/** Runs until everything is finished, or nobody is left who could. */
export function simulate(simulation: Simulation): SimulationReport {
  const { arrivals, staff, avoidMs = AVOID_MS } = simulation;
  const memory = memoryOf(simulation);
  const lives = new Map<string, Life>();
  const busyMs = new Map(staff.map(({ id }) => [id, 0]));
  const agenda = createAgenda<() => void>();
  const offer = (now: number): void => {
    for (const { entry, agent } of match(memory, new Date(now), LIMITS)) {
      const life = lives.get(entry.id);
      if (life === undefined) continue;
      const { handlingMs, isHandedOff } = simulation.workOf(life.arrival, agent.id, life.turns);
      life.waitedMs += now - life.waitingSince;
      life.turns += 1;
      simulation.watch?.taken(life.arrival, now);
      busyMs.set(agent.id, (busyMs.get(agent.id) ?? 0) + handlingMs);
      agenda.add(now + handlingMs, () => {
        const ended = now + handlingMs;
        simulation.watch?.finished(life.arrival, ended);
        finish({ memory, life, agentId: agent.id, now: ended, avoidUntil: isHandedOff ? ended + avoidMs : undefined });
        // Then they may be asked again, though nothing else happens.
        if (isHandedOff) agenda.add(ended + avoidMs, () => undefined);
      });
    }
  };
  for (const arrival of arrivals)
    agenda.add(arrival.enqueuedAt, () => {
      lives.set(arrival.id, { arrival, waitingSince: arrival.enqueuedAt, waitedMs: 0, turns: 0, had: [] });
      setWaiting(memory, { ...arrival, version: 1, avoid: [] });
    });
  for (const { from, to, ...agent } of staff) {
    if (from !== undefined)
      agenda.add(from, () => {
        present(memory, agent, { version: 2, now: from });
      });
    if (to !== undefined)
      agenda.add(to, () => {
        present(memory, agent, { version: 3 });
      });
  }
  for (let due = agenda.take(); due.length > 0; due = agenda.take()) {
    const now = due[0]?.at ?? 0;
    for (const { act } of due) act();
    offer(now);
    simulation.watch?.settled(memory, now);
  }
  return measure({ lives: [...lives.values()], busyMs, span: spanOf(simulation), staff });
}

function memoryOf({ staff, queues, arrivals }: Simulation): Memory {
  const memory = createMemory();
  // Whoever is asked takes it at once: nobody else is. An engine would be asked about what never was.
  for (const queue of queues) setQueue(memory, queue.id, { ...queue, offersAtOnce: undefined, engine: undefined });
  const now = arrivals[0]?.enqueuedAt ?? 0;
  for (const { from, to: _, ...agent } of staff)
    present(memory, agent, from === undefined ? { version: 1, now } : { version: 1 });
  return memory;
}

/** `now`: from then on they are there; absent: they are not. */
function present(
  memory: Memory,
  agent: Omit<Staff, 'from' | 'to'>,
  { version, now }: { readonly version: number; readonly now?: number },
): void {
  setAgent(memory, { ...agent, version, isAvailable: now !== undefined, idleSince: now ?? 0 });
}

interface Finished {
  readonly memory: Memory;
  readonly life: Life;
  readonly agentId: string;
  readonly now: number;
  /** Somebody else has to go on; ms. */
  readonly avoidUntil: number | undefined;
}

function finish({ memory, life, agentId, now, avoidUntil }: Finished): void {
  const { arrival, turns } = life;
  forgetItem(memory, arrival.id, now);
  setIdleSince(memory, agentId, now);
  if (avoidUntil === undefined) {
    life.finishedAt = now;
    setServed(memory, agentId, [arrival.facts.case.id, arrival.facts.customer.id]);
    return;
  }
  life.waitingSince = now;
  const until = new Date(avoidUntil).toISOString();
  life.had = [...life.had.filter((one) => one.agentId !== agentId), { agentId, until }];
  setWaiting(memory, { ...arrival, version: 1 + 2 * turns, avoid: life.had });
}

function spanOf({ arrivals }: Simulation): { readonly from: number; readonly to: number } {
  return { from: arrivals[0]?.enqueuedAt ?? 0, to: arrivals.at(-1)?.enqueuedAt ?? 0 };
}
