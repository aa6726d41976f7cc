import { testKafka } from '@switchboard/testing';
import { busConformance } from './conformance/suite.ts';
import { createSpoilableTopic, spoilTopic } from './conformance/unreadable-topic.ts';
import { createKafkaBus } from './kafka.ts';

/** The shortest that brokers allow. */
const silenceMs = 6000;

busConformance({
  name: 'Kafka',
  silenceMs,
  createBus: () => createKafkaBus({ brokers: testKafka(), clientId: 'conformance', sessionTimeoutMs: silenceMs }),
  createLostBus: () => createKafkaBus({ brokers: ['127.0.0.1:1'], clientId: 'conformance' }),
  processBus: () => ({ kind: 'kafka', brokers: testKafka(), silenceMs }),
  ruinableTopic: (topic) => createSpoilableTopic(testKafka(), topic),
  ruin: (topic) => spoilTopic(testKafka(), topic),
});
