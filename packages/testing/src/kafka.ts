/** A real single-node Apache Kafka (KRaft) as a child process, without Docker. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKafkaBus } from '@switchboard/bus';
import { freePort, isPortFree } from '@switchboard/launcher/ports';
import { installKafka, javaCommand, KafkaUnavailableError } from './kafka-artifacts.ts';

const log4j = path.resolve(import.meta.dirname, '../../../infra/kafka/log4j2.yaml');
/** A broker that was killed reads its logs first, on a busy machine for a minute and longer. */
const startTimeoutMs = 120_000;
const stopTimeoutMs = 20_000;

export interface StartKafkaOptions {
  /** On 127.0.0.1 (default: any free one). The controller takes the next one, or any free one with the default. */
  readonly port?: number;
  /** Kept after `stop`; without it a temporary folder is made and removed. */
  readonly dataDir?: string;
  /** Where the broker's own log goes (default: `<dataDir>.log`). */
  readonly logFile?: string;
  /** `load`: the memory, compiler and collector that Kafka's own scripts give it; tests want a quick start instead. */
  readonly purpose?: 'tests' | 'load';
  /** Further listeners, each told to clients as this `host:port`: a proxy's, which leads to the one in `listeners`. */
  readonly advertise?: readonly string[];
  readonly onProgress?: (text: string) => void;
}

export interface RunningKafka {
  /** For `KAFKA_BROKERS`: `127.0.0.1:<port>`. */
  readonly brokers: string;
  /** Where the broker really listens for what it advertises, in that order. */
  readonly listeners: readonly { readonly host: string; readonly port: number }[];
  /** The Java process; another one after `restart`. */
  readonly pid: number;
  /** Settles when the broker's process ends, for whatever reason. */
  readonly exited: Promise<void>;
  /** Asks the broker to end and waits until it has. */
  stop(): Promise<void>;
  /** `kill -9`; the data stays for `restart`. */
  kill(): Promise<void>;
  /** Starts again on the same ports and data, stopping it before if it still runs. */
  restart(): Promise<void>;
}

interface Broker {
  readonly lib: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly dataDir: string;
  readonly logFile: string;
  readonly purpose: 'tests' | 'load';
  readonly advertised: readonly { readonly port: number; readonly as: string }[];
}

/**
 * Starts Kafka and resolves when it answers.
 * @throws KafkaUnavailableError when Java or Maven is missing, a port is taken, or the broker does not come up
 */
export async function startKafka(options: StartKafkaOptions = {}): Promise<RunningKafka> {
  const lib = await installKafka(options.onProgress);
  const [port, controllerPort] = await choosePorts(options.port);
  const dataDir = path.resolve(options.dataDir ?? mkdtempSync(path.join(os.tmpdir(), 'switchboard-kafka-')));
  const logFile = path.resolve(options.logFile ?? `${dataDir}.log`);
  const advertised: { port: number; as: string }[] = [];
  for (const as of options.advertise ?? []) advertised.push({ port: await freePort(), as });
  const broker = { lib, port, controllerPort, dataDir, logFile, purpose: options.purpose ?? 'tests', advertised };
  const removeData = options.dataDir === undefined;
  mkdirSync(dataDir, { recursive: true });
  mkdirSync(path.dirname(broker.logFile), { recursive: true });
  let java = await launch(broker);
  return {
    brokers: brokersOf(broker),
    listeners: advertised.map((listener) => ({ host: '127.0.0.1', port: listener.port })),
    get pid() {
      return java.pid;
    },
    get exited() {
      return java.exited;
    },
    stop: async () => {
      await end(java, 'SIGTERM');
      if (removeData) for (const left of [dataDir, broker.logFile]) rmSync(left, { recursive: true, force: true });
    },
    kill: () => end(java, 'SIGKILL'),
    restart: async () => {
      await end(java, 'SIGTERM');
      java = await launch(broker);
    },
  };
}

interface Java {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<void>;
}

async function launch(broker: Broker): Promise<Java> {
  const properties = path.join(broker.dataDir, 'server.properties');
  writeFileSync(properties, serverProperties(broker));
  if (!existsSync(path.join(broker.dataDir, 'log/meta.properties'))) await format(broker, properties);
  const java = startJava(broker, flags[broker.purpose], ['kafka.Kafka', properties]);
  try {
    await untilAnswering(broker, java);
  } catch (error) {
    await end(java, 'SIGKILL');
    throw error;
  }
  return java;
}

