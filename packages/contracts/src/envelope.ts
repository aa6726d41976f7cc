/** What travels around a payload: the attributes of a CloudEvent. */
import type { EventData, EventType, OwnEventType, ReceivedData } from './catalogue.ts';

/** Ties an event to what caused it. */
export interface EventTrace {
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
  readonly correlationId: string;
  readonly causationId?: string | undefined;
}

/** The attributes of a received event. */
export interface Envelope {
  /** UUIDv7 for our own; a stranger's is unique together with `source`. */
  readonly id: string;
  /** `/switchboard/<service>` for our own. Without CloudEvents attributes: `topic:<name>`, and the id is the position. */
  readonly source: string;
  /** The aggregate's id, for our own also the key. Empty where a stranger gave none. */
  readonly subject: string;
  /** The aggregate's version at this event; 0 where a stranger sent it. */
  readonly sequence: number;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly trace: EventTrace;
}

/** A received event: its envelope, its type and the data that belongs to the type. */
export type ReceivedEvent<T extends EventType = EventType> = T extends EventType
  ? Envelope & { readonly type: T; readonly data: ReceivedData<T> }
  : never;

/** An event to be published. */
export type PublishedEvent<T extends OwnEventType = OwnEventType> = T extends OwnEventType
  ? {
      /** UUIDv7. */
      readonly id: string;
      readonly type: T;
      readonly subject: string;
      readonly sequence: number;
      /** RFC 3339, UTC. */
      readonly time: string;
      readonly trace: EventTrace;
      readonly data: EventData<T>;
    }
  : never;
