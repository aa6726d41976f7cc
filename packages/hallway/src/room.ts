/**
 * Who waits for what a batch may create. They came before everything that comes behind the creation, in the same batch as
 * well, so they are decided right after it.
 */
import type { Attempt } from './lane.ts';
import type { Sql } from './ports.ts';
import { awaitedRefs, claimSeats, lockRefs, seatedFor, type Seated } from './tables/waiting-room.ts';
import { together } from './together.ts';
import type { Created } from './world.ts';

export interface Room {
  /** Those who sit there and wait for what was just created, in the order they came. */
  release(created: Created): Promise<readonly Seated[]>;
  /** Gives up the seats of all who were released. */
  save(): Promise<void>;
}

export interface RoomOptions {
  readonly sql: Sql;
  readonly attempt: Attempt;
  /** Called once with all who may be released, before the first of them is: what they need is loaded together. */
  prepare(seated: readonly Seated[]): Promise<void>;
}

export const refKey = (ref: Created): string => `${ref.kind}\n${ref.id}`;

/** Locks what may be created, so that nobody sits down for it any more, and looks whether somebody has. */
export async function openRoom(candidates: readonly Created[], { sql, attempt, prepare }: RoomOptions): Promise<Room> {
  const looked = new Set(candidates.map(refKey));
  const [, awaited] = await together(lockRefs(sql, candidates), awaitedRefs(sql, candidates));
  const keys = new Set(awaited.map(refKey));
  const seats: string[] = [];
  let seated: Map<string, Seated[]> | undefined;

  async function load(refs: readonly Created[]): Promise<Map<string, Seated[]>> {
    attempt.letIn = true;
    const all = await seatedFor(sql, refs);
    await prepare(all);
    return Map.groupBy(all, (one) => refKey(one.for));
  }
  /** Nobody foresaw this one. */
  async function lookNow(created: Created): Promise<readonly Seated[]> {
    await lockRefs(sql, [created]);
    const refs = await awaitedRefs(sql, [created]);
    return refs.length === 0 ? [] : ((await load(refs)).get(refKey(created)) ?? []);
  }
  return {
    async release(created) {
      const key = refKey(created);
      if (looked.has(key) && !keys.has(key)) return [];
      const found = looked.has(key) ? ((seated ??= await load(awaited)).get(key) ?? []) : await lookNow(created);
      seats.push(...found.map(({ seat }) => seat));
      return found;
    },
    async save() {
      await claimSeats(sql, seats);
    },
  };
}

/** Of a batch that creates alone: who waits is called later, each by itself. */
export const closedRoom: Room = { release: () => Promise.resolve([]), save: () => Promise.resolve() };
