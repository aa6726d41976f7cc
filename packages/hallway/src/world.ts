/** The aggregates of one batch: loaded a kind at a time, changed in memory, written back once. */
import { ConflictError } from './conflict.ts';
import type { KindEntry } from './definition.ts';
import type { Change, Kinds, Message, Need, Versioned, World } from './domain.ts';
import type { Sql, Store } from './ports.ts';
import { together } from './together.ts';

interface Entry {
  state: Versioned | undefined;
  /** Version in the database, 0 when it is not there. */
  stored: number;
  locked: boolean;
  dirty: boolean;
}

export interface BatchWorld<K extends Kinds> extends World<K> {
  /** Loads what is not there yet, in lock order. Answers whether anything was missing. */
  fetch(sql: Sql, needs: readonly Need<K>[]): Promise<boolean>;
  /** Folds one decision in. Answers the aggregates that did not exist before. */
  apply(changes: readonly Change<K>[]): Created[];
  /** Writes every changed aggregate, a few statements a kind. @throws ConflictError */
  save(sql: Sql): Promise<void>;
  changedKinds(): Set<string>;
  /** Those of a kind that were looked for and are not there. */
  missing(kind: string): string[];
}

export interface Created {
  readonly kind: string;
  readonly id: string;
}

/** Rounds of needs after which a handler is considered to ask for ever. */
const MOST_ROUNDS = 10;

export function createWorld<K extends Kinds>(kinds: readonly KindEntry<K>[]): BatchWorld<K> {
  const entries = new Map<string, Map<string, Entry>>(kinds.map(({ kind }) => [kind, new Map()]));
  const of = (kind: string): Map<string, Entry> => {
    const map = entries.get(kind);
    if (map === undefined) throw new Error(`unknown aggregate kind ${kind}`);
    return map;
  };
  return {
    get: (kind, id) => of(kind).get(id)?.state as never,
    async fetch(sql, needs) {
      const missing = missingByKind(needs, of);
      if (missing.size === 0) return false;
      await together(
        ...kinds.flatMap(({ kind, store }) => {
          const wanted = missing.get(kind);
          return wanted === undefined ? [] : [loadInto(sql, store, wanted, of(kind))];
        }),
      );
      return true;
    },
    apply(changes) {
      const created: Created[] = [];
      for (const change of changes) {
        const made = applyOne(change, of(change.kind));
        if (made !== undefined) created.push({ kind: change.kind, id: made });
      }
      return created;
    },
    async save(sql) {
      await together(...kinds.map(({ kind, store }) => saveKind(sql, store, of(kind))));
    },
    changedKinds() {
      const changed = new Set<string>();
      for (const [kind, map] of entries) for (const entry of map.values()) if (entry.dirty) changed.add(kind);
      return changed;
    },
    missing: (kind) => [...of(kind)].flatMap(([id, { state }]) => (state === undefined ? [id] : [])),
  };
}

interface Wanted {
  readonly lock: Set<string>;
  readonly read: Set<string>;
}

function missingByKind<K extends Kinds>(
  needs: readonly Need<K>[],
  of: (kind: string) => Map<string, Entry>,
): Map<string, Wanted> {
  const missing = new Map<string, Wanted>();
  for (const need of needs) {
    const entry = of(need.kind).get(need.id);
    const lock = need.mode !== 'read';
    if (entry !== undefined && (entry.locked || !lock)) continue;
    let wanted = missing.get(need.kind);
    if (wanted === undefined) missing.set(need.kind, (wanted = { lock: new Set(), read: new Set() }));
    (lock ? wanted.lock : wanted.read).add(need.id);
  }
  return missing;
}

async function loadInto(
  sql: Sql,
  store: { load(sql: Sql, ids: readonly string[], mode: 'lock' | 'read'): Promise<readonly Versioned[]> },
  wanted: Wanted,
  map: Map<string, Entry>,
): Promise<void> {
  const load = async (mode: 'lock' | 'read', ids: string[]): Promise<void> => {
    if (ids.length === 0) return;
    const found = await store.load(sql, ids.sort(), mode);
    for (const id of ids) map.set(id, { state: undefined, stored: 0, locked: mode === 'lock', dirty: false });
    for (const state of found) {
      map.set(state.id, { state, stored: state.version, locked: mode === 'lock', dirty: false });
    }
  };
  await together(
    load('lock', [...wanted.lock]),
    load(
      'read',
      [...wanted.read].filter((id) => !wanted.lock.has(id)),
    ),
  );
}

/**
 * Answers the id when the aggregate is new. What was only looked at and is changed counts as locked: a later lock must not
 * read the row over it. What is saved is checked by its version.
 */
function applyOne<K extends Kinds>(change: Change<K>, map: Map<string, Entry>): string | undefined {
  if ('remove' in change) {
    const entry = map.get(change.remove);
    if (entry?.state === undefined) return undefined;
    entry.state = undefined;
    entry.dirty = true;
    entry.locked = true;
    return undefined;
  }
  const { state } = change;
  const entry = map.get(state.id);
  if (entry === undefined) {
    // Never loaded: it can only be a new one (its id was drawn for it); the insert finds out.
    map.set(state.id, { state, stored: 0, locked: true, dirty: true });
    return state.id;
  }
  if (state.version <= (entry.state?.version ?? 0)) {
    throw new Error(`${change.kind} ${state.id} was changed without a new version`);
  }
  const created = entry.state === undefined;
  entry.state = state;
  entry.dirty = true;
  entry.locked = true;
  return created ? state.id : undefined;
}

async function saveKind(sql: Sql, store: Store<Versioned>, map: Map<string, Entry>): Promise<void> {
  const rows: { state: Versioned; expected: number }[] = [];
  const removed: string[] = [];
  for (const [id, entry] of map) {
    if (!entry.dirty) continue;
    if (entry.state !== undefined) rows.push({ state: entry.state, expected: entry.stored });
    else if (entry.stored > 0) removed.push(id);
  }
  const [written] = await together(
    rows.length === 0 ? Promise.resolve(0) : store.save(sql, rows),
    removed.length === 0 ? Promise.resolve(0) : store.remove(sql, removed.sort()),
  );
  if (written !== rows.length) throw new ConflictError(`${String(rows.length - written)} aggregates moved on`);
}

/** Asks `needs` again after each load until nothing is missing. `ask` answers the needs of the i-th message. */
export async function fetchAll<K extends Kinds>(
  sql: Sql,
  world: BatchWorld<K>,
  messages: readonly Message[],
  ask: (index: number) => readonly Need<K>[],
): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const needs = messages.flatMap((_, index) => ask(index));
    if (!(await world.fetch(sql, needs))) return;
  }
  throw new Error('a handler asks for ever more aggregates');
}
