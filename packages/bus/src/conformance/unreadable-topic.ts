/** A topic on Kafka whose consumers die: the broker packs what it is given with a codec that our client does not have. */
import { Kafka, logLevel } from 'kafkajs';
import { createKafkaBus } from '../kafka.ts';

/** Makes the topic; it can be read until it is spoilt. */
export async function createSpoilableTopic(brokers: readonly string[], topic: string): Promise<void> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const configEntries = [{ name: 'compression.type', value: 'lz4' }];
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1, configEntries }] });
  await admin.disconnect();
}

/** Puts a record there that no consumer of ours can read. */
export async function spoilTopic(brokers: readonly string[], topic: string): Promise<void> {
  const bus = createKafkaBus({ brokers, clientId: 'spoiler' });
  await bus.publish([{ topic, key: 'a', value: Buffer.alloc(1000), headers: {} }]);
  await bus.close();
}
