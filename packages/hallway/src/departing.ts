/** What leaves a batch for the bus: events and copies of dead letters, none larger than the bus carries. */
import { encodeEvent, type PublishedEvent, type Service } from '@switchboard/contracts';
import type { NewDeadLetter } from './tables/dead-letters.ts';
import type { OutboxRow } from './tables/outbox.ts';

/** The bus takes records of 1,000,000 bytes; what surrounds a value is counted roughly here. */
const MOST_BYTES = 990_000;
const HEADER_BYTES = 10;

/**
 * An event that no bus would carry. Found before the commit: a row in the outbox that cannot be published would stand
 * in the way of everything behind it.
 */
class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError';
  constructor(type: string, bytes: number) {
    super(
      `its event ${type} would have ${String(bytes)} bytes, more than the ${String(MOST_BYTES)} that can be published`,
    );
  }
}

/** An event as a row of the outbox. @throws EventTooLargeError */
export function eventRow(event: PublishedEvent, origin: { service: Service; prefix: string }): OutboxRow {
  const { topic, key, headers, value } = encodeEvent(event, origin);
  const bytes = value.length + framing(key, headers);
  if (bytes > MOST_BYTES) throw new EventTooLargeError(event.type, bytes);
  return { topic, key, headers, value: value.toString() };
}

/**
 * The published copy of a dead letter: the original bytes and headers, with why and where from beside them. What the
 * record's size leaves no room for is named in `sb_omitted`; the table has it.
 */
export function deadLetterRow({ record, burial }: NewDeadLetter, topic: string): OutboxRow {
  const added = {
    sb_reason: burial.reason,
    sb_error: burial.error.slice(0, 1000).toWellFormed(),
    sb_topic: record?.topic ?? '',
    sb_partition: String(record?.partition ?? ''),
    sb_offset: record?.offset ?? '',
  };
  const key = packKey(record?.key);
  const whole = { topic, key, headers: { ...record?.headers, ...added }, value: null, bytes: record?.value ?? null };
  if (fits(whole)) return whole;
  const withoutValue = { ...whole, headers: { ...whole.headers, sb_omitted: 'value' }, bytes: null };
  if (fits(withoutValue)) return withoutValue;
  return {
    topic,
    key: packKey(null),
    headers: { ...added, sb_omitted: 'key, headers, value' },
    value: null,
    bytes: null,
  };
}

/** Keys of strangers are bytes, or none; the outbox holds text. */
function packKey(key: Buffer | null | undefined): string {
  return key === null || key === undefined ? NO_KEY : key.toString('base64');
}

/** Is no base64. */
const NO_KEY = '-';

/** The key that `deadLetterRow` wrote, as it came. */
export function unpackKey(packed: string): Buffer | null {
  return packed === NO_KEY ? null : Buffer.from(packed, 'base64');
}

function fits({ key, headers, bytes }: OutboxRow): boolean {
  return (bytes?.length ?? 0) + framing(key, headers) <= MOST_BYTES;
}

function framing(key: string, headers: Readonly<Record<string, string>>): number {
  return Object.entries(headers).reduce(
    (sum, [name, value]) => sum + HEADER_BYTES + Buffer.byteLength(name) + Buffer.byteLength(value),
    Buffer.byteLength(key),
  );
}
