/** Puts a service's doors, lanes and loops together. */
import { randomUUID } from 'node:crypto';
import type { Bus, Subscription } from '@switchboard/bus';
import { deadLetterTopic, topics as allTopics, type Service } from '@switchboard/contracts';
import { newId } from './ids.ts';
import { runBatch, type BatchRunner } from './batch.ts';
import { createTranslate, startConsumer, type Translate } from './consumer.ts';
import type { Command, Definition, Hallway, Outcome, SubmitOptions } from './definition.ts';
import type { Commands, Kinds } from './domain.ts';
import { startEffectRunner } from './effect-runner.ts';
import type { Envelope } from './envelope.ts';
import { createFeed, type Feed } from './feed.ts';
import { startHousekeeping } from './housekeeping.ts';
import { startJob } from './job-runner.ts';
import { createLane, type Lane } from './lane.ts';
import type { Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { observe } from './observe.ts';
import { createProgress } from './progress.ts';
import { startRelay } from './relay.ts';
import { getDeadLetter, listDeadLetters, markReplayed, takeForReplay } from './tables/dead-letters.ts';
import { keepAnswer, loadAnswers } from './tables/inbox.ts';
import { keepPartitions, type Windows } from './tables/windows.ts';
import { startTimerSweep } from './timer-sweep.ts';

export interface HallwayOptions {
  readonly database: Database;
  readonly bus: Bus;
  readonly logger: Logger;
  /** Topic prefix, `switchboard`. */
  readonly prefix: string;
  readonly partitions: number;
  /** How long a REST caller waits for an absent database before it is told to come back, ms (default 10 s). */
  readonly patience?: number;
  /** How long a message waits for its aggregate before it becomes a dead letter, ms (default 1 h). */
  readonly waitingWindow?: number;
  /** REST commands that may wait for a batch; more are answered `unavailable` (default 5000). */
  readonly commandQueue?: number;
  /** How long what is done is kept; see `defaultWindows`. */
  readonly windows?: Partial<Windows>;
  /** The consumer died for good: say so and end the process. */
  onDeath(error: Error): void;
}

const HOUR = 3_600_000;
const WAITING_WINDOW = HOUR;
const defaultWindows: Windows = { history: 72 * HOUR, inbox: 192 * HOUR, answers: 48 * HOUR, replayed: 168 * HOUR };

interface Lanes {
  /** REST commands: small batches, short waits. */
  readonly command: Lane;
  /** Kafka records, timers, jobs. */
  readonly stream: Lane;
}

export function createHallway<K extends Kinds, M extends Commands, C>(
  definition: Definition<K, M, C>,
  options: HallwayOptions,
): Hallway<M> {
  const feed = createFeed(options.database, options.logger);
  const running: { loops: Closable[]; poke(): void } = { loops: [], poke: () => undefined };
  const lanes = createLanes(definition, options, () => {
    running.poke();
  });
  const { topics, translate } = createTranslate(definition);
  const progress = createProgress();
  let subscription: Subscription | undefined;
  let death: string | undefined;

  return {
    submit: (command, submitOptions) => submit(lanes.command, command, { patience: 10_000, ...options }, submitOptions),
    async start() {
      const windows = { ...defaultWindows, ...options.windows };
      await prepare(definition.service, windows, options);
      running.loops = startLoops({ definition, options, windows, lanes, feed });
      const [relay, timers] = running.loops;
      running.poke = () => {
        relay?.poke();
        timers?.poke();
      };
      observe({
        ...{ service: definition.service, waitingWindow: WAITING_WINDOW, ...options, lanes, progress },
        subscription: () => subscription,
      });
      const from = topics(options.prefix);
      if (from.length === 0) return;
      subscription = await startConsumer({
        bus: options.bus,
        group: `${options.prefix}.${definition.service}`,
        topics: from,
        lane: lanes.stream,
        translate,
        progress,
        onDeath(error) {
          death = `consumer: ${error.message}`;
          options.onDeath(error);
        },
      });
    },
    async stop() {
      await subscription?.close();
      const [relay, ...others] = running.loops;
      await Promise.all(others.map((loop) => loop.close()));
      await Promise.all([lanes.command.drain(), lanes.stream.drain()]);
      await relay?.close();
      await feed.stop();
    },
    faults() {
      const loops = running.loops.map((loop) => loop.fault());
      return [death, lanes.command.fault(), lanes.stream.fault(), ...loops].filter((fault) => fault !== undefined);
    },
    follow: (after, signal) => feed.follow(after, signal),
    deadLetters: deadLetters(options.database, lanes.stream, translate),
    answers: answersIn(options.database),
  };
}

const answersIn = (database: Database): Hallway<Commands>['answers'] => ({
  find: async (scope, key) => (await loadAnswers(database, [{ scope, key }]))[0],
  keep: (answer) => keepAnswer(database, answer),
});

/** Topics and partitions: whoever was away for longer than there were partitions has none for what it publishes. */
async function prepare(service: Service, windows: Windows, options: HallwayOptions): Promise<void> {
  const { bus, database, logger, prefix, partitions } = options;
  await bus.ensureTopics([...allTopics(prefix), deadLetterTopic(service, prefix)], partitions);
  await keepPartitions(database, windows).catch((error: unknown) => {
    logger.warn({ err: error }, 'partitions are made later');
  });
}

type Closable = Loop & { close(): Promise<void> };

function createLanes<K extends Kinds, M extends Commands, C>(
  definition: Definition<K, M, C>,
  { database, logger, prefix, waitingWindow, commandQueue }: HallwayOptions,
  onCommit: () => void,
): Lanes {
  const runner: BatchRunner<K, M, C> = {
    definition,
    options: { prefix, waitingWindow: waitingWindow ?? WAITING_WINDOW },
    configuration: { revision: '', snapshot: undefined },
  };
  const lane = (name: string, maxBatch: number, maxQueue: number): Lane =>
    createLane({
      name,
      database,
      logger,
      maxBatch,
      maxQueue,
      run: (sql, envelopes, marker) => runBatch(runner, sql, envelopes, marker),
      onCommit,
    });
  return { command: lane('command', 250, commandQueue ?? 5000), stream: lane('stream', 500, 20_000) };
}

function startLoops<K extends Kinds, M extends Commands, C>({
  definition,
  options,
  windows,
  lanes,
  feed,
}: {
  definition: Definition<K, M, C>;
  options: HallwayOptions;
  windows: Windows;
  lanes: Lanes;
  feed: Feed;
}): Closable[] {
  const { database, bus, logger } = options;
  const holder = randomUUID();
  const lane = lanes.stream;
  const relay = startRelay({
    database,
    bus,
    logger,
    holder,
    onPublished: () => {
      feed.poke();
    },
  });
  const timers = startTimerSweep({ database, lane, logger, holder, timers: definition.timers });
  const jobs = (definition.jobs ?? []).map((job) => startJob({ job, database, lane, feed, logger, holder }));
  const housekeeping = startHousekeeping({ database, logger, holder, windows });
  if (definition.effects === undefined) return [relay, timers, housekeeping, ...jobs];
  const effects = startEffectRunner({ database, lane, logger, effects: definition.effects });
  return [relay, timers, housekeeping, ...jobs, { ...effects, close: () => effects.stop() }];
}

async function submit<M extends Commands>(
  lane: Lane,
  command: Command<M>,
  { patience }: { patience: number },
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

function deadLetters<M extends Commands>(
  database: Database,
  lane: Lane,
  translate: Translate,
): Hallway<M>['deadLetters'] {
  return {
    list: (filter) => listDeadLetters(database, filter),
    get: (id) => getDeadLetter(database, id),
    async replay(id) {
      const letter = await takeForReplay(database, id);
      if (letter === undefined) return undefined;
      const envelope = revive(letter, translate);
      if (envelope === undefined) {
        await markReplayed(database, id);
        return { outcome: 'done', reply: undefined };
      }
      const [outcome] = await lane.submit([envelope]);
      if (outcome !== undefined && isOver(outcome, envelope)) await markReplayed(database, id);
      return outcome;
    },
  };
}

/** A record that fails again has a new letter by then: the old one must not be replayed beside it. A command has none. */
function isOver({ outcome }: Outcome, { record }: Envelope): boolean {
  if (outcome === 'done' || outcome === 'waiting') return true;
  return record !== undefined && outcome !== 'unavailable';
}

/** The same record or command under a fresh id, so that the inbox lets it pass; what caused it stays known. */
function revive(
  { record, message }: NonNullable<Awaited<ReturnType<typeof takeForReplay>>>,
  translate: Translate,
): Envelope | undefined {
  const envelope = record === undefined ? message && { message } : translate(record);
  if (envelope === undefined) return undefined;
  const { id, trace } = envelope.message;
  return {
    ...envelope,
    once: false,
    message: { ...envelope.message, id: newId(), trace: { ...trace, causationId: id } },
  };
}
