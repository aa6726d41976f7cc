/**
 * A lane collects messages and runs them in batches, one batch at a time: while one commits, the next gathers. That is
 * the group commit for REST and the coalescing of partitions for Kafka, in one piece.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { newId } from './ids.ts';
import type { Outcome } from './definition.ts';
import type { Envelope, Settled } from './envelope.ts';
import type { Database, Logger, Sql } from './ports.ts';
import { inInbox } from './tables/inbox.ts';
import type { OutboxRow } from './tables/outbox.ts';
import { instruments } from './telemetry.ts';

export interface LaneOptions {
  readonly name: string;
  readonly database: Database;
  readonly logger: Logger;
  readonly maxBatch: number;
  /** Messages that may wait; more are answered `unavailable`. */
  readonly maxQueue: number;
  /** Runs a batch inside a transaction. */
  run(sql: Sql, envelopes: readonly Envelope[], attempt: Attempt): Promise<Settled[]>;
  /** After each commit, with what is to be published of it: the relay and the timers may have work. */
  onCommit(said: readonly OutboxRow[]): void;
}

/** One try of a batch. */
export interface Attempt {
  /** Written with it. */
  readonly marker: string;
  /** Set by whoever runs it: others, who had waited for what it creates, are decided in it as well. */
  letIn: boolean;
  /** Set likewise: what it puts into the outbox. Of a try whose answer was lost nobody hears so: it may be long ago. */
  said: readonly OutboxRow[];
}

export interface Lane {
  /** Resolves when all of them are settled and durable, in the order given. */
  submit(envelopes: readonly Envelope[]): Promise<Outcome[]>;
  /** Takes nothing new and waits for what is in it. */
  drain(): Promise<void>;
  /** Why it stands still, or that it is asked for more than it can do. */
  fault(): string | undefined;
  /** Messages that wait for a batch. */
  depth(): number;
}

interface Waiting {
  readonly envelope: Envelope;
  resolve(outcome: Outcome): void;
}

/** A conflict is retried this often before it counts as the message's own fault. */
const CONFLICT_TRIES = 8;

/** An overload is told for this long after the last refusal, ms: longer than between two looks of who watches. */
const OVERLOAD_SHOWS = 5000;

export function createLane(options: LaneOptions): Lane {
  const queue: Waiting[] = [];
  const state: LaneState = { closed: false, fault: undefined };
  let refused = -OVERLOAD_SHOWS;
  let running: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0, options.maxBatch);
      const outcomes = new Map<Envelope, Outcome>();
      const envelopes = batch.map(({ envelope }) => envelope);
      await settle(options, state, envelopes, outcomes).catch((error: unknown) => {
        // Only a fault in the lane itself comes here. It must not stand still: whoever waits is told.
        options.logger.error({ err: error, lane: options.name }, 'the lane stumbled');
      });
      for (const { envelope, resolve } of batch) resolve(outcomes.get(envelope) ?? lost);
    }
    running = undefined;
  }

  return {
    submit(envelopes) {
      if (state.closed) return Promise.resolve(envelopes.map(() => unavailable('shutting down')));
      if (queue.length + envelopes.length > options.maxQueue && queue.length > 0) {
        refused = performance.now();
        return Promise.resolve(envelopes.map(() => unavailable('too many requests are waiting')));
      }
      const settled = envelopes.map(
        (envelope) => new Promise<Outcome>((resolve) => void queue.push({ envelope, resolve })),
      );
      running ??= Promise.resolve().then(work);
      return Promise.all(settled);
    },
    async drain() {
      state.closed = true;
      await running;
    },
    fault: () => {
      const overloaded = performance.now() - refused < OVERLOAD_SHOWS;
      return state.fault ?? (overloaded ? `${options.name}: more than it can do` : undefined);
    },
    depth: () => queue.length,
  };
}

interface LaneState {
  closed: boolean;
  fault: string | undefined;
}

const unavailable = (reason: string): Outcome => ({ outcome: 'unavailable', reason });
/** A record is delivered again, a caller tries again: nothing is taken for handled that was not. */
const lost = unavailable('the batch answered nothing for this message');

/** Runs one batch to its end, whatever it takes; halves it where a message of its own fault has to be found. */
async function settle(
  options: LaneOptions,
  state: LaneState,
  envelopes: readonly Envelope[],
  outcomes: Map<Envelope, Outcome>,
): Promise<void> {
  const failure = await attempt(options, state, envelopes, outcomes);
  if (failure === undefined) return;
  const [only] = envelopes;
  if (envelopes.length === 1 && only !== undefined) {
    // Those who were let in may be why.
    if (failure.letIn && only.alone !== true && only.buried === undefined) {
      const alone = { ...only, alone: true };
      await settle(options, state, [alone], outcomes);
      outcomes.set(only, outcomes.get(alone) ?? lost);
      return;
    }
    const { error } = failure;
    options.logger.error({ err: error, message: only.message.type, id: only.message.id }, 'message failed');
    await fail(options, state, only, { error, outcomes });
    return;
  }
  const half = Math.ceil(envelopes.length / 2);
  await settle(options, state, envelopes.slice(0, half), outcomes);
  await settle(options, state, envelopes.slice(half), outcomes);
}

