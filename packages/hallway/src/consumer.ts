/** The Kafka door: records become messages of the stream lane; their offsets are committed once those are durable. */
import type { Bus, IncomingRecord, Subscription } from '@switchboard/bus';
import { decodeRecord, entryOf, topicName, type EventType, type ReceivedEvent } from '@switchboard/contracts';
import { newId } from './ids.ts';
import type { Command, Definition } from './definition.ts';
import type { Commands, Kinds } from './domain.ts';
import type { Envelope } from './envelope.ts';
import type { Lane } from './lane.ts';
import type { Progress } from './progress.ts';
import { RefusedRecordError } from './refused.ts';

const PUBLIC_TOPICS = new Set(['contacts', 'activities']);

/** Record -> envelope; undefined when it says nothing to this service. Never throws. */
export type Translate = (record: IncomingRecord) => Envelope | undefined;

export function createTranslate<K extends Kinds, M extends Commands, C>(
  definition: Definition<K, M, C>,
): { topics(prefix: string): string[]; translate: Translate } {
  const reactions = definition.reactions as Partial<
    Record<EventType, (event: ReceivedEvent) => Command<M> | undefined>
  >;
  const wanted = new Set(Object.keys(reactions) as EventType[]);
  return {
    topics: (prefix) => [...new Set([...wanted].map((type) => topicName(entryOf(type).topic, prefix)))],
    translate(record) {
      const decoded = decodeRecord(record, wanted);
      if (decoded.kind === 'unwanted') return undefined;
      if (decoded.kind === 'malformed') {
        // A newer version may say what this one has never heard of; strangers may not.
        if (decoded.reason === 'unknown-type' && !isPublic(record.topic)) return undefined;
        return bury(record, { reason: decoded.reason, error: decoded.error });
      }
      return react(reactions, decoded.event, record);
    },
  };
}

function react<M extends Commands>(
  reactions: Partial<Record<EventType, (event: ReceivedEvent) => Command<M> | undefined>>,
  event: ReceivedEvent,
  record: IncomingRecord,
): Envelope | undefined {
  try {
    const command = reactions[event.type]?.(event);
    if (command === undefined) return undefined;
    const own = !isPublic(record.topic);
    const message = {
      // A stranger's own id is its natural key, which the domain keeps for ever; here it gets one of ours.
      id: own ? event.id : newId(),
      type: command.type,
      data: command.data,
      trace: { ...event.trace, causationId: event.id },
    };
    return { message, record, once: own };
  } catch (error) {
    const reason = error instanceof RefusedRecordError ? 'invalid-data' : 'failed';
    return bury(record, { reason, error: error instanceof Error ? error.message : String(error) });
  }
}

const isPublic = (topic: string): boolean => PUBLIC_TOPICS.has(topic.slice(topic.lastIndexOf('.') + 1));

function bury(record: IncomingRecord, buried: { reason: string; error: string }): Envelope {
  const id = newId();
  return { message: { id, type: 'unreadable', data: null, trace: { correlationId: id } }, record, buried };
}

export interface ConsumerOptions {
  readonly bus: Bus;
  readonly group: string;
  readonly topics: readonly string[];
  readonly lane: Lane;
  readonly translate: Translate;
  readonly progress: Progress;
  onDeath(error: Error): void;
}

export function startConsumer(options: ConsumerOptions): Promise<Subscription> {
  return options.bus.subscribe({
    group: options.group,
    topics: options.topics,
    maxBatch: 500,
    async onBatch(records) {
      const end = options.progress.begin(records);
      const envelopes = records.flatMap((record) => options.translate(record) ?? []);
      const outcomes = envelopes.length === 0 ? [] : await options.lane.submit(envelopes);
      const postponed = outcomes.find(({ outcome }) => outcome === 'unavailable');
      end(postponed === undefined);
      // Nothing is lost: the bus delivers the whole batch again, and the inbox knows which of it was handled.
      if (postponed?.outcome === 'unavailable') throw new Error(postponed.reason);
    },
    onDeath: options.onDeath,
  });
}
