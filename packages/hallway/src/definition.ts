/** A service as the hallway runs it: five visible lists. */
import type { EventType, ReceivedEvent, Service } from '@switchboard/contracts';
import type { Commands, EffectRequest, Handlers, Kinds, Rejection, Trace } from './domain.ts';
import type { Leases } from './leases.ts';
import type { Sql, Store } from './ports.ts';

export type KindEntry<K extends Kinds> = {
  [N in keyof K & string]: {
    readonly kind: N;
    readonly store: Store<K[N]>;
    /** Messages may wait for an aggregate of this kind to be created. */
    readonly awaited?: boolean;
  };
}[keyof K & string];

/** A message before it has an id: its type and data. */
export type Command<M extends Commands> = {
  [T in keyof M & string]: { readonly type: T; readonly data: M[T] };
}[keyof M & string];

/** Event -> command. `undefined`: this event says nothing to this service. */
export type Reactions<M extends Commands> = {
  readonly [T in EventType]?: (event: ReceivedEvent<T>) => Command<M> | undefined;
};

export interface DueTimer {
  readonly id: string;
  readonly due: Date;
  readonly data: unknown;
}

export interface Effect {
  readonly id: string;
  readonly kind: string;
  readonly queue: string;
  readonly data: unknown;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Calls of the queue that failed in a row before this one, and since when (the database's clock). */
  readonly failures: number;
  readonly failingSince: Date | undefined;
}

/** A call with what caused it. */
export interface TracedEffect {
  readonly request: EffectRequest;
  readonly trace: Trace;
}

/** What came of a call. Nothing of `again` and `failed`: it worked, and nothing speaks against its queue any more. */
export interface EffectResult<M extends Commands> {
  /** Comes in through a door; one that does not become durable lets all of it be tried again. */
  readonly command?: Command<M>;
  /** A command is not itself a result: without this it would pass for one that has `data`. */
  readonly type?: never;
  /** To be called again after so many ms; absent: this was the last time. */
  readonly again?: number;
  /** Kept instead of the effect's data, where it is called again. */
  readonly data?: unknown;
  /** Counted for the queue. `hold` lets all of the queue wait for so many ms, and then one call go first. */
  readonly failed?: { readonly hold?: number };
  /** What is to be remembered, in the transaction that notes down the rest. */
  readonly keep?: Kept;
}

/** Writes what several calls leave behind. */
export type KeepRows<R> = (sql: Sql, rows: readonly R[]) => Promise<void>;

/** What one call leaves behind. Rows with the same `write` are written together. */
export interface Kept {
  readonly write: KeepRows<never>;
  readonly row: unknown;
}

/** @param write the same function for all of its rows */
export const keeping = <R>(write: KeepRows<R>, row: R): Kept => ({ write, row });

/**
 * Performs one call to the outside, at least once. What it throws is tried again later, ever more slowly. The signal
 * says that the process ends: what throws then is left to another one.
 */
export type Perform<M extends Commands> = (effect: Effect, signal: AbortSignal) => Promise<EffectResult<M> | undefined>;

/** An own event as published, with its number in the feed. */
export type FeedEvent = { readonly number: bigint } & ReceivedEvent;

/**
 * Work over many aggregates: one leased owner a service. `start` rebuilds the memory; it is called again after a
 * lost lease. `onEvents` gets the service's own published events; `run` is called after events and at the interval.
 */
export interface Job<M extends Commands> {
  readonly name: string;
  /** Longest pause between two runs, ms. */
  readonly interval: number;
  /** @param wake lets `run` be called soon: something is there that is no event */
  start(sql: Sql, wake: () => void): Promise<JobRun<M>>;
}
export interface JobRun<M extends Commands> {
  onEvents(events: readonly FeedEvent[]): void;
  /**
   * The same as soon as this process has committed them, each version of an aggregate in order. Every one of them comes
   * again with `onEvents`, behind whatever others committed before.
   */
  onCommitted?(events: readonly ReceivedEvent[]): void;
  /** `now` is the database's clock. Commands are submitted together; their outcomes come back to `onOutcomes`. */
  run(now: Date): readonly Command<M>[];
  onOutcomes(commands: readonly Command<M>[], outcomes: readonly Outcome[]): void;
  /** Nothing comes of time alone, as things stand: `run` waits for events. Absent: `run` is called at the interval. */
  isIdle?(): boolean;
}

export interface Definition<K extends Kinds, M extends Commands, C> {
  readonly service: Service;
  /** In lock order: when a message needs several kinds, rows are locked in the order of this list. */
  readonly kinds: readonly KindEntry<K>[];
  readonly handlers: Handlers<K, C, M>;
  readonly reactions: Reactions<M>;
  readonly timers: Readonly<Record<string, (timer: DueTimer) => Command<M>>>;
  readonly effects?: Readonly<Record<string, Perform<M>>>;
  readonly jobs?: readonly Job<M>[];
  readonly configuration: {
    /** Reads and compiles everything `decide` may look up. Called again when one of `kinds` changed. */
    load(sql: Sql): Promise<C>;
    readonly kinds: readonly (keyof K & string)[];
  };
}

/** What became of one message. */
export type Outcome =
  | { readonly outcome: 'done'; readonly reply: unknown }
  /** Its Idempotency-Key was used before with the same body: the stored answer. */
  | { readonly outcome: 'repeated'; readonly status: number; readonly body: unknown }
  /** The key was used before with another body. */
  | { readonly outcome: 'key-reused' }
  | { readonly outcome: 'rejected'; readonly rejection: Rejection }
  | { readonly outcome: 'waiting' }
  /** The inbox, the timer table or the dead letters say it was handled before. */
  | { readonly outcome: 'duplicate' }
  /**
   * Not run, try later: the database is away beyond the caller's patience, or too much is waiting. `mayBeDone`: it went away
   * while this was committed, and only it knows.
   */
  | { readonly outcome: 'unavailable'; readonly reason: string; readonly mayBeDone?: true }
  /** Its own fault; a record or timer is in the dead letters, a REST caller gets a 500 and the log has the reason. */
  | { readonly outcome: 'failed'; readonly error: Error };

/** Stored with the effect, in its transaction. */
export interface Idempotency {
  /** Token id and route. */
  readonly scope: string;
  readonly key: string;
  /** Hash of the canonical body. */
  readonly fingerprint: string;
  /** What the caller will get: stored and given again. */
  respond(reply: unknown): { readonly status: number; readonly body: unknown };
}

/** An answer that was given under an Idempotency-Key. */
export interface StoredAnswer extends Pick<Idempotency, 'scope' | 'key' | 'fingerprint'> {
  readonly status: number;
  readonly body: unknown;
}

export interface SubmitOptions {
  readonly traceparent?: string;
  readonly correlationId?: string;
  readonly idempotency?: Idempotency;
}

export interface DeadLetter {
  readonly id: string;
  readonly at: string;
  readonly topic: string | null;
  readonly partition: number | null;
  readonly offset: string | null;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Closed list, kebab-case. */
  readonly reason: string;
  readonly error: string;
  readonly replayedAt: string | null;
}

/** What doors and the bootstrap hold in hand. */
export interface Hallway<M extends Commands> {
  /** One message through the REST lane; resolves when it is durable. */
  submit(command: Command<M>, options?: SubmitOptions): Promise<Outcome>;
  /** Topics, consumers, relay, timers, effects, jobs. */
  start(): Promise<void>;
  /** In order: consumers, timers, jobs, lanes drained, relay. */
  stop(): Promise<void>;
  /** Empty when everything runs; else one sentence a fault. */
  faults(): readonly string[];
  /** Own published events after `after` (a feed number), then live. Ends with the signal. `gone`: past the window. */
  follow(after: bigint | undefined, signal: AbortSignal): Promise<AsyncIterable<FeedEvent> | 'gone'>;
  readonly deadLetters: {
    list(filter: {
      reason?: string;
      topic?: string;
      from?: Date;
      to?: Date;
      /** Those alone that nobody has replayed. */
      open?: boolean;
      limit: number;
      after?: string;
    }): Promise<DeadLetter[]>;
    get(id: string): Promise<DeadLetter | undefined>;
    /**
     * Decides the original record against today's state, with a fresh id; the letter is marked in the transaction that
     * has the effect. `open`: only if nobody has replayed it, else it is a `duplicate`. `idempotency`: its `respond` is
     * given the outcome, and the answer is kept by that transaction as well.
     */
    replay(
      id: string,
      options?: { readonly open?: boolean; readonly idempotency?: Idempotency | undefined },
    ): Promise<Outcome | undefined>;
  };
  /** There is something to call outside now: `addEffects` was used. */
  pokeEffects(): void;
  /** Of this process: for what a service has running beside the hallway's own loops. */
  readonly leases: Leases;
  /** Answers under Idempotency-Keys, for doors whose one request is many messages. */
  readonly answers: {
    find(scope: string, key: string): Promise<StoredAnswer | undefined>;
    keep(answer: StoredAnswer): Promise<void>;
  };
}
