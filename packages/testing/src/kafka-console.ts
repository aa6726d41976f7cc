/** Apache Kafka's own console producer: a client that nobody here wrote. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { installKafka, javaCommand } from './kafka-artifacts.ts';

export interface ConsoleRecord {
  readonly key: string;
  /** One line. */
  readonly value: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ConsoleProduction {
  /** Comma-separated. */
  readonly brokers: string;
  readonly topic: string;
  readonly records: readonly ConsoleRecord[];
  readonly compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
}

const NONE = '<none>';

/**
 * Publishes with `kafka-console-producer` (Java) and waits until the broker has everything.
 * @throws KafkaUnavailableError without Java or Maven; an error with its output when the producer fails
 */
export async function produceWithConsole(production: ConsoleProduction): Promise<void> {
  const { brokers, topic, records, compression = 'none' } = production;
  const lib = await installKafka();
  const child = spawn(
    javaCommand(),
    [
      ...['-Xmx128M', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', path.join(lib, '*')],
      ...['org.apache.kafka.tools.ConsoleProducer', '--bootstrap-server', brokers, '--topic', topic],
      // The producer cannot read an empty list of headers: NONE stands for it.
      ...['--property', 'parse.key=true', '--property', 'parse.headers=true', '--property', `null.marker=${NONE}`],
      ...['--compression-codec', compression, '--sync'],
    ],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stdin.end(records.map((record) => `${lineOf(record)}\n`).join(''));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0 || output.includes('ERROR')) throw new Error(`the console producer failed:\n${output}`);
}

function lineOf({ key, value, headers = {} }: ConsoleRecord): string {
  const words = Object.entries(headers).map(([name, text]) => `${name}:${text}`);
  return `${words.length === 0 ? NONE : words.join(',')}\t${key}\t${value}`;
}
