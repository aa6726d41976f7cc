/**
 * Agents with room, kept from run to run: only who was touched since is looked at again. What depends on the time (who is
 * at work) is told beforehand up to when it holds; then everybody is.
 */
import { fits } from '../people/capacity.ts';
import type { Work } from '../people/capacity.ts';
import { capacityFor } from '../people/state.ts';
import { servesIn } from '../queues/serving.ts';
import type { Course } from '../queues/steps.ts';
import { takesOffers } from './agents.ts';
import type { Candidate } from './candidate.ts';
import { byIdleness } from './strategies.ts';
import type { Count, Lane, Memory, Pool } from './types.ts';

export const hasRoom = (agent: Candidate, work: Work): boolean =>
  agent.holds.size === 0 && agent.units === undefined
    ? capacityFor(agent.capacity, work.channel) > 0
    : fits(agent, agent.holds.values(), work);

/** As it is now. */
export function poolAt(memory: Memory, now: number): Pool {
  const { pool, touched, agents } = memory;
  const isOver = pool === undefined || now >= pool.until || now < pool.at || touched.size > MANY + agents.size / 4;
  const current = isOver ? build(memory, now) : refresh(memory, pool, now);
  touched.clear();
  current.at = now;
  memory.pool = current;
  return current;
}

/** Of so few each is looked for by itself. */
const MANY = 16;

function build(memory: Memory, now: number): Pool {
  const pool: Pool = { available: new Set(), lanes: new Map(), counts: new Map(), at: now, until: Infinity };
  for (const agent of memory.agents.values()) if (isThere(memory, pool, agent, now)) pool.available.add(agent);
  return pool;
}

function isThere(memory: Memory, pool: Pool, agent: Candidate, now: number): boolean {
  const takes = takesOffers(memory, agent, now);
  if (agent.isAvailable) pool.until = Math.min(pool.until, agent.duty.until);
  return takes;
}

/** All leave their places before any is given one: their old places are in nobody's order. */
function refresh(memory: Memory, pool: Pool, now: number): Pool {
  const { touched, agents } = memory;
  if (touched.size === 0) return pool;
  const there: Candidate[] = [];
  for (const agent of touched) {
    if (agents.get(agent.id) === agent && isThere(memory, pool, agent, now)) {
      pool.available.add(agent);
      there.push(agent);
    } else pool.available.delete(agent);
  }
  for (const lane of pool.lanes.values()) {
    for (const agent of touched) take(lane, agent);
    for (const agent of there) if (hasRoom(agent, lane.work)) put(lane, agent);
  }
  for (const [course, count] of pool.counts) {
    for (const agent of touched) {
      count.available.delete(agent);
      count.idle.delete(agent);
    }
    for (const agent of there) note(count, course, agent);
  }
  return pool;
}

/** Counted when it is first asked for; what agents are given within a run counts from the next one on. */
export function countIn({ counts, available }: Pool, course: Course): Count {
  const known = counts.get(course);
  if (known !== undefined) return known;
  const count: Count = { available: new Set(), idle: new Set() };
  for (const agent of available) note(count, course, agent);
  counts.set(course, count);
  return count;
}

function note({ available, idle }: Count, course: Course, agent: Candidate): void {
  if (!servesIn(course, agent.facts)) return;
  available.add(agent);
  if (agent.holds.size === 0) idle.add(agent);
}

/** The lane of a sort of work, made when it is first asked for. */
export function laneIn({ lanes, available }: Pool, key: string, work: Work): Lane {
  const known = lanes.get(key);
  if (known !== undefined) return known;
  const agents = [...available].filter((agent) => hasRoom(agent, work)).sort(byIdleness);
  const lane: Lane = { work, agents, newest: agents.reduce((newest, { opened }) => Math.max(newest, opened), 0) };
  lanes.set(key, lane);
  return lane;
}

/** What an agent holds has changed within a run. */
export function reseat({ lanes }: Pool, agent: Candidate): void {
  for (const lane of lanes.values()) if (take(lane, agent) && hasRoom(agent, lane.work)) put(lane, agent);
}

function take(lane: Lane, agent: Candidate): boolean {
  const at = lane.agents.indexOf(agent);
  if (at === -1) return false;
  lane.agents.splice(at, 1);
  lane.places = undefined;
  return true;
}

function put(lane: Lane, agent: Candidate): void {
  const { agents } = lane;
  let low = 0;
  let high = agents.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = agents[middle];
    if (there !== undefined && byIdleness(there, agent) < 0) low = middle + 1;
    else high = middle;
  }
  agents.splice(low, 0, agent);
  lane.newest = Math.max(lane.newest, agent.opened);
  lane.places = undefined;
}
