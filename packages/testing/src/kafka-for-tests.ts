/** Where a test run gets a real Kafka from: never a mock. */
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { freePort } from '@switchboard/launcher/ports';
import { KafkaUnavailableError } from './kafka-artifacts.ts';
import { startKafka } from './kafka.ts';

const image = 'apache/kafka:4.1.1';
const dockerSocket = '/var/run/docker.sock';
const pingTimeoutMs = 1000;

export interface ProvidedKafka {
  /** Comma-separated, as in `KAFKA_BROKERS`. */
  readonly brokers: string;
  /** Where it comes from, for people: `KAFKA_BROKERS`, `Docker (…)`, `Java`. */
  readonly source: string;
  stop(): Promise<void>;
}

/**
 * Brokers given by `KAFKA_BROKERS`, else a container where a Docker engine answers, else a Java process.
 * @returns why there is none, where there is none
 * @throws the same reason with `REQUIRE_KAFKA=1`
 */
export async function provideKafka(): Promise<ProvidedKafka | { readonly missing: string }> {
  const given = process.env.KAFKA_BROKERS;
  if (given !== undefined && given !== '') {
    return { brokers: given, source: 'KAFKA_BROKERS', stop: () => Promise.resolve() };
  }
  const reasons: string[] = [];
  for (const start of [startContainer, startJava]) {
    try {
      return await start();
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  const missing = `KAFKA_BROKERS is not set. ${reasons.join(' ')}`;
  if (process.env.REQUIRE_KAFKA === '1') throw new KafkaUnavailableError(`REQUIRE_KAFKA=1, but: ${missing}`);
  return { missing };
}

async function startJava(): Promise<ProvidedKafka> {
  const kafka = await startKafka();
  return { brokers: kafka.brokers, source: 'Java', stop: kafka.stop };
}

/** The client has to reach the broker under the address it advertises, so the port is chosen before the start. */
async function startContainer(): Promise<ProvidedKafka> {
  if (!(await dockerAnswers())) throw new KafkaUnavailableError('No Docker engine answers.');
  // Loaded where there is an engine alone: every test file imports this package.
  const { GenericContainer, Wait } = await import('testcontainers');
  const port = await freePort();
  const container = await new GenericContainer(image)
    .withExposedPorts({ container: port, host: port })
    .withEnvironment(containerSettings(port))
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/u))
    .start();
  return {
    brokers: `127.0.0.1:${String(port)}`,
    source: `Docker (${image})`,
    stop: async () => {
      await container.stop();
    },
  };
}

function containerSettings(port: number): Record<string, string> {
  const listener = String(port);
  const controller = String(port === 65_535 ? port - 1 : port + 1);
  return {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_CONTROLLER_QUORUM_VOTERS: `1@localhost:${controller}`,
    KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:${listener},CONTROLLER://0.0.0.0:${controller}`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${listener}`,
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  };
}

/** Asks the engine itself: an installed client or a left-over socket file says nothing. */
function dockerAnswers(): Promise<boolean> {
  const host = process.env.DOCKER_HOST;
  const socketPath = host?.startsWith('unix://') === true ? host.slice('unix://'.length) : dockerSocket;
  // Containers of a remote engine are not reachable on 127.0.0.1.
  if ((host !== undefined && !host.startsWith('unix://')) || !existsSync(socketPath)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: pingTimeoutMs }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once('timeout', () => ping.destroy(new Error('timeout')));
    ping.once('error', () => {
      resolve(false);
    });
    ping.end();
  });
}
