import { testKafka } from '@switchboard/testing';
import { Kafka, logLevel } from 'kafkajs';
import { busConformance } from './conformance/suite.ts';
import { createKafkaBus } from './kafka.ts';

/** The shortest that brokers allow. */
const silenceMs = 6000;

busConformance({
  name: 'Kafka',
  silenceMs,
  createBus: () => createKafkaBus({ brokers: testKafka(), clientId: 'conformance', sessionTimeoutMs: silenceMs }),
  createLostBus: () => createKafkaBus({ brokers: ['127.0.0.1:1'], clientId: 'conformance' }),
  processBus: () => ({ kind: 'kafka', brokers: testKafka(), silenceMs }),
  // The broker packs what it is given with a codec that the client does not have.
  ruinableTopic: async (topic) => {
    const admin = new Kafka({ brokers: testKafka(), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const configEntries = [{ name: 'compression.type', value: 'lz4' }];
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1, configEntries }] });
    await admin.disconnect();
  },
  ruin: async (topic) => {
    const bus = createKafkaBus({ brokers: testKafka(), clientId: 'conformance' });
    await bus.publish([{ topic, key: 'a', value: Buffer.alloc(1000), headers: {} }]);
    await bus.close();
  },
});
