/** A service's lanes, and how a REST command goes through its own. */
import { newId } from './ids.ts';
import { runBatch, type BatchRunner } from './batch.ts';
import type { Command, Definition, Outcome, SubmitOptions } from './definition.ts';
import type { Commands, Kinds } from './domain.ts';
import type { Envelope } from './envelope.ts';
import { createLane, type Lane } from './lane.ts';
import type { Database, Logger } from './ports.ts';
import type { OutboxRow } from './tables/outbox.ts';

export interface Lanes {
  /** REST commands: small batches, short waits. */
  readonly command: Lane;
  /** Kafka records, timers, effects: a burst of them does not make REST callers wait. */
  readonly stream: Lane;
  /** What jobs decide: an offer of work is not to wait behind the records that pour in. */
  readonly jobs: Lane;
}

export interface LanesOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly prefix: string;
  /** ms */
  readonly waitingWindow: number;
  /** REST commands that may wait for a batch. */
  readonly commandQueue: number;
  /** After each commit, with what is to be published of it. */
  onCommit(said: readonly OutboxRow[]): void;
}

export function createLanes<K extends Kinds, M extends Commands, C>(
  definition: Definition<K, M, C>,
  { database, logger, prefix, waitingWindow, commandQueue, onCommit }: LanesOptions,
): Lanes {
  const runner: BatchRunner<K, M, C> = {
    definition,
    options: { prefix, waitingWindow },
    configuration: { revision: '', snapshot: undefined },
  };
  const lane = (name: string, maxBatch: number, maxQueue: number): Lane =>
    createLane({
      ...{ name, database, logger, maxBatch, maxQueue, onCommit },
      run: (sql, envelopes, attempt) => runBatch(runner, sql, envelopes, attempt),
    });
  return {
    command: lane('command', 250, commandQueue),
    stream: lane('stream', 500, 20_000),
    jobs: lane('jobs', 500, 20_000),
  };
}

/** One command, durable when it resolves. `patience` in ms: how long its caller waits for an absent database. */
export async function submitCommand<M extends Commands>(
  { lane, patience }: { readonly lane: Lane; readonly patience: number },
  command: Command<M>,
  { traceparent, correlationId, idempotency }: SubmitOptions = {},
): Promise<Outcome> {
  const id = newId();
  const envelope: Envelope = {
    message: {
      id,
      type: command.type,
      data: command.data,
      trace: { traceparent, correlationId: correlationId ?? id },
    },
    deadline: Date.now() + patience,
    ...(idempotency === undefined ? {} : { idempotency }),
  };
  const [outcome] = await lane.submit([envelope]);
  return outcome ?? { outcome: 'failed', error: new Error('the lane answered nothing') };
}
