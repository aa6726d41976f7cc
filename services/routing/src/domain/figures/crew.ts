/** Who takes offers, numbered: who may serve something is a row of bits, and two rows are compared at once. */
import { capacityFor } from '../people/state.ts';
import type { Candidate } from '../matching/candidate.ts';
import type { Entry } from '../matching/types.ts';
import { roomOf, workIn } from '../matching/pool.ts';
import type { Run } from '../matching/pool.ts';

export interface Crew {
  readonly run: Run;
  readonly agents: readonly Candidate[];
  /** Those whose units are counted over all channels. */
  readonly ofUnits: Uint32Array;
  /** Sort of work -> what each agent can hold of it; as far as it was asked. */
  readonly rooms: Map<string, (Room | undefined)[]>;
}

interface Room {
  /** Items held at once, what is held already counted. */
  readonly places: number;
  /** Of those, not taken. */
  readonly free: number;
}

/** Who may serve something. */
export interface Hands extends Room {
  readonly channel: string;
  /** A bit for each of the crew. */
  readonly bits: Uint32Array;
  readonly count: number;
}

/** Nobody holds more at once than this, as far as counted here. */
const MOST_PLACES = 20;
const WORD = 32;

export function createCrew(run: Run): Crew {
  const agents = [...run.available];
  return { run, agents, ofUnits: bitsOf(agents, ({ units }) => units !== undefined), rooms: new Map() };
}

function bitsOf(agents: readonly Candidate[], holds: (agent: Candidate) => boolean): Uint32Array {
  const bits = new Uint32Array(Math.ceil(agents.length / WORD));
  for (const [n, agent] of agents.entries()) if (holds(agent)) bits[n >>> 5] = (bits[n >>> 5] ?? 0) | (1 << (n & 31));
  return bits;
}

/** Those who may serve an item; `name`: the same for whatever the same agents may serve from the same places. */
export function crewOf(
  { run, agents, rooms }: Crew,
  entry: Entry,
  mayServe: (agent: Candidate) => boolean,
): { readonly name: string; readonly hands: Hands } {
  const { key, sort } = workIn(run, entry);
  const known = rooms.get(key) ?? [];
  rooms.set(key, known);
  let [count, places, free] = [0, 0, 0];
  const bits = bitsOf(agents, mayServe);
  for (const [n, agent] of agents.entries()) {
    if (((bits[n >>> 5] ?? 0) & (1 << (n & 31))) === 0) continue;
    const room = (known[n] ??= roomIn(agent, sort));
    count += 1;
    places += room.places;
    free += room.free;
  }
  return { name: `${key} ${bits.join(' ')}`, hands: { channel: entry.channel, bits, count, places, free } };
}

function roomIn(agent: Candidate, sort: { readonly channel: string; readonly kind?: string | undefined }): Room {
  const { channel } = sort;
  const free = roomOf(agent, sort, MOST_PLACES);
  const held = [...agent.holds.values()].filter((one) => one.channel === channel && one.activity !== 'paused');
  const most = Math.max(1, capacityFor(agent.capacity, channel));
  return { free, places: Math.min(MOST_PLACES, free + held.length, most) };
}

/** Agents for whom both compete. Channels stand in each other's way where units are counted over all of them. */
export function commonTo({ ofUnits }: Crew, one: Hands, other: Hands): number {
  const isSame = one.channel === other.channel;
  let common = 0;
  for (let n = 0; n < one.bits.length; n += 1) {
    const both = (one.bits[n] ?? 0) & (other.bits[n] ?? 0);
    common += ones(isSame ? both : both & (ofUnits[n] ?? 0));
  }
  return common;
}

/** Bits that are set, of 32. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
