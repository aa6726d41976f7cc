/**
 * Kafka records as events. Nothing in here throws, whatever the bytes are: a record is an event, not wanted, or
 * malformed with a reason.
 */
import { catalogue } from './catalogue.ts';
import type { CatalogueEntry, EventType } from './catalogue.ts';
import { readCloudEvent } from './cloud-event.ts';
import type { CloudEvent } from './cloud-event.ts';
import type { Envelope, ReceivedEvent } from './envelope.ts';
import { instantOf } from './instant.ts';
import { readForeign, readOwn } from './read-data.ts';
import { Malformed } from './malformed.ts';
import type { MalformedReason } from './malformed.ts';

/** A record as the bus hands it over. */
export interface RecordToDecode {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: Date;
}

/** What a record turned out to be. */
export type Decoded<T extends EventType = EventType> =
  | { readonly kind: 'event'; readonly event: ReceivedEvent<T> }
  /** An event of the catalogue that nobody here listens to; its data was not looked at. */
  | { readonly kind: 'unwanted'; readonly type: EventType }
  /** `error` says which attribute or field, for people. */
  | {
      readonly kind: 'malformed';
      readonly reason: MalformedReason;
      readonly error: string;
    };

/** Decodes a record. Types outside `wanted` are passed over cheaply. Never throws. */
export function decodeRecord<T extends EventType = EventType>(
  record: RecordToDecode,
  wanted?: ReadonlySet<T>,
): Decoded<T> {
  try {
    const cloudEvent = readCloudEvent(record);
    const entry = entryFor(cloudEvent, record.topic);
    if (wanted !== undefined && !(wanted as ReadonlySet<EventType>).has(entry.type)) {
      return { kind: 'unwanted', type: entry.type };
    }
    return {
      kind: 'event',
      event: readEvent(cloudEvent, entry, record) as ReceivedEvent<T>,
    };
  } catch (error) {
    if (error instanceof Malformed) return { kind: 'malformed', reason: error.reason, error: error.message };
    return {
      kind: 'malformed',
      reason: 'invalid-data',
      error: error instanceof Error ? error.message : 'unreadable',
    };
  }
}

function entryFor(event: CloudEvent, topic: string): CatalogueEntry {
  const entry = catalogue.get(event.type);
  if (entry === undefined) throw new Malformed('unknown-type', `ce_type ${event.type} is not in the catalogue`);
  if (!topic.endsWith(`.${entry.topic}`)) {
    throw new Malformed('unknown-type', `ce_type ${event.type} does not belong on topic ${topic}`);
  }
  return entry;
}

function readEvent(
  cloudEvent: CloudEvent,
  entry: CatalogueEntry,
  record: RecordToDecode,
): Envelope & { type: EventType; data: unknown } {
  const foreign = entry.topic === 'contacts' || entry.topic === 'activities';
  const data = foreign ? readForeign(entry, cloudEvent.body) : readOwn(entry.schema, cloudEvent.body);
  const envelope = foreign ? foreignEnvelope(cloudEvent, record) : ownEnvelope(cloudEvent);
  return { ...envelope, type: entry.type, data };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function ownEnvelope({ attributes }: CloudEvent): Envelope {
  const id = needed(attributes.id, 'ce_id');
  if (!uuid.test(id)) throw new Malformed('invalid-attribute', 'ce_id is not a UUID');
  return {
    id,
    source: needed(attributes.source, 'ce_source'),
    subject: needed(attributes.subject, 'ce_subject'),
    sequence: sequenceOf(needed(attributes.sequence, 'ce_sequence')),
    time: timeOf(needed(attributes.time, 'ce_time')),
    trace: traceOf(attributes, id),
  };
}

function foreignEnvelope({ attributes, bare }: CloudEvent, record: RecordToDecode): Envelope {
  const id = bare ? `${String(record.partition)}/${record.offset}` : needed(attributes.id, 'ce_id');
  return {
    id,
    source: bare ? `topic:${record.topic}` : foreignSource(needed(attributes.source, 'ce_source')),
    subject: attributes.subject ?? '',
    sequence: 0,
    time: attributes.time === undefined ? record.timestamp.toISOString() : timeOf(attributes.time),
    trace: traceOf(attributes, id),
  };
}

/** A stranger must not claim the names given to records without attributes. */
function foreignSource(source: string): string {
  if (source.startsWith('topic:')) throw new Malformed('invalid-attribute', 'ce_source must not begin with topic:');
  return source;
}

function traceOf(attributes: CloudEvent['attributes'], id: string): Envelope['trace'] {
  return {
    traceparent: attributes.traceparent,
    correlationId: attributes.correlationid ?? id,
    causationId: attributes.causationid,
  };
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new Malformed('missing-attribute', `${name} is missing`);
  return value;
}

function sequenceOf(text: string): number {
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value < 1)
    throw new Malformed('invalid-attribute', 'ce_sequence is not a positive whole number');
  return value;
}

function timeOf(text: string): string {
  const time = instantOf(text);
  if (time === undefined) throw new Malformed('invalid-attribute', 'ce_time is not an RFC 3339 instant');
  return time;
}
