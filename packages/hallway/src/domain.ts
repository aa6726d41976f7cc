/**
 * What a service's domain writes against: messages, aggregates, needs and decisions. Types and three small
 * constructors; no I/O.
 */
import type { EventData, OwnEventType } from '@switchboard/contracts';

/** Every aggregate has an id and a version that starts at 1 and grows by one with each of its events. */
export interface Versioned {
  readonly id: string;
  readonly version: number;
}

/** Aggregate kinds of a service: name -> state. */
export type Kinds = Record<string, Versioned>;
/** Message types of a service: name (imperative, kebab-case) -> data. */
export type Commands = Record<string, unknown>;

export interface Trace {
  /** W3C traceparent of what caused this message. */
  readonly traceparent?: string | undefined;
  readonly correlationId: string;
  readonly causationId?: string | undefined;
}

/** The unit of thought: a REST command, a Kafka record or a due timer, once translated. */
export interface Message<T extends string = string, D = unknown> {
  /** UUIDv7. */
  readonly id: string;
  readonly type: T;
  readonly data: D;
  readonly trace: Trace;
}

/** An aggregate a message needs. `read` looks without locking (only to find what to lock next). */
export type Need<K extends Kinds> = {
  [N in keyof K & string]: { readonly kind: N; readonly id: string; readonly mode?: 'lock' | 'read' };
}[keyof K & string];

/** The aggregates loaded so far, with the changes of earlier messages of the batch folded in. */
export interface World<K extends Kinds> {
  get<N extends keyof K & string>(kind: N, id: string): K[N] | undefined;
}

export interface Context<C> {
  /** The batch's time, from the database, taken after the locks are held. */
  readonly now: Date;
  /** The service's configuration (queues, policies, offers …) as one compiled snapshot. */
  readonly configuration: C;
  /** A new UUIDv7. */
  newId(): string;
  /** Unpredictable bytes, for tracking codes and the like. */
  randomBytes(length: number): Uint8Array;
}

export type Change<K extends Kinds> = {
  [N in keyof K & string]: { readonly kind: N; readonly state: K[N] } | { readonly kind: N; readonly remove: string };
}[keyof K & string];

/** An event to publish. `subject` is the aggregate's id (also the Kafka key), `sequence` its version at this event. */
export type OutgoingEvent = {
  [T in OwnEventType]: {
    readonly type: T;
    readonly subject: string;
    readonly sequence: number;
    readonly data: EventData<T>;
  };
}[OwnEventType];

/** Timers are unique by (kind, id): setting one again moves it. */
export type TimerChange =
  | { readonly set: { readonly kind: string; readonly id: string; readonly due: Date; readonly data?: unknown } }
  | { readonly cancel: { readonly kind: string; readonly id: string } };

/** A call to the outside, performed after the commit, outside any transaction, retried until it answers. */
export interface EffectRequest {
  readonly kind: string;
  readonly id: string;
  readonly data: unknown;
  /** Who is called: calls of one queue wait for each other, never for another queue's. The kind unless set. */
  readonly queue?: string;
}

export interface Decision<K extends Kinds> {
  readonly changes?: readonly Change<K>[];
  readonly events?: readonly OutgoingEvent[];
  readonly timers?: readonly TimerChange[];
  readonly effects?: readonly EffectRequest[];
  /** What a REST caller gets; ignored for records and timers. */
  readonly reply?: unknown;
}

export type RejectionKind = 'invalid' | 'not-found' | 'conflict' | 'stale' | 'forbidden';

/** An expected "no". A REST caller gets it as a problem; a record that is rejected becomes a dead letter. */
export interface Rejection {
  readonly rejected: RejectionKind;
  /** Stable, from the contract's closed list, kebab-case. */
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly reason: string }[];
}

/** The aggregate is not there yet: the message waits in the waiting room until it is created. */
export interface Waiting<K extends Kinds> {
  readonly waitFor: { readonly kind: keyof K & string; readonly id: string };
}

export type Answer<K extends Kinds> = Decision<K> | Rejection | Waiting<K>;

/** How one message type is handled; both functions are pure. */
export interface Handler<K extends Kinds, C, M extends Message> {
  /**
   * What `decide` will look at. Asked again after each load with what is there by then, until it asks for nothing
   * new; so an id can be found in one aggregate and loaded next.
   */
  needs(message: M, world: World<K>): readonly Need<K>[];
  decide(message: M, world: World<K>, context: Context<C>): Answer<K>;
}

/** One handler for every message type: a missing one does not compile. */
export type Handlers<K extends Kinds, C, M extends Commands> = {
  readonly [T in keyof M & string]: Handler<K, C, Message<T, M[T]>>;
};

/** Nothing changes and nobody is told. */
export const nothing = {} satisfies Decision<Kinds>;

/** The aggregate's next version with some fields replaced. */
export function next<S extends Versioned>(state: S, patch: Partial<Omit<S, 'id' | 'version'>>): S {
  return { ...state, ...patch, version: state.version + 1 };
}

export function reject(rejected: RejectionKind, code: string, detail: string, errors?: Rejection['errors']): Rejection {
  return errors === undefined ? { rejected, code, detail } : { rejected, code, detail, errors };
}
