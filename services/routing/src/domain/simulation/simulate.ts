/**
 * Arrivals against a policy and a staff, without a clock: the service's own match decides, this only lets time pass. The
 * same arrivals under another policy or staff are how the two are compared.
 */
import { match } from '../matching/match.ts';
import { setAgent, setIdleSince, setServed } from '../matching/agents.ts';
import type { KnownAgent } from '../matching/candidate.ts';
import { workOf } from '../matching/entry.ts';
import type { PendingWork } from '../matching/entry.ts';
import { dropHolder, forgetItem, setHeld, setQueue, setWaiting } from '../matching/items.ts';
import { createMemory } from '../matching/memory.ts';
import type { Memory } from '../matching/memory.ts';
import { createLive } from '../queues/live.ts';
import { movesOf } from '../queues/overflow.ts';
import type { Queue } from '../queues/queues.ts';
import { stepOf } from '../queues/steps.ts';
import { createAgenda } from '../matching/agenda.ts';
import type { Agenda } from '../matching/agenda.ts';
import { createLedger } from './ledger.ts';
import type { Ledger, Span } from './ledger.ts';
import { lifeOf, measure, shiftsOf } from './measure.ts';
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

/** What somebody who is offered an item answers, and after how long. */
export interface Answer {
  readonly says: 'accept' | 'reject' | 'nothing';
  /** ms; who says nothing says it until the queue's time is over. */
  readonly afterMs: number;
}

/** What an agent has in their hands when the simulation begins, until then (ms). */
export interface Begun {
  readonly agentId: string;
  readonly channel: string;
  readonly kind?: string | undefined;
  readonly until: number;
}

export interface Simulation {
  /** By `enqueuedAt`. */
  readonly arrivals: readonly Arrival[];
  readonly staff: readonly Staff[];
  readonly queues: readonly Queue[];
  /** Must answer the same for the same: it is asked under every policy. `turn`: 0 for the first agent who has it. */
  workOf(arrival: Arrival, agentId: string, turn: number): Work;
  /** Likewise; `nth`: 0 for the first time that this agent is offered it. Absent: everybody accepts at once. */
  answerOf?(arrival: Arrival, agentId: string, nth: number): Answer;
  readonly begun?: readonly Begun[] | undefined;
  /** What occupancy and load are of; absent: from the first arrival to the last. */
  readonly span?: Span | undefined;
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
  readonly simulation: Simulation;
  readonly memory: Memory;
  readonly agenda: Agenda<() => void>;
  readonly lives: Map<string, Life>;
  readonly ledger: Ledger;
  /** Nothing is waited for beyond, ms. */
  readonly end: number;
}

/** Runs until everything is finished, or nobody is left who could. */
export function simulate(simulation: Simulation): SimulationReport {
  const { arrivals, staff } = simulation;
  const span = simulation.span ?? spanOf(arrivals);
  const agenda = createAgenda<() => void>();
  const lives = new Map<string, Life>();
  const ledger = createLedger(staff, span);
  const scene: Scene = { simulation, memory: memoryOf(simulation), agenda, lives, ledger, end: endOf(arrivals, span) };
  const { memory } = scene;
  for (const arrival of arrivals)
    agenda.add(arrival.enqueuedAt, () => {
      lives.set(arrival.id, lifeOf(arrival));
      setWaiting(memory, { ...arrival, version: 1, avoid: [] });
      heed(scene, arrival.id, arrival.enqueuedAt);
    });
  for (const agent of staff) attend(scene, agent, span.from);
  for (const [n, one] of (simulation.begun ?? []).entries()) carryOn(scene, one, `begun ${String(n)}`);
  for (let due = agenda.take(); due.length > 0; due = agenda.take()) {
    const now = due[0]?.at ?? 0;
    for (const { act } of due) act();
    move(scene, now);
    offer(scene, now);
    simulation.watch?.settled(memory, now);
  }
  return measure({ lives: [...lives.values()], ledger, span, staff });
}

/** All that can be matched now. */
function offer(scene: Scene, now: number): void {
  const { memory, lives, simulation } = scene;
  for (const { entry, agent, further = [] } of match(memory, new Date(now), LIMITS)) {
    const life = lives.get(entry.id);
    if (life === undefined) continue;
    const asked = [agent.id, ...further.map((one) => one.agent.id)];
    if (simulation.answerOf === undefined) begin(scene, life, { agentId: agent.id, now });
    else ask(scene, { life, asked: new Set(asked), queueId: entry.queueId, now });
  }
}

interface Asking {
  readonly life: Life;
  /** Who has not answered. */
  readonly asked: Set<string>;
  readonly queueId: string;
  readonly now: number;
}