async function format(broker: Broker, properties: string): Promise<void> {
  // No dash in front: the tool would take it for an option.
  const clusterId = `A${randomBytes(16).toString('base64url').slice(1)}`;
  const tool = ['kafka.tools.StorageTool', 'format', '--standalone', '-t', clusterId, '-c', properties];
  const java = startJava(broker, [...quick, '-Xmx256M'], tool);
  await java.exited;
  if (java.child.exitCode !== 0) throw unavailable('Kafka could not prepare its data folder', broker);
}

/** Quick to start rather than quick at its peak: no optimising compiler, the simple collector. */
const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
const flags = {
  tests: [...quick, '-Xms256M', '-Xmx512M'],
  load: ['-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-Xms1G', '-Xmx1G'],
};

function startJava(broker: Broker, virtualMachine: readonly string[], main: readonly string[]): Java {
  const log = openSync(broker.logFile, 'a');
  const child = spawn(
    javaCommand(),
    [
      ...virtualMachine,
      '-Djava.awt.headless=true',
      `-Dlog4j2.configurationFile=${log4j}`,
      '-cp',
      path.join(broker.lib, '*'),
      ...main,
    ],
    { stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const killWithParent = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithParent);
  const exited = new Promise<void>((resolve) => {
    const done = (): void => {
      process.off('exit', killWithParent);
      resolve();
    };
    child.once('exit', done);
    child.once('error', done);
  });
  return { child, pid: child.pid ?? 0, exited };
}

function hasEnded(java: Java): boolean {
  return java.pid === 0 || java.child.exitCode !== null || java.child.signalCode !== null;
}

async function untilAnswering(broker: Broker, java: Java): Promise<void> {
  const bus = createKafkaBus({ brokers: [brokersOf(broker)], clientId: 'switchboard-kafka-start' });
  const deadline = performance.now() + startTimeoutMs;
  try {
    for (;;) {
      if (hasEnded(java)) throw unavailable('Kafka ended while it started', broker);
      const failure = await bus.ping().catch((error: unknown) => error);
      if (failure === undefined) return;
      if (performance.now() >= deadline) throw unavailable('Kafka does not answer', broker);
      await sleep(100);
    }
  } finally {
    await bus.close();
  }
}

async function end(java: Java, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (hasEnded(java)) return;
  java.child.kill(signal);
  const impatience = setTimeout(() => java.child.kill('SIGKILL'), stopTimeoutMs);
  await java.exited;
  clearTimeout(impatience);
}

function brokersOf(broker: Broker): string {
  return `127.0.0.1:${String(broker.port)}`;
}

function unavailable(what: string, broker: Broker): KafkaUnavailableError {
  const lines = existsSync(broker.logFile) ? readFileSync(broker.logFile, 'utf8').trim().split('\n') : [];
  const loud = lines.filter((line) => /ERROR|FATAL|Exception/u.test(line)).slice(-5);
  const last = loud.length > 0 ? loud : lines.slice(-5);
  return new KafkaUnavailableError([`${what}; its log is ${broker.logFile}:`, ...last].join('\n  '));
}

async function choosePorts(port: number | undefined): Promise<[number, number]> {
  if (port === undefined) return [await freePort(), await freePort()];
  for (const one of [port, port + 1]) {
    if (await isPortFree(one)) continue;
    throw new KafkaUnavailableError(`Kafka needs port ${String(one)} on 127.0.0.1, which another program holds.`);
  }
  return [port, port + 1];
}

function serverProperties({ port, controllerPort, dataDir, advertised }: Broker): string {
  const own = [`PLAINTEXT://127.0.0.1:${String(port)}`, `CONTROLLER://127.0.0.1:${String(controllerPort)}`];
  const names = advertised.map((_, index) => `PROXY${String(index)}`);
  const listeners = [
    ...own,
    ...advertised.map((one, index) => `PROXY${String(index)}://127.0.0.1:${String(one.port)}`),
  ];
  const told = [...own, ...advertised.map((one, index) => `PROXY${String(index)}://${one.as}`)];
  return `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${String(controllerPort)}
listeners=${listeners.join(',')}
advertised.listeners=${told.join(',')}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=${['CONTROLLER', 'PLAINTEXT', ...names].map((name) => `${name}:PLAINTEXT`).join(',')}
log.dirs=${path.join(dataDir, 'log')}
auto.create.topics.enable=false
# One node: every internal topic has one copy.
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# Small and quick: few partitions and threads, no waiting for more members of a new group.
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
share.coordinator.state.topic.num.partitions=4
group.initial.rebalance.delay.ms=0
# After a kill the controller waits so long before it takes the same broker back.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=16777216
`;
}
