/** With the test run's broker: topics under a prefix of their own, so that nobody else's consumer dies as well. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createSpoilableTopic, spoilTopic } from '@switchboard/bus/testing';
import { topicName } from '@switchboard/contracts';
import { testKafka } from '@switchboard/testing';
import { expect, test } from 'vitest';
import { watchDeath } from './dead-consumer.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

test('a dead consumer on Kafka turns readiness and ends the process', { timeout: 120_000 }, async () => {
  const brokers = testKafka();
  const prefix = `dead-consumer-${randomUUID()}`;
  const topic = topicName('contacts', prefix);
  await createSpoilableTopic(brokers, topic);

  const { said, ended, log } = await watchDeath({
    root,
    env: { KAFKA_BROKERS: brokers.join(','), TOPIC_PREFIX: prefix },
    ruin: () => spoilTopic(brokers, topic),
  });

  expect(said).toContain('consumer:');
  expect(ended).toContain('exit code 1');
  expect(log).toContain('the consumer died');
});