/** Whoever accepts first has it; once all have refused, or said nothing in time, it waits again. */
function ask(scene: Scene, { life, asked, queueId, now }: Asking): void {
  const { memory, agenda, simulation } = scene;
  const mostMs = memory.queues.get(queueId)?.reservationTimeoutMs ?? Infinity;
  for (const agentId of asked) {
    const nth = life.asked.get(agentId) ?? 0;
    life.asked.set(agentId, nth + 1);
    const { says, afterMs } = simulation.answerOf?.(life.arrival, agentId, nth) ?? { says: 'accept', afterMs: 0 };
    const at = now + (says === 'nothing' ? mostMs : Math.min(afterMs, mostMs));
    agenda.add(at, () => {
      // Somebody else was faster.
      if (!asked.delete(agentId)) return;
      if (says === 'accept' && afterMs <= mostMs) {
        for (const other of asked) letGo(scene, life, { agentId: other, now: at });
        asked.clear();
        begin(scene, life, { agentId, now: at });
      } else refuse(scene, life, { agentId, now: at, isLast: asked.size === 0 });
    });
  }
}

interface At {
  readonly agentId: string;
  readonly now: number;
}

const letGo = ({ memory }: Scene, { arrival: { id } }: Life, { agentId, now }: At): void => {
  dropHolder(memory, { id, version: 0 }, { agentId, at: now });
};

function refuse(scene: Scene, life: Life, { isLast, ...at }: At & { readonly isLast: boolean }): void {
  letGo(scene, life, at);
  life.refusals += 1;
  leaveAlone(life, at.agentId, at.now + AVOID_MS);
  if (isLast) waitAgain(scene, life, at.now);
  // Then they may be asked again, though nothing else happens.
  scene.agenda.add(at.now + AVOID_MS, () => undefined);
}

/** They take it. */
function begin(scene: Scene, life: Life, { agentId, now }: At): void {
  const { memory, agenda, simulation, ledger } = scene;
  const { avoidMs = AVOID_MS } = simulation;
  const { handlingMs, isHandedOff } = simulation.workOf(life.arrival, agentId, life.turns);
  const ended = now + handlingMs;
  life.waitedMs += now - life.waitingSince;
  life.turns += 1;
  simulation.watch?.taken(life.arrival, now);
  ledger.note(agentId, now, ended);
  agenda.add(ended, () => {
    simulation.watch?.finished(life.arrival, ended);
    forgetItem(memory, life.arrival.id, ended);
    setIdleSince(memory, agentId, ended);
    if (!isHandedOff) {
      life.finishedAt = ended;
      setServed(memory, agentId, [life.arrival.facts.case.id, life.arrival.facts.customer.id]);
      return;
    }
    life.waitingSince = ended;
    leaveAlone(life, agentId, ended + avoidMs);
    waitAgain(scene, life, ended);
    agenda.add(ended + avoidMs, () => undefined);
  });
}

function leaveAlone(life: Life, agentId: string, until: number): void {
  const others = life.had.filter((one) => one.agentId !== agentId);
  life.had = [...others, { agentId, until: new Date(until).toISOString() }];
}

function waitAgain(scene: Scene, life: Life, now: number): void {
  life.rounds += 1;
  setWaiting(scene.memory, { ...life.arrival, ...life.moved, version: 1 + 2 * life.rounds, avoid: life.had });
  heed(scene, life.arrival.id, now);
}

/** What they began before goes on: it takes their room, and their time. */
function carryOn(
  { memory, agenda, ledger, simulation }: Scene,
  { agentId, channel, kind, until }: Begun,
  id: string,
): void {
  const { from } = simulation.span ?? spanOf(simulation.arrivals);
  if (!memory.agents.has(agentId) || until <= from) return;
  setHeld(memory, { id, version: 1, channel, kind }, agentId);
  ledger.note(agentId, from, until);
  agenda.add(until, () => {
    forgetItem(memory, id, until);
    setIdleSince(memory, agentId, until);
  });
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
      const moved = { queueId: to.queueId, enteredAt: now, passed };
      setWaiting(memory, { ...workOf(entry), version: entry.version + 1, ...moved });
      const life = scene.lives.get(workItemId);
      if (life !== undefined) life.moved = moved;
      heed(scene, workItemId, now);
    }
    if (moves.length === 0) return;
  }
}

function memoryOf({ queues, answerOf }: Simulation): Memory {
  const memory = createMemory();
  // Where whoever is asked takes it at once, nobody else is. An engine would be asked about what never was.
  for (const queue of queues) {
    const offersAtOnce = answerOf === undefined ? undefined : queue.offersAtOnce;
    setQueue(memory, queue.id, { ...queue, offersAtOnce, engine: undefined });
  }
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

function spanOf(arrivals: readonly Arrival[]): Span {
  return { from: arrivals[0]?.enqueuedAt ?? 0, to: arrivals.at(-1)?.enqueuedAt ?? 0 };
}

const endOf = (arrivals: readonly Arrival[], { to }: Span): number =>
  Math.max(to, arrivals.at(-1)?.enqueuedAt ?? 0) + AFTERMATH_MS;
