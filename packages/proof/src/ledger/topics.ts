/** Reads every topic from the beginning, as a service of another house would. */
import type { Bus, IncomingRecord } from '@switchboard/bus';
import { catalogue, deadLetterTopic, services, topics } from '@switchboard/contracts';
import { serviceNames, type SeenEvent, type ServiceName, type TopicEvent } from './snapshot.ts';

export interface TopicReader {
  /** Our own events so far, each as often as it was published. */
  events(): TopicEvent[];
  /** The published copies of dead letters so far. */
  deadLetters(): IncomingRecord[];
  /** Records not read yet. */
  lag(): Promise<number>;
  close(): Promise<void>;
}

export async function readTopics(bus: Bus, prefix: string, group: string): Promise<TopicReader> {
  const seen = new Map<string, IncomingRecord>();
  const subscription = await bus.subscribe({
    group,
    topics: [...topics(prefix), ...services.map((service) => deadLetterTopic(service, prefix))],
    onBatch: (records) => {
      // A reader gets records again after a fault of its own; that is not the house's doing.
      for (const record of records) seen.set(`${record.topic}/${String(record.partition)}/${record.offset}`, record);
      return Promise.resolve();
    },
    onDeath: (error) => {
      throw error;
    },
  });
  const inOrder = (): IncomingRecord[] =>
    [...seen.values()].sort(
      (a, b) =>
        Number(a.topic > b.topic) - Number(a.topic < b.topic) ||
        a.partition - b.partition ||
        Number(BigInt(a.offset) - BigInt(b.offset)),
    );
  return {
    events: () => inOrder().flatMap((record) => ownEvent(record) ?? []),
    deadLetters: () => inOrder().filter(({ topic }) => topic.endsWith('.dead-letters')),
    lag: () => subscription.lag(),
    close: () => subscription.close(),
  };
}

function ownEvent({ topic, partition, offset, headers, value }: IncomingRecord): TopicEvent | undefined {
  const service = serviceNames.find((name) => topic.endsWith(`.${name}`));
  if (service === undefined || headers['ce_source'] !== `/switchboard/${service}`) return undefined;
  const event = eventOf(service, headers, value?.toString() ?? null);
  return event === undefined ? undefined : { ...event, partition, offset: Number(offset) };
}

/** An event from what travels with it; nothing where it is none of our own. */
export function eventOf(
  service: ServiceName,
  headers: Readonly<Record<string, string>>,
  value: string | null,
): SeenEvent | undefined {
  const type = headers['ce_type'];
  if (type === undefined || value === null || !catalogue.has(type)) return undefined;
  return {
    service,
    type: type.slice(type.lastIndexOf('.') + 1),
    id: headers['ce_id'] ?? '',
    subject: headers['ce_subject'] ?? '',
    sequence: Number(headers['ce_sequence']),
    time: headers['ce_time'] ?? '',
    causationId: headers['ce_causationid'],
    data: JSON.parse(value) as Record<string, unknown>,
  };
}
