/** A broker behind a proxy: whoever enters by the proxy stays behind it, for brokers tell their clients where to go. */
import { randomUUID } from 'node:crypto';
import { createKafkaBus, type Bus } from '@switchboard/bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { startKafka, type RunningKafka } from './kafka.ts';

let proxy: FaultProxy;
let kafka: RunningKafka;
let bus: Bus;

beforeAll(async () => {
  proxy = await startFaultProxy();
  kafka = await startKafka({ advertise: [proxy.address] });
  for (const listener of kafka.listeners) proxy.lead(listener);
  bus = createKafkaBus({ brokers: [proxy.address], clientId: 'behind-a-proxy' });
}, 60_000);
afterAll(async () => {
  await bus.close();
  await kafka.stop();
  await proxy.close();
});

test('what the proxy does reaches its clients alone', { timeout: 60_000 }, async () => {
  const topic = randomUUID();
  const record = { topic, key: 'a', value: Buffer.from('1'), headers: {} };
  await bus.ensureTopics([topic], 1);
  await bus.publish([record]);

  await proxy.trouble({ kind: 'refuse' });

  await expect(bus.publish([record])).rejects.toThrow();
  const direct = createKafkaBus({ brokers: [kafka.brokers], clientId: 'direct' });
  await direct.publish([record]);
  await direct.close();
  await proxy.heal();
  await eventually(() => bus.publish([record]));
});
