/** Our own events as Kafka records: CloudEvents 1.0, binary mode, JSON. */
import { topicOf } from './catalogue.ts';
import type { Service } from './catalogue.ts';
import type { PublishedEvent } from './envelope.ts';

/** A record ready for the bus. */
export interface EncodedRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** The `ce_source` of a service's events. */
export function sourceOf(service: Service): string {
  return `/switchboard/${service}`;
}

/** Writes an event as a record: keyed by its subject, attributes in `ce_*` headers, the data as JSON. */
export function encodeEvent(event: PublishedEvent, origin: { service: Service; prefix: string }): EncodedRecord {
  const { trace } = event;
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: sourceOf(origin.service),
    ce_type: event.type,
    ce_time: event.time,
    ce_subject: event.subject,
    ce_sequence: String(event.sequence),
    ce_correlationid: trace.correlationId,
    'content-type': 'application/json',
  };
  if (trace.causationId !== undefined) headers['ce_causationid'] = trace.causationId;
  if (trace.traceparent !== undefined) headers['traceparent'] = trace.traceparent;
  return {
    topic: topicOf(event.type, origin.prefix),
    key: event.subject,
    value: Buffer.from(JSON.stringify(event.data)),
    headers,
  };
}
