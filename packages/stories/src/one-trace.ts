/** One trace a journey: whatever a contact sets off in any service carries its trace id. */
import { randomUUID } from 'node:crypto';
import { decodeRecord, services, topicName, type ReceivedEvent } from '@switchboard/contracts';
import { eventually } from '@switchboard/testing';
import { expect } from 'vitest';
import type { House } from './house.ts';

export async function oneTrace(house: House): Promise<void> {
  const heard: ReceivedEvent[] = [];
  const listening = await house.bus.subscribe({
    group: `trace-${randomUUID()}`,
    topics: services.map((service) => topicName(service, house.prefix)),
    onBatch(records) {
      for (const record of records) {
        const decoded = decodeRecord(record);
        if (decoded.kind === 'event') heard.push(decoded.event);
      }
      return Promise.resolve();
    },
    onDeath: () => undefined,
  });
  const traceId = randomUUID().replaceAll('-', '');

  await house.post(
    '/v1/contacts',
    { channel: 'sms', from: { address: '+4915112300009' }, text: 'Hello' },
    { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
  );

  await eventually(() => {
    const journey = heard.filter(({ trace }) => trace.traceparent?.slice(3, 35) === traceId);
    const sayers = new Set(journey.map(({ type }) => type.split('.')[1]));
    expect([...sayers].sort()).toEqual(['customer360', 'intake', 'offers', 'routing', 'sla']);
    expect(new Set(journey.map(({ trace }) => trace.correlationId)).size).toBe(1);
  });
  await listening.close();
}
