/**
 * Arrivals against a policy and a staff, without a clock: the service's own match decides, this only lets time pass. The
 * same arrivals under another policy or staff are how the two are compared.
 */
import { match } from '../matching/match.ts';
import { setIdleSince, setServed } from '../matching/agents.ts';
import { forgetAssigned } from '../matching/history.ts';
import { workOf } from '../matching/entry.ts';
import { dropHolder, forgetItem, setHeld, setQueue, setWaiting } from '../matching/items.ts';
import { createMemory } from '../matching/memory.ts';
import type { Memory } from '../matching/types.ts';
import { createLive } from '../queues/live.ts';
import { movesOf } from '../queues/overflow.ts';
import { staleAt, stepOf } from '../queues/steps.ts';
import { createAgenda } from '../matching/agenda.ts';
import type { Agenda } from '../matching/agenda.ts';
import { createAttendance } from './attendance.ts';
import type { Attendance } from './attendance.ts';
import { createLedger } from './ledger.ts';
import type { Ledger, Span } from './ledger.ts';
import { lifeOf, measure } from './measure.ts';
import type { Life } from './measure.ts';
import type { Arrival, Begun, Simulation, SimulationReport } from './types.ts';

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
  readonly attendance: Attendance;
  /** Agent -> what they are asked and have not answered. */
  readonly asking: Map<string, Set<Asking>>;
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
  const memory = memoryOf(simulation);
  for (const arrival of arrivals)
    agenda.add(arrival.enqueuedAt, () => {
      lives.set(arrival.id, lifeOf(arrival));
      setWaiting(memory, { ...arrival, version: 1, avoid: [] });
      heed(scene, arrival.id, arrival.enqueuedAt);
    });
  const attendance = createAttendance({ memory, agenda }, staff, span.from);
  const end = endOf(arrivals, span);
  const scene: Scene = { simulation, memory, agenda, lives, ledger, attendance, asking: new Map(), end };
  for (const [n, one] of (simulation.begun ?? []).entries()) carryOn(scene, one, `begun ${String(n)}`);
  for (let due = agenda.take(); due.length > 0; due = agenda.take()) {
    const now = due[0]?.at ?? 0;
    for (const { act } of due) act();
    move(scene, now);
    offer(scene, now);
    simulation.watch?.settled(memory, now);
  }
  return measure({ lives: [...lives.values()], ledger, span, staff, wentAway: attendance.wentAway() });
}

/** All that can be matched now. */
function offer(scene: Scene, now: number): void {
  const { memory, lives, simulation } = scene;
  for (const { entry, agent, further = [] } of match(memory, new Date(now), LIMITS)) {
    const life = lives.get(entry.id);
    if (life === undefined) continue;
    const asked = [agent.id, ...further.map((one) => one.agent.id)];
    for (const agentId of asked) heedShare(scene, { agentId, queueId: entry.queueId, now });
    if (simulation.answerOf === undefined) begin(scene, life, { agentId: agent.id, now });
    else ask(scene, { life, asked: new Set(asked), queueId: entry.queueId, now });
  }
}

/** Who has had their share may have more once its window, or their ramp, is over, though nothing else happens. */
function heedShare({ memory, agenda }: Scene, { agentId, queueId, now }: At & { readonly queueId: string }): void {
  const { fairness } = memory.queues.get(queueId) ?? {};
  if (fairness === undefined) return;
  const { perMs, ramp } = fairness;
  const ramped = (memory.history.came.get(agentId) ?? 0) + (ramp?.forMs ?? 0);
  for (const at of [now + perMs, ramped]) if (at > now) agenda.add(at, () => undefined);
}

interface Asking {
  readonly life: Life;
  /** Who has not answered. */
  readonly asked: Set<string>;
  readonly queueId: string;
  readonly now: number;
}

/** Whoever accepts first has it; once all have refused, or said nothing in time, it waits again. */
function ask(scene: Scene, asking: Asking): void {
  const { memory, agenda, simulation, attendance } = scene;
  const { life, asked, queueId, now } = asking;
  const mostMs = memory.queues.get(queueId)?.reservationTimeoutMs ?? Infinity;
  for (const agentId of asked) {
    const nth = life.asked.get(agentId) ?? 0;
    life.asked.set(agentId, nth + 1);
    const { says, afterMs } = simulation.answerOf?.(life.arrival, agentId, nth) ?? { says: 'accept', afterMs: 0 };
    const isMissed = says === 'nothing' || afterMs > mostMs;
    const at = now + (isMissed ? mostMs : afterMs);
    const open = scene.asking.get(agentId) ?? new Set();
    scene.asking.set(agentId, open.add(asking));
    agenda.add(at, () => {
      // Somebody else was faster, or they are away.
      if (!isOver(scene, asking, agentId)) return;
      if (!isMissed) attendance.answered(agentId);
      if (says === 'accept' && !isMissed) {
        for (const other of asked) if (isOver(scene, asking, other)) letGo(scene, life, { agentId: other, now: at });
        begin(scene, life, { agentId, now: at });
        return;
      }
      refuse(scene, life, { agentId, now: at, isLast: asked.size === 0 });
      if (isMissed && attendance.missed(agentId, at)) giveBack(scene, agentId, at);
    });
  }
}

/** They are asked no more; nothing happens where they were not. */
function isOver({ asking: all }: Scene, asking: Asking, agentId: string): boolean {
  all.get(agentId)?.delete(asking);
  return asking.asked.delete(agentId);
}

/** What else somebody is asked who is away waits for others; that is no refusal. */
function giveBack(scene: Scene, agentId: string, now: number): void {
  for (const asking of [...(scene.asking.get(agentId) ?? [])]) {
    if (!isOver(scene, asking, agentId)) continue;
    letGo(scene, asking.life, { agentId, now });
    if (asking.asked.size === 0) waitAgain(scene, asking.life, now);
  }
}

interface At {
  readonly agentId: string;
  readonly now: number;
}

/** What came to nothing is no share. */
const letGo = ({ memory }: Scene, { arrival: { id } }: Life, { agentId, now }: At): void => {
  forgetAssigned(memory.history, agentId, id);
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
    staleAt(queue, entry),
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

function spanOf(arrivals: readonly Arrival[]): Span {
  return { from: arrivals[0]?.enqueuedAt ?? 0, to: arrivals.at(-1)?.enqueuedAt ?? 0 };
}

const endOf = (arrivals: readonly Arrival[], { to }: Span): number =>
  Math.max(to, arrivals.at(-1)?.enqueuedAt ?? 0) + AFTERMATH_MS;
