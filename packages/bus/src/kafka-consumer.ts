/** One consumer of the Kafka adapter, from joining its group to its end. */
import type { Consumer, EachBatchPayload, IHeaders, Kafka, KafkaMessage } from 'kafkajs';
import { createCommits } from './kafka-commits.ts';
import { asError, backOffMs, chunks, defaultMaxBatch } from './records.ts';
import type { BusLogger, IncomingRecord, SubscribeOptions } from './port.ts';
import type { Life } from './supervise.ts';

export interface ConsumerOptions {
  readonly kafka: Kafka;
  readonly subscribing: SubscribeOptions;
  readonly sessionTimeoutMs: number;
  readonly logger: BusLogger | undefined;
}

/** All partitions that one fetch brings are handed over together: the subscriber may put them into one transaction. */
const partitionsAtOnce = 32;

/** kafkajs has been seen to stop without a word (its issues 659, 1593): so long a silence counts as death. */
const silenceMs = 300_000;

/** Joins the group and returns when partitions are assigned. */
export async function startConsumer(options: ConsumerOptions): Promise<Life> {
  const { subscribing } = options;
  const consumer = createConsumer(options);
  const broken = Promise.withResolvers<Error>();
  let crash: Error | undefined;
  consumer.on('consumer.crash', ({ payload }) => {
    crash = payload.error;
    broken.resolve(payload.error);
  });
  const silence = watchForSilence(consumer, broken.resolve);
  const hands = createHands(options, silence);
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...subscribing.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: hands.handle,
    });
    if (crash !== undefined) throw asError(crash);
  } catch (error) {
    silence.close();
    await consumer.disconnect().catch(() => undefined);
    throw error;
  }
  const close = (): void => {
    silence.close();
    hands.close();
  };
  void broken.promise.then(close);
  return {
    broken: broken.promise,
    stop: async () => {
      close();
      await consumer.disconnect();
    },
  };
}

function createConsumer({ kafka, subscribing, sessionTimeoutMs }: ConsumerOptions): Consumer {
  return kafka.consumer({
    groupId: subscribing.group,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: Math.min(3000, sessionTimeoutMs / 3),
    rebalanceTimeout: 60_000,
    minBytes: 1,
    // A record ends the wait at once: a shorter one costs CPU where nothing happens, and gains nothing.
    maxWaitTimeInMs: 1000,
    maxBytesPerPartition: 1_048_576,
    maxBytes: 10_485_760,
    allowAutoTopicCreation: false,
    // kafkajs never restarts: the supervisor makes a new consumer, the only restart that is known to be clean.
    retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 5, restartOnFailure: () => Promise.resolve(false) },
  });
}

interface Silence {
  /** While a batch is in hand kafkajs has nothing to say. */
  pause(): () => void;
  close(): void;
}

function watchForSilence(consumer: Consumer, onSilence: (error: Error) => void): Silence {
  let last = performance.now();
  let inHand = 0;
  const sign = (): void => {
    last = performance.now();
  };
  for (const event of [
    'consumer.fetch',
    'consumer.heartbeat',
    'consumer.group_join',
    'consumer.rebalancing',
  ] as const) {
    consumer.on(event, sign);
  }
  const timer = setInterval(() => {
    if (inHand > 0 || performance.now() - last < silenceMs) return;
    onSilence(new Error(`no sign of life from the consumer for ${String(silenceMs / 1000)} s`));
  }, silenceMs / 10);
  timer.unref();
  return {
    pause: () => {
      inHand += 1;
      return () => {
        inHand -= 1;
        sign();
      };
    },
    close: () => {
      clearInterval(timer);
    },
  };
}

interface Hands {
  handle(payload: EachBatchPayload): Promise<void>;
  close(): void;
}

/** Hands batches to the subscriber, commits what it has taken, and offers again what it has not. */
function createHands({ subscribing, sessionTimeoutMs, logger }: ConsumerOptions, silence: Silence): Hands {
  const { maxBatch = defaultMaxBatch } = subscribing;
  const failures = new Map<string, number>();
  const resumes = new Set<NodeJS.Timeout>();
  const commit = createCommits();

  const offerAgain = (payload: EachBatchPayload, error: unknown): void => {
    const { topic, partition } = payload.batch;
    const place = `${topic}/${String(partition)}`;
    const count = (failures.get(place) ?? 0) + 1;
    failures.set(place, count);
    logger?.warn({ err: error, topic, partition, count }, 'a batch was not taken and is delivered again');
    const resume = payload.pause();
    const timer = setTimeout(() => {
      resumes.delete(timer);
      resume();
    }, backOffMs(count));
    resumes.add(timer);
  };

  const handle = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, heartbeat } = payload;
    const { topic, partition } = batch;
    for (const messages of chunks(batch.messages, maxBatch)) {
      if (!payload.isRunning() || payload.isStale()) return;
      const alive = keepAlive(heartbeat, sessionTimeoutMs / 10);
      const over = silence.pause();
      try {
        await subscribing.onBatch(messages.map((message) => incoming(topic, partition, message)));
      } catch (error) {
        offerAgain(payload, error);
        return;
      } finally {
        alive.stop();
        over();
      }
      failures.delete(`${topic}/${String(partition)}`);
      await commit(payload, messages);
      // A rebalance, say: what was done is committed, the rest belongs to whoever gets the partition.
      const lost = alive.failure();
      if (lost !== undefined) throw lost;
    }
  };

  return {
    handle,
    close: () => {
      for (const timer of resumes) clearTimeout(timer);
    },
  };
}

/** kafkajs sends heartbeats between batches only; a long one needs them meanwhile. */
function keepAlive(heartbeat: () => Promise<void>, everyMs: number): { stop(): void; failure(): Error | undefined } {
  let failure: Error | undefined;
  const timer = setInterval(() => {
    heartbeat().catch((error: unknown) => {
      failure = asError(error);
    });
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
    },
    failure: () => failure,
  };
}

function incoming(topic: string, partition: number, message: KafkaMessage): IncomingRecord {
  const { offset, key, value, headers, timestamp } = message;
  return { topic, partition, offset, key, value, headers: headersOf(headers), timestamp: new Date(Number(timestamp)) };
}

/** Kafka allows a header name twice; the last one counts, as in Java's `lastHeader`. */
function headersOf(headers: IHeaders | undefined): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, given] of Object.entries(headers ?? {})) {
    // kafkajs's types leave out that a header may have no value.
    const value = (Array.isArray(given) ? given.at(-1) : given) as Buffer | string | null | undefined;
    if (value !== undefined && value !== null) result[name] = value.toString();
  }
  return result;
}