/**
 * A record or timer goes to the dead letters, in a batch of its own; a REST caller is told. What not even the dead letters
 * take (what every batch needs is broken) does not count as handled: a record is delivered again, a timer and whoever
 * waits stay.
 */
async function fail(
  options: LaneOptions,
  state: LaneState,
  envelope: Envelope,
  { error, outcomes }: { error: Error; outcomes: Map<Envelope, Outcome> },
): Promise<void> {
  if (envelope.buried !== undefined) {
    state.fault = `${options.name}: ${error.message}`;
    outcomes.set(envelope, unavailable(`cannot be put to the dead letters: ${error.message}`));
    return;
  }
  let outcome: Outcome = { outcome: 'failed', error };
  if (envelope.record !== undefined || envelope.timer !== undefined || envelope.seat !== undefined) {
    const buried = { ...envelope, buried: { reason: 'failed', error: error.message } };
    const result = new Map<Envelope, Outcome>();
    await settle(options, state, [buried], result);
    const burial = result.get(buried) ?? lost;
    if (burial.outcome === 'unavailable') outcome = burial;
  }
  outcomes.set(envelope, outcome);
}

interface Failure extends Pick<Attempt, 'letIn'> {
  readonly error: Error;
}

/**
 * Tries until the batch is on disk or the fault is deterministic (which is answered). The marker tells after a
 * connection broke during commit whether that commit counted: a batch is never applied twice.
 */
async function attempt(
  options: LaneOptions,
  state: LaneState,
  given: readonly Envelope[],
  outcomes: Map<Envelope, Outcome>,
): Promise<Failure | undefined> {
  const marker = newId();
  let envelopes = given;
  let decided: Settled[] | undefined;
  let conflicts = 0;
  for (let tries = 1; ; tries += 1) {
    const started = performance.now();
    const current: Attempt = { marker, letIn: false, said: [] };
    try {
      const before = decided;
      decided = await options.database.transaction(async (sql) => {
        if (before !== undefined && (await inInbox(sql, marker))) return before;
        return (decided = await options.run(sql, envelopes, current));
      });
      state.fault = undefined;
      measure(options, envelopes.length, started);
      tell(options, decided, outcomes);
      options.onCommit(current.said);
      return undefined;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const failure: Failure = { error, letIn: current.letIn };
      const fault = options.database.classify(thrown);
      instruments().retries.add(1, { lane: options.name, fault });
      if (fault === 'deterministic') return failure;
      if (fault === 'conflict') {
        if ((conflicts += 1) > CONFLICT_TRIES) return failure;
        await pause(Math.random() * 5 * conflicts);
        continue;
      }
      if (tries > 2) state.fault = `${options.name}: ${error.message}`;
      if (tries === 3) options.logger.warn({ err: error, lane: options.name }, 'waiting for the database');
      envelopes = dropExpired(envelopes, outcomes, decided !== undefined);
      if (envelopes.length === 0) return undefined;
      await pause(Math.min(2000, 5 * 2 ** tries) * (0.5 + Math.random() / 2));
    }
  }
}

/**
 * REST callers have long gone after their deadline; their commands are not run behind their backs.
 * @param mayBeDone a commit of theirs went unanswered
 */
function dropExpired(
  envelopes: readonly Envelope[],
  outcomes: Map<Envelope, Outcome>,
  mayBeDone: boolean,
): readonly Envelope[] {
  const now = Date.now();
  const away: Outcome = { outcome: 'unavailable', reason: 'the database is away', ...(mayBeDone ? { mayBeDone } : {}) };
  return envelopes.filter((envelope) => {
    if (envelope.deadline === undefined || envelope.deadline > now) return true;
    outcomes.set(envelope, away);
    return false;
  });
}

function measure({ name }: LaneOptions, size: number, started: number): void {
  instruments().batchSize.record(size, { lane: name });
  instruments().batchDuration.record((performance.now() - started) / 1000, { lane: name });
}

function tell(options: LaneOptions, settled: readonly Settled[], outcomes: Map<Envelope, Outcome>): void {
  for (const { envelope, outcome } of settled) {
    // A message that waited and was let in by the same batch settles twice: the last word counts.
    outcomes.set(envelope, outcome);
    instruments().messages.add(1, { type: envelope.message.type, lane: options.name, outcome: outcome.outcome });
  }
}
