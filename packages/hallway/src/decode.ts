/** The service's own published rows as events again. */
import { decodeRecord } from '@switchboard/contracts';
import type { FeedEvent } from './definition.ts';
import type { HistoryRow } from './tables/outbox.ts';

/** Nothing for dead letters, which share the outbox. */
export function decodeStored(row: HistoryRow): FeedEvent | undefined {
  if (row.value === null) return undefined;
  const decoded = decodeRecord({
    topic: row.topic,
    partition: 0,
    offset: row.number.toString(),
    value: Buffer.from(row.value),
    headers: row.headers,
    timestamp: new Date(0),
  });
  return decoded.kind === 'event' ? { number: row.number, ...decoded.event } : undefined;
}
