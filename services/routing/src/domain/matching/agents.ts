/** Agents in the matcher's memory: who they are, whether they are at work, whom they served. */
import { dutyAt } from '../people/duty.ts';
import type { Roster } from '../people/working-time.ts';
import { bringsOf } from './asks.ts';
import type { Candidate, KnownAgent } from './candidate.ts';
import { dropHolder } from './items.ts';
import { lineUpAll } from './lines.ts';
import { open } from './memory.ts';
import type { Memory } from './types.ts';

const unasked: Candidate['duty'] = { on: false, until: -Infinity, asked: Infinity };

/** A new agent, or a newer version; what they hold stays. */
export function setAgent(memory: Memory, agent: KnownAgent): void {
  const known = memory.agents.get(agent.id);
  if (known !== undefined && known.version >= agent.version) return;
  const changes = { ...agent, brings: bringsOf(agent.facts), opened: 0, duty: unasked };
  const candidate: Candidate =
    known === undefined
      ? { ...changes, slot: memory.slots, holds: new Map(), offeredAt: 0, worked: { share: 0, at: 0 } }
      : Object.assign(known, absent, changes);
  if (known === undefined) memory.slots += 1;
  memory.agents.set(agent.id, candidate);
  noteWeights(memory, agent);
  open(memory, candidate);
}

/** What a newer version may say no more. */
const absent: Partial<KnownAgent> = {
  ...{ units: undefined, weights: undefined, interrupts: undefined, work: undefined, absences: undefined },
};

/** Work that somebody weighs has a lane of its own. */
function noteWeights(memory: Memory, { weights = {} }: KnownAgent): void {
  const added = Object.keys(weights).filter((name) => !memory.weighed.has(name));
  if (added.length === 0) return;
  for (const name of added) memory.weighed.add(name);
  memory.pool = undefined;
  lineUpAll(memory);
}

export function removeAgent(memory: Memory, id: string): void {
  const agent = memory.agents.get(id);
  if (agent === undefined) return;
  for (const item of [...agent.holds.keys()]) dropHolder(memory, { id: item, version: 0 }, { agentId: id });
  memory.agents.delete(id);
  memory.touched.add(agent);
}

/** They took or finished something: the longest idle comes first next time. */
export function setIdleSince(memory: Memory, agentId: string, at: number): void {
  const agent = memory.agents.get(agentId);
  if (agent === undefined || !agent.isAvailable || at <= agent.idleSince) return;
  agent.idleSince = at;
  memory.touched.add(agent);
}

export function setOfferedAt(memory: Memory, agentId: string, at: number): void {
  const agent = memory.agents.get(agentId);
  if (agent !== undefined && at > agent.offeredAt) agent.offeredAt = at;
}

/** How many of the newest are remembered. */
const MOST_SERVED = 100_000;

/** Who served a case, and its customer, last. */
export function setServed(memory: Memory, agentId: string, ids: readonly (string | undefined)[]): void {
  for (const id of ids) {
    if (id === undefined) continue;
    memory.served.delete(id);
    memory.served.set(id, agentId);
  }
  for (const id of memory.served.keys()) {
    if (memory.served.size <= MOST_SERVED) break;
    memory.served.delete(id);
  }
}

/** Teams or calendars changed: those whom that touches are asked again whether they are at work. */
export function setRoster(memory: Memory, roster: Roster, touches: (agent: Candidate) => boolean): void {
  memory.roster = roster;
  for (const agent of memory.agents.values()) {
    if (!touches(agent)) continue;
    agent.duty = { ...agent.duty, until: -Infinity };
    memory.touched.add(agent);
  }
}

/** Whether an agent takes offers at an instant, ms. Who comes to work opens. */
export function takesOffers(memory: Memory, agent: Candidate, now: number): boolean {
  if (!agent.isAvailable) return false;
  const { duty, work = {}, facts, absences } = agent;
  if (now < duty.asked || now >= duty.until) {
    agent.duty = { ...dutyAt({ ...work, team: facts.team, absences }, memory.roster, now), asked: now };
    if (!duty.on && agent.duty.on) open(memory, agent);
  }
  return agent.duty.on;
}
