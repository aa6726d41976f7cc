/** One agent's desk: there from the beginning of the shift, taking what is offered, gone at its end. */
import { createChance } from '../chance.ts';
import { bodyOf, reservations } from '../client/answers.ts';
import { shifts } from '../company/agents.ts';
import type { AgentEntry } from '../company/agents.ts';
import { CLOSES } from '../day/day-curve.ts';
import type { DeskTally } from '../report/tally.ts';
import { createBell } from './bell.ts';
import type { Bell } from './bell.ts';
import { guarded, pause } from './stage.ts';
import type { Desk, Stage } from './stage.ts';
import { workOnCase } from './work-on-case.ts';

/** The stream tells when there is something to see; somebody who has lost it looks now and then. */
const LOOK_MS = 2000;
const LISTEN_AGAIN_MS = 1000;
const LAST_LOOK_MS = 300;

/** Resolves at the end of the shift, when the last case is done. The last shift stays until the play is over. */
export async function runDesk(stage: Stage, agent: AgentEntry): Promise<void> {
  const tally: DeskTally = { name: agent.name, present: false, tasks: new Set(), handled: 0 };
  stage.tally.desks.set(agent.id, tally);
  const desk: Desk = { stage, agent, tally, chance: createChance(stage.seed, agent.id), seen: new Set<string>() };
  const { from, to } = shifts[agent.shift];
  await stage.clock.until(from);
  await completeLeftovers(desk);
  await setPresence(desk, 'available');
  const bell = createBell(stage.signal);
  void guarded(stage, listen(desk, bell));
  while (stage.clock.hour() < to || to >= CLOSES) {
    await look(desk);
    await bell.wait(LOOK_MS);
  }
  await setPresence(desk, 'offline');
  while (tally.tasks.size > 0) await pause(stage, LAST_LOOK_MS);
}

async function listen({ stage, agent }: Desk, { ring }: Bell): Promise<void> {
  for (;;) {
    await stage.api.listen(`/v1/agents/${agent.id}/stream`, ring);
    await pause(stage, LISTEN_AGAIN_MS);
  }
}

async function setPresence({ stage, agent, tally }: Desk, status: 'available' | 'offline'): Promise<void> {
  await stage.api.post(`/v1/agents/${agent.id}/presence`, { status });
  tally.present = status === 'available';
}

/** What an earlier play was cut off from would take this agent's capacity for ever. */
async function completeLeftovers({ stage, agent, seen }: Desk): Promise<void> {
  for (const { id, status } of await openReservations(stage, agent.id)) {
    seen.add(id);
    if (status !== 'pending') await stage.api.post(`/v1/reservations/${id}/complete`);
  }
}

async function openReservations(stage: Stage, agentId: string) {
  return bodyOf(await stage.api.get(`/v1/agents/${agentId}/reservations`), reservations)?.items ?? [];
}

async function look(desk: Desk): Promise<void> {
  const { stage, agent, seen } = desk;
  const open = await openReservations(stage, agent.id);
  for (const id of [...seen].filter((known) => !open.some((one) => one.id === known))) seen.delete(id);
  for (const reservation of open) {
    if (reservation.status !== 'pending' || seen.has(reservation.id)) continue;
    seen.add(reservation.id);
    stage.tally.work.offered += 1;
    void guarded(stage, answer(desk, reservation));
  }
}

interface Offered {
  readonly id: string;
  readonly caseId: string;
  readonly workItemId: string;
}

/** Mostly yes; now and then no, or nobody looks at the screen. */
async function answer(desk: Desk, { id, caseId, workItemId }: Offered): Promise<void> {
  const { stage, chance } = desk;
  const { work } = stage.tally;
  const decision = chance.weighted({ accept: 93, reject: 4, miss: 3 });
  await pause(stage, chance.between(100, 500));
  if (decision === 'miss') {
    work.missed += 1;
    return;
  }
  const answered = await stage.api.post(`/v1/reservations/${id}/${decision}`);
  if (answered.status >= 300) {
    work.missed += 1;
    return;
  }
  if (decision === 'reject') {
    work.rejected += 1;
    return;
  }
  work.accepted += 1;
  noteWait(stage, caseId);
  await workOnCase(desk, { reservationId: id, workItemId, caseId });
}

function noteWait(stage: Stage, caseId: string): void {
  const since = stage.openCases.get(caseId);
  if (since === undefined || since === 0) return;
  const waited = performance.now() - since;
  stage.openCases.set(caseId, 0);
  stage.tally.work.waits += 1;
  stage.tally.work.waited += waited;
  stage.tally.work.longestWait = Math.max(stage.tally.work.longestWait, waited);
}
