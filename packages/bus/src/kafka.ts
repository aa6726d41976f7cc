/** The bus on Apache Kafka. Only this file knows kafkajs; README.md says why each setting is as it is. */
import { setTimeout as sleep } from 'node:timers/promises';
// Before kafkajs: it takes its place there.
import './kafka-record-codec.ts';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Admin, KafkaConfig, Message, RetryOptions, SASLOptions, TopicMessages } from 'kafkajs';
import { startConsumer } from './kafka-consumer.ts';
import { patchRequestQueue } from './kafka-patch.ts';
import { createQueue, defaultMaxRecordBytes, sends } from './records.ts';
import { supervise } from './supervise.ts';
import type { Bus, BusLogger, OutgoingRecord, SubscribeOptions, Subscription } from './port.ts';

export interface KafkaBusOptions {
  /** `host:port` of some brokers; the others are found through them. */
  readonly brokers: readonly string[];
  /** Shown in the brokers' logs and metrics. */
  readonly clientId: string;
  readonly sasl?: KafkaSasl | undefined;
  /** TLS with the usual authorities, or with one's own (PEM). */
  readonly ssl?: boolean | { readonly ca: string } | undefined;
  /** Largest record, framing included (default 1,000,000); at most the brokers' `message.max.bytes` less 600. */
  readonly maxRecordBytes?: number | undefined;
  /** Silence in ms after which the group gives a member's partitions to others (default 30,000). */
  readonly sessionTimeoutMs?: number | undefined;
  readonly logger?: BusLogger | undefined;
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

// Short: whoever calls (the relay, the subscription's supervisor, the start of a service) tries again by itself.
const connecting: RetryOptions = { initialRetryTime: 100, maxRetryTime: 1000, retries: 2 };
const sending: RetryOptions = { initialRetryTime: 100, maxRetryTime: 2000, retries: 5 };

const leadersTimeoutMs = 15_000;

/** What brokers say of a topic that has just been created. */
const notYet = new Set<unknown>(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']);

/** A bus on Kafka 3.5 or newer; connects when first used. */
export function createKafkaBus(options: KafkaBusOptions): Bus {
  patchRequestQueue();
  const kafka = new Kafka(clientSettings(options));
  const admin = createAdmin(kafka);
  const publisher = createPublisher(kafka, options.maxRecordBytes ?? defaultMaxRecordBytes);
  const subscriptions = new Set<Subscription>();
  return {
    ensureTopics: (topics, partitions) => admin.use((client) => ensureTopics(client, topics, partitions)),
    publish: publisher.publish,
    subscribe: async (subscribing) => {
      const subscription = await subscribe({ kafka, admin, options }, subscribing);
      subscriptions.add(subscription);
      return subscription;
    },
    ping: async () => {
      await admin.use((client) => client.describeCluster());
    },
    close: async () => {
      await Promise.all([...subscriptions].map((subscription) => subscription.close()));
      await publisher.close();
      await admin.close();
    },
  };
}

function clientSettings({ brokers, clientId, sasl, ssl, logger }: KafkaBusOptions): KafkaConfig {
  const settings: KafkaConfig = {
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3000,
    requestTimeout: 30_000,
    retry: connecting,
    logLevel: logger === undefined ? logLevel.NOTHING : logLevel.INFO,
    logCreator: () => (entry) => {
      const { message, timestamp: _, ...details } = entry.log;
      // What kafkajs calls an error it mostly tries again; what it gives up on reaches the caller or `onDeath`.
      const level = entry.level <= logLevel.WARN ? 'warn' : 'debug';
      logger?.[level]({ ...details, from: `kafkajs ${entry.namespace}` }, message);
    },
  };
  if (sasl !== undefined) settings.sasl = { ...sasl } as SASLOptions;
  if (ssl !== undefined) settings.ssl = typeof ssl === 'boolean' ? ssl : { ca: ssl.ca };
  return settings;
}

interface AdminAccess {
  use<T>(work: (client: Admin) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** One admin client, made when needed; thrown away after a failure, so that the next use starts clean. */
function createAdmin(kafka: Kafka): AdminAccess {
  let current: Admin | undefined;
  const drop = async (client: Admin | undefined): Promise<void> => {
    if (current === client) current = undefined;
    await client?.disconnect().catch(() => undefined);
  };
  return {
    use: async (work) => {
      const client = (current ??= kafka.admin({ retry: connecting }));
      try {
        await client.connect();
        return await work(client);
      } catch (error) {
        await drop(client);
        throw error;
      }
    },
    close: () => drop(current),
  };
}

async function ensureTopics(admin: Admin, topics: readonly string[], partitions: number): Promise<void> {
  const wanted = [...new Set(topics)];
  const existing = new Set(await admin.listTopics());
  const missing = wanted.filter((topic) => !existing.has(topic));
  if (missing.length > 0) await createTopics(admin, missing, partitions);
  // Also those that somebody else is creating at this moment. A first send without a leader would be repeated, which is
  // allowed but not nice; so whoever starts waits a little, and goes on in any case.
  const deadline = performance.now() + leadersTimeoutMs;
  for (const topic of wanted) {
    while (!(await hasLeaders(admin, topic)) && performance.now() < deadline) await sleep(50);
  }
}

/** Offsets are told by leaders alone; the metadata names them before they know it themselves. */
async function hasLeaders(admin: Admin, topic: string): Promise<boolean> {
  try {
    await admin.fetchTopicOffsets(topic);
    return true;
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    if (reason instanceof Error && 'type' in reason && notYet.has(reason.type)) return false;
    throw error;
  }
}

async function createTopics(admin: Admin, topics: readonly string[], numPartitions: number): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const replicationFactor = Math.min(3, brokers.length);
  const configEntries = [
    // Foreign producers may compress as they like; readers then need no codec, since the broker unpacks.
    { name: 'compression.type', value: 'uncompressed' },
    // With three copies an acknowledged record is on two of them.
    { name: 'min.insync.replicas', value: replicationFactor === 3 ? '2' : '1' },
  ];
  const wanted = topics.map((topic) => ({ topic, numPartitions, replicationFactor, configEntries }));
  try {
    await admin.createTopics({ topics: wanted, waitForLeaders: false });
  } catch (error) {
    if (!(error instanceof Error && 'errors' in error && Array.isArray(error.errors))) throw error;
    // kafkajs says only that there were some.
    throw new Error(`topics could not be created: ${error.errors.map(String).join('; ')}`, { cause: error });
  }
}

interface Publisher {
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** One send in flight: a failed send can then never be overtaken by the next one. */
function createPublisher(kafka: Kafka, limit: number): Publisher {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    idempotent: false,
    maxInFlightRequests: 1,
    retry: sending,
  });
  const inOrder = createQueue();
  let connected = false;
  return {
    publish: async (records) => {
      // A partition's records in one request are one batch, which must itself keep the limit.
      const parts = sends(records, limit);
      await inOrder(async () => {
        if (!connected) await producer.connect();
        connected = true;
        for (const part of parts) await producer.sendBatch({ acks: -1, timeout: 30_000, topicMessages: byTopic(part) });
      });
    },
    close: () => inOrder(() => producer.disconnect()),
  };
}

function byTopic(records: readonly OutgoingRecord[]): TopicMessages[] {
  const topics = new Map<string, Message[]>();
  for (const { topic, key, value, headers } of records) {
    const messages = topics.get(topic) ?? [];
    topics.set(topic, messages);
    messages.push({ key, value, headers: { ...headers } });
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}

interface Connection {
  readonly kafka: Kafka;
  readonly admin: AdminAccess;
  readonly options: KafkaBusOptions;
}

async function subscribe(connection: Connection, subscribing: SubscribeOptions): Promise<Subscription> {
  const { kafka, admin, options } = connection;
  const { logger, sessionTimeoutMs = 30_000 } = options;
  const consumer = await supervise({
    start: () => startConsumer({ kafka, subscribing, sessionTimeoutMs, logger }),
    isFatal,
    isHopeless: isUnknownTopic,
    onDeath: (error) => {
      subscribing.onDeath(error);
    },
    pauseMs: 1000,
    logger,
  });
  return { close: consumer.close, lag: () => admin.use((client) => lagOf(client, subscribing)) };
}

async function lagOf(admin: Admin, { group, topics }: SubscribeOptions): Promise<number> {
  const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
  let lag = 0n;
  for (const topic of topics) {
    const offsets = committed.find((one) => one.topic === topic)?.partitions ?? [];
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
      const done = BigInt(offsets.find((one) => one.partition === partition)?.offset ?? -1);
      lag += BigInt(high) - (done < 0n ? BigInt(low) : done);
    }
  }
  return Number(lag);
}

/** These come with an absent or just starting broker as well, although kafkajs will not try them again. */
const outages = new Set([
  'KafkaJSNumberOfRetriesExceeded',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSTimeout',
  'KafkaJSLockTimeout',
]);

/** A topic that a running consumer misses may come back with its broker; one that was never made does not come. */
function isUnknownTopic(error: Error): boolean {
  if ('type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') return true;
  return error.cause instanceof Error && isUnknownTopic(error.cause);
}

function isFatal(error: Error): boolean {
  if (outages.has(error.name)) return false;
  if (error.cause instanceof Error) return isFatal(error.cause);
  return !('retriable' in error && error.retriable === true);
}
