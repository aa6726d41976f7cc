/** The service's own published rows as events again. */
import { decodeRecord, type ReceivedEvent } from '@switchboard/contracts';
import type { FeedEvent } from './definition.ts';
import type { HistoryRow, OutboxRow } from './tables/outbox.ts';

/** Nothing for dead letters, which share the outbox. */
export function decodeStored(row: HistoryRow): FeedEvent | undefined {
  const event = decodeRow(row, row.number.toString());
  return event && { number: row.number, ...event };
}

/** The same of what is not published yet. */
export const decodeSaid = (row: OutboxRow): ReceivedEvent | undefined => decodeRow(row, '0');

function decodeRow({ topic, value, headers }: OutboxRow, offset: string): ReceivedEvent | undefined {
  if (value === null) return undefined;
  const record = { topic, partition: 0, offset, value: Buffer.from(value), headers, timestamp: new Date(0) };
  const decoded = decodeRecord(record);
  return decoded.kind === 'event' ? decoded.event : undefined;
}
