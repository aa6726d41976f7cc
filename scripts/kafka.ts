/** `npm run kafka`: a real single-node Apache Kafka on this machine, until Ctrl-C. */
import { once } from 'node:events';
import path from 'node:path';
import { kafkaHome, KafkaUnavailableError, startKafka } from '@switchboard/testing';

const wanted = process.env.KAFKA_PORT ?? '9092';

async function main(): Promise<number> {
  const port = Number(wanted);
  if (!Number.isInteger(port) || port < 1 || port > 65_534) {
    return refuse(`KAFKA_PORT is "${wanted}"; it must be a port from 1 to 65534 (the next one is used as well).`);
  }
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      interrupt.abort();
    });
  }
  const stopping = once(interrupt.signal, 'abort');
  try {
    const kafka = await startKafka({ port, dataDir: path.join(kafkaHome, 'data'), onProgress: say });
    say(`Apache Kafka answers at ${kafka.brokers}. Its data stays in .kafka/data, its log is .kafka/data.log.`);
    say(`Use it with KAFKA_BROKERS=${kafka.brokers} npm start. Ctrl-C stops it.`);
    const stopped = await Promise.race([stopping.then(() => true), kafka.exited.then(() => false)]);
    await kafka.stop();
    if (stopped) say('Kafka has stopped.');
    return stopped ? 0 : refuse('Kafka ended by itself; the reason is at the end of .kafka/data.log.');
  } catch (error) {
    // Ctrl-C reaches Java as well, which then ends in the middle of its start.
    if (interrupt.signal.aborted) return 0;
    if (error instanceof KafkaUnavailableError) return refuse(error.message);
    throw error;
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function refuse(text: string): number {
  process.stderr.write(`${text}\n`);
  return 1;
}

process.exitCode = await main();
