/** Pure handlers of a configuration resource: put and remove. */
import { next, reject } from '@switchboard/hallway';
import type {
  Change,
  Decision,
  Handler,
  Kinds,
  Message,
  Need,
  OutgoingEvent,
  Rejection,
  Versioned,
  World,
} from '@switchboard/hallway';
import { canonicalJson } from './idempotency.ts';

/** The stored resource. */
export interface ConfigurationState<D> extends Versioned {
  readonly definition: D;
  readonly updatedAt: string;
}

/** From If-Match: any version, or one of these. */
export type IfMatch = '*' | readonly number[];

export interface PutConfiguration<D> {
  readonly id: string;
  readonly definition: D;
  readonly ifMatch?: IfMatch | undefined;
}

export interface RemoveConfiguration {
  readonly id: string;
  readonly ifMatch?: IfMatch | undefined;
}

/** What `put` answers. */
export interface PutReply<D> {
  readonly state: ConfigurationState<D>;
  readonly created: boolean;
  /** What looks wrong with it, but is kept. Said in this answer alone. */
  readonly warnings?: readonly { readonly field: string; readonly reason: string }[];
}

export interface ConfigurationOptions<K extends Kinds, N extends string, D> {
  readonly kind: N;
  /** Resources that are there from the start and stay: they can be replaced, not removed. */
  readonly fixed?: readonly string[];
  /** Of a new resource, 1 unless it says otherwise: one that was there before may go on from its last version. */
  firstVersion?(id: string, world: World<K>): number;
  /** Events of a change. `state` is the new one, or the last one of what is removed, its version one higher. */
  says?(state: ConfigurationState<D>, change: 'created' | 'replaced' | 'removed'): readonly OutgoingEvent[];
}

export interface ConfigurationHandlers<K extends Kinds, D> {
  readonly put: Handler<K, unknown, Message<string, PutConfiguration<D>>>;
  readonly remove: Handler<K, unknown, Message<string, RemoveConfiguration>>;
}

/**
 * Handlers for `put-<kind>` and `remove-<kind>`. Putting what is there already changes nothing and says nothing.
 */
export function configurationHandlers<K extends Kinds, N extends keyof K & string, D>(
  options: ConfigurationOptions<K, N, D>,
): ConfigurationHandlers<K, D> {
  const { kind, fixed = [] } = options;
  const says = (state: ConfigurationState<D>, change: 'created' | 'replaced' | 'removed') =>
    options.says?.(state, change) ?? [];
  const needs = ({ data }: Message<string, { readonly id: string }>): Need<K>[] => [{ kind, id: data.id }];
  return {
    put: {
      needs,
      decide: ({ data }, world, { now }) => {
        const state = world.get(kind, data.id) as ConfigurationState<D> | undefined;
        if (!matches(data.ifMatch, state)) return stale(data.id, state);
        const updatedAt = now.toISOString();
        if (state === undefined) {
          const version = options.firstVersion?.(data.id, world) ?? 1;
          const first: ConfigurationState<D> = { id: data.id, version, definition: data.definition, updatedAt };
          return changed(kind, first, { events: says(first, 'created'), reply: { state: first, created: true } });
        }
        if (canonicalJson(state.definition) === canonicalJson(data.definition))
          return { reply: { state, created: false } };
        const replaced = next(state, { definition: data.definition, updatedAt });
        return changed(kind, replaced, {
          events: says(replaced, 'replaced'),
          reply: { state: replaced, created: false },
        });
      },
    },
    remove: {
      needs,
      decide: ({ data }, world) => {
        const state = world.get(kind, data.id) as ConfigurationState<D> | undefined;
        if (state === undefined) return reject('not-found', 'unknown-id', `There is no ${kind} ${data.id}`);
        if (!matches(data.ifMatch, state)) return stale(data.id, state);
        if (fixed.includes(data.id)) return reject('conflict', 'built-in', `The ${kind} ${data.id} cannot be removed`);
        const change = { kind, remove: data.id } as Change<K>;
        return { changes: [change], events: says(next(state, {}), 'removed') };
      },
    },
  };
}

function changed<K extends Kinds>(kind: string, state: Versioned, rest: Decision<K>): Decision<K> {
  return { changes: [{ kind, state } as Change<K>], ...rest };
}

function matches(ifMatch: IfMatch | undefined, state: Versioned | undefined): boolean {
  if (ifMatch === undefined) return true;
  if (state === undefined) return false;
  return ifMatch === '*' || ifMatch.includes(state.version);
}

function stale(id: string, state: Versioned | undefined): Rejection {
  return reject(
    'stale',
    'stale',
    state === undefined ? `There is no ${id}` : `${id} is at version ${String(state.version)} now`,
  );
}
