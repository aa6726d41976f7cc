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
import { createLive } from '../queues/live.ts';
import { movesOf } from '../queues/overflow.ts';
import type { Queue } from '../queues/queues.ts';
import { stepOf } from '../queues/steps.ts';
import { createAgenda } from './agenda.ts';
import type { Agenda } from './agenda.ts';
import { measure, shiftsOf } from './measure.ts';
import type { Life, SimulationReport } from './measure.ts';

/** An item as it comes in. Instants in ms. */
export interface Arrival extends Omit<PendingWork, 'version' | 'avoid'> {
  /** When it should be finished; absent: nothing is promised. */
  readonly promisedBy?: number | undefined;
}

/** When somebody is there: a time that may have no beginning or end, ms. */
export interface Presence {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Somebody at work: once, or in several shifts, in order; absent: all the time. */
export interface Staff extends Omit<KnownAgent, 'version' | 'isAvailable' | 'idleSince'>, Presence {
  readonly shifts?: readonly Presence[] | undefined;
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

/** How long after the last arrival time alone may still change something, ms. */
const AFTERMATH_MS = 14 * 24 * 3_600_000;

interface Scene {
  readonly memory: Memory;
  readonly agenda: Agenda<() => void>;
  readonly lives: Map<string, Life>;
  /** Nothing is waited for beyond, ms. */
  readonly end: number;
}

/** Runs until everything is finished, or nobody is left who could. */
export function simulate(simulation: Simulation): SimulationReport {
  const { arrivals, staff, avoidMs = AVOID_MS } = simulation;
  const span = spanOf(simulation);
  const agenda = createAgenda<() => void>();
  const lives = new Map<string, Life>();
  const scene: Scene = { memory: memoryOf(simulation), agenda, lives, end: span.to + AFTERMATH_MS };
  const { memory } = scene;
  const busyMs = new Map(staff.map(({ id }) => [id, 0]));
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
      heed(scene, arrival.id, arrival.enqueuedAt);
    });
  for (const agent of staff) attend(scene, agent, span.from);
  for (let due = agenda.take(); due.length > 0; due = agenda.take()) {
    const now = due[0]?.at ?? 0;
    for (const { act } of due) act();
    move(scene, now);
    offer(now);
    simulation.watch?.settled(memory, now);
  }
  return measure({ lives: [...lives.values()], busyMs, span, staff });
}

/** What time alone does to an item that waits is seen when it does: the next target, what closes and opens, what is stale. */
function heed(scene: Scene, itemId: string, now: number): void {
  const { memory, agenda, end } = scene;
  const entry = memory.entries.get(itemId);
  const queue = entry && memory.queues.get(entry.queueId);
  if (entry === undefined || queue === undefined || memory.holders.has(itemId)) return;
  const { until = Infinity } = stepOf(queue, entry, now, createLive(memory, now));
  const times = [
    until,
    entry.enqueuedAt + (queue.stale?.afterMs ?? Infinity),
    Date.parse(entry.terms?.offerFrom ?? ''),
    Date.parse(entry.terms?.owner?.until ?? ''),
  ];
  const next = Math.min(...times.filter((at) => at > now));
  if (next <= end)
    agenda.add(next, () => {
      heed(scene, itemId, next);
    });
}

/** Rounds of moves at one instant: what moves on from queue to queue does so at once. */
const MOST_ROUNDS = 20;

/** What is to wait in another queue goes there; its age stays. */
function move(scene: Scene, now: number): void {
  const { memory } = scene;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const moves = movesOf(memory, now, createLive(memory, now));
    for (const { workItemId, to } of moves) {
      const entry = memory.entries.get(workItemId);
      if (entry === undefined || to === undefined) continue;
      const passed = [...(entry.passed ?? []), entry.queueId];
      setWaiting(memory, { ...entry, version: entry.version + 1, queueId: to.queueId, enteredAt: now, passed });
      heed(scene, workItemId, now);
    }
    if (moves.length === 0) return;
  }
}

function memoryOf({ queues }: Simulation): Memory {
  const memory = createMemory();
  // Whoever is asked takes it at once: nobody else is. An engine would be asked about what never was.
  for (const queue of queues) setQueue(memory, queue.id, { ...queue, offersAtOnce: undefined, engine: undefined });
  return memory;
}

/** They come and go; who is there from the beginning on came with the first arrival. */
function attend({ memory, agenda }: Scene, staff: Staff, begin: number): void {
  const { from: _from, to: _to, shifts: _shifts, ...agent } = staff;
  for (const [n, { from, to }] of shiftsOf(staff).entries()) {
    if (from !== undefined) {
      if (n === 0) present(memory, agent, { version: 1 });
      agenda.add(from, () => {
        present(memory, agent, { version: 2 * n + 2, now: from });
      });
    } else present(memory, agent, { version: 2 * n + 1, now: begin });
    if (to !== undefined)
      agenda.add(to, () => {
        present(memory, agent, { version: 2 * n + 3 });
      });
  }
}

/** `now`: from then on they are there; absent: they are not. */
function present(
  memory: Memory,
  agent: Omit<Staff, 'from' | 'to' | 'shifts'>,
  { version, now }: { readonly version: number; readonly now?: number },
): void {
  setAgent(memory, { ...agent, version, isAvailable: now !== undefined, idleSince: now ?? 0 });
  if (now !== undefined) memory.history.came.set(agent.id, now);
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
