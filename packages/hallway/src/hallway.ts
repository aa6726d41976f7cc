/** Puts a service's doors, lanes and loops together. */
import type { Bus, Subscription } from '@switchboard/bus';
import { deadLetterTopic, topics as allTopics, type Service } from '@switchboard/contracts';
import { createTranslate, startConsumer } from './consumer.ts';
import type { Definition, Hallway } from './definition.ts';
import type { Commands, Kinds } from './domain.ts';
import { createFeed } from './feed.ts';
import { createLanes, submitCommand } from './lanes.ts';
import { createLeases } from './leases.ts';
import { startLoops, type Loops } from './loops.ts';
import { observe } from './observe.ts';
import type { Database, Logger } from './ports.ts';
import { createProgress } from './progress.ts';
import { createDeadLetters } from './replay.ts';
import { keepAnswer, loadAnswers } from './tables/inbox.ts';
import type { OutboxRow } from './tables/outbox.ts';
import { keepPartitions, type Windows } from './tables/windows.ts';

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
  /** How long a process may say nothing of a call under way before another one makes it, ms (default 60 s). */
  readonly effectLease?: number;
  /** How long what is done is kept; see `defaultWindows`. */
  readonly windows?: Partial<Windows>;
  /** The consumer died for good: say so and end the process. */
  onDeath(error: Error): void;
}

const HOUR = 3_600_000;
const defaultWindows: Windows = { history: 72 * HOUR, inbox: 192 * HOUR, answers: 48 * HOUR, replayed: 168 * HOUR };

export function createHallway<K extends Kinds, M extends Commands, C>(
  definition: Definition<K, M, C>,
  options: HallwayOptions,
): Hallway<M> {
  const { database, bus, logger, prefix } = options;
  const { patience = 10_000, waitingWindow = HOUR, commandQueue = 5000 } = options;
  const { service } = definition;
  const windows = { ...defaultWindows, ...options.windows };
  const running: { loops?: Loops; subscription?: Subscription; death?: string } = {};
  const feed = createFeed(database, logger);
  const leases = createLeases(database);
  const onCommit = (said: readonly OutboxRow[]): void => running.loops?.poke(said);
  const lanes = createLanes(definition, { database, logger, prefix, waitingWindow, commandQueue, onCommit });
  const allLanes = [lanes.command, lanes.stream, lanes.jobs];
  const { topics, translate } = createTranslate(definition);
  const progress = createProgress();

  return {
    submit: (command, submitOptions) => submitCommand({ lane: lanes.command, patience }, command, submitOptions),
    async start() {
      await prepare(service, windows, options);
      running.loops = startLoops(definition, {
        ...{ database, bus, logger, windows, feed, leases, lane: lanes.stream, jobLane: lanes.jobs },
        effectLease: options.effectLease,
      });
      observe({
        ...{ service, database, lanes, progress, waitingWindow, timerKinds: Object.keys(definition.timers) },
        subscription: () => running.subscription,
      });
      const from = topics(prefix);
      if (from.length === 0) return;
      running.subscription = await startConsumer({
        ...{ bus, translate, progress, group: `${prefix}.${service}`, topics: from, lane: lanes.stream },
        onDeath(error) {
          running.death = `consumer: ${error.message}`;
          options.onDeath(error);
        },
      });
    },
    async stop() {
      await running.subscription?.close();
      await running.loops?.closeSources();
      await Promise.all(allLanes.map((lane) => lane.drain()));
      await running.loops?.closeRelay();
      await feed.stop();
    },
    faults() {
      const laneFaults = allLanes.map((lane) => lane.fault());
      const faults = [running.death, ...laneFaults, ...(running.loops?.faults() ?? [])];
      return faults.filter((fault) => fault !== undefined);
    },
    follow: (after, signal) => feed.follow(after, signal),
    deadLetters: createDeadLetters(database, lanes.stream, translate),
    pokeEffects: () => running.loops?.pokeEffects(),
    leases,
    answers: {
      find: async (scope, key) => (await loadAnswers(database, [{ scope, key }]))[0],
      keep: (answer) => keepAnswer(database, answer),
    },
  };
}

/** Topics and partitions: whoever was away for longer than there were partitions has none for what it publishes. */
async function prepare(service: Service, windows: Windows, options: HallwayOptions): Promise<void> {
  const { bus, database, logger, prefix, partitions } = options;
  await bus.ensureTopics([...allTopics(prefix), deadLetterTopic(service, prefix)], partitions);
  await keepPartitions(database, windows).catch((error: unknown) => {
    logger.warn({ err: error }, 'partitions are made later');
  });
}
