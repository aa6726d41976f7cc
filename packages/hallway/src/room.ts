/**
 * Who waits for what a batch may create. They came before everything that comes behind the creation, in the same batch as
 * well, so they are decided right after it. While a service is rolled out, a replica of the version before may create what
 * messages wait for that it has never heard of: those keep their seats and are called, for a replica that knows them.
 */
import type { Attempt } from './lane.ts';
import type { Sql } from './ports.ts';
import { awaitedRefs, callWaiters, claimSeats, lockRefs, seatedFor, type Seated } from './tables/waiting-room.ts';
import { together } from './together.ts';
import type { Created } from './world.ts';

export interface Room {
  /** Those who sit there and wait for what was just created, in the order they came. */
  release(created: Created): Promise<readonly Seated[]>;
  /** Gives up the seats of all who were released, and calls those who wait for the same and are not known here. */
  save(): Promise<void>;
}

export interface RoomOptions {
  readonly sql: Sql;
  readonly attempt: Attempt;
  /** Of the messages that can be decided here. */
  readonly types: readonly string[];
  /** Called once with all who may be released, before the first of them is: what they need is loaded together. */
  prepare(seated: readonly Seated[]): Promise<void>;
}

export const refKey = (ref: Created): string => `${ref.kind}\n${ref.id}`;

/** Locks what may be created, so that nobody sits down for it any more, and looks whether somebody has. */
export async function openRoom(candidates: readonly Created[], options: RoomOptions): Promise<Room> {
  const { sql, attempt, types, prepare } = options;
  const looked = new Set(candidates.map(refKey));
  const [, awaited] = await together(lockRefs(sql, candidates), awaitedRefs(sql, candidates));
  const keys = new Set(awaited.map(refKey));
  const seats: string[] = [];
  const created: Created[] = [];
  let seated: Map<string, Seated[]> | undefined;

  async function load(refs: readonly Created[]): Promise<Map<string, Seated[]>> {
    attempt.letIn = true;
    const all = await seatedFor(sql, refs, types);
    await prepare(all);
    return Map.groupBy(all, (one) => refKey(one.for));
  }
  /** Nobody foresaw this one. */
  async function lookNow(ref: Created): Promise<readonly Seated[] | undefined> {
    await lockRefs(sql, [ref]);
    const refs = await awaitedRefs(sql, [ref]);
    return refs.length === 0 ? undefined : ((await load(refs)).get(refKey(ref)) ?? []);
  }
  async function awaiting(ref: Created): Promise<readonly Seated[] | undefined> {
    const key = refKey(ref);
    if (!looked.has(key)) return lookNow(ref);
    return keys.has(key) ? ((seated ??= await load(awaited)).get(key) ?? []) : undefined;
  }
  return {
    async release(ref) {
      const found = await awaiting(ref);
      if (found === undefined) return [];
      created.push(ref);
      seats.push(...found.map(({ seat }) => seat));
      return found;
    },
    async save() {
      if (created.length === 0) return;
      await together(claimSeats(sql, seats), callWaiters(sql, created));
    },
  };
}

/** Of a batch that creates alone: who waits is called later, each by itself. */
export const closedRoom: Room = { release: () => Promise.resolve([]), save: () => Promise.resolve() };
