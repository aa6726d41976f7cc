/** What a subscriber gets. */

/** An event as it was published: the attributes of the record, and its data as JSON. */
export interface PublishedRow {
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** Bytes of a body. Many receivers take no more than 100,000. */
export const MOST_BYTES = 65_536;

/**
 * `{type, timestamp, subject, sequence, data}`: the event's type, time, aggregate and the aggregate's version, and its data as
 * published. Of an event that is too large `data` is null and `omitted` says how large it is: it is read by REST, by `subject`.
 */
export function bodyOf({ headers, value }: PublishedRow): string {
  const head = JSON.stringify({
    type: headers['ce_type'],
    timestamp: headers['ce_time'],
    subject: headers['ce_subject'],
    sequence: Number(headers['ce_sequence']),
  }).slice(0, -1);
  const body = `${head},"data":${value}}`;
  if (Buffer.byteLength(body) <= MOST_BYTES) return body;
  const omitted = { bytes: Buffer.byteLength(value), most: MOST_BYTES };
  return `${head},"data":null,"omitted":${JSON.stringify(omitted)}}`;
}

/** What `POST …/test` sends. */
export function testBody(webhookId: string, at: Date): string {
  return JSON.stringify({ type: 'webhook.test', timestamp: at.toISOString(), data: { webhookId } });
}
