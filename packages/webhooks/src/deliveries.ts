/** Deliveries: those to come are effects of the hallway, those that are over rows of their own. */
import { newId } from '@switchboard/hallway';
import type { Sql, TracedEffect } from '@switchboard/hallway';

export const DELIVERY = 'webhook';
export const REPLAY = 'webhook-replay';

/** Deliveries of one subscription wait for each other alone. */
export const queueOf = (webhookId: string): string => `${DELIVERY}:${webhookId}`;
/** Tests go past whatever waits. */
export const testQueueOf = (webhookId: string): string => `webhook-test:${webhookId}`;

export interface Attempt {
  readonly at: string;
  readonly durationMs: number;
  /** Of the answer; absent where none came. */
  readonly status?: number;
  /** Why it counts as none. */
  readonly error?: string;
}

/** Why there is a delivery. */
export type Cause = 'event' | 'replay' | 'test';

/** The data of the effect. */
export interface Delivery {
  readonly webhookId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly cause: Cause;
  /** Where the event stands in the history. */
  readonly number?: string;
  /** What is sent, once it was sent in vain: the history may be gone before the last attempt. */
  readonly body?: string;
  readonly attempts: readonly Attempt[];
}

export type DeliveryStatus = 'pending' | 'succeeded' | 'failed' | 'canceled';

/** A published event, as far as its delivery has to know it. */
export interface EventRow {
  readonly number: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function deliveryOf(webhookId: string, { number, headers }: EventRow, cause: Cause): TracedEffect {
  const eventId = headers['ce_id'] ?? '';
  const data: Delivery = {
    ...{ webhookId, eventId, eventType: headers['ce_type'] ?? '', cause, number, attempts: [] },
  };
  return {
    request: { kind: DELIVERY, id: newId(), queue: queueOf(webhookId), data },
    trace: { correlationId: headers['ce_correlationid'] ?? eventId, causationId: eventId },
  };
}

/** Published events behind a number, up to another one; dead letters share the table and are none. */
export async function eventsBehind(
  sql: Sql,
  range: { readonly after: string; readonly last?: string },
  limit: number,
): Promise<EventRow[]> {
  const rows = await sql.query<{ number: string; headers: string }>(
    `select h.number::text, h.headers from outbox_history h
      where h.number > $1::bigint and h.number <= coalesce($2::bigint, 9223372036854775807) and h.value is not null
      order by h.number limit $3`,
    [range.after, range.last ?? null, limit],
  );
  return rows.map(({ number, headers }) => ({ number, headers: JSON.parse(headers) as EventRow['headers'] }));
}

/** What a delivery that is over leaves behind. */
export interface EndedDelivery {
  readonly id: string;
  readonly status: Exclude<DeliveryStatus, 'pending'>;
  readonly delivery: Delivery;
}

export async function logDeliveries(sql: Sql, ended: readonly EndedDelivery[]): Promise<void> {
  const of = (field: 'webhookId' | 'eventId' | 'eventType' | 'cause'): string[] =>
    ended.map(({ delivery }) => delivery[field]);
  await sql.query(
    `insert into webhook_delivery (id, webhook_id, event_id, event_type, cause, status, attempts)
     select i::uuid, w, e::uuid, t, c, s, a::jsonb
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as r(i, w, e, t, c, s, a)`,
    [
      ended.map(({ id }) => id),
      ...[of('webhookId'), of('eventId'), of('eventType'), of('cause')],
      ended.map(({ status }) => status),
      ended.map(({ delivery }) => JSON.stringify(delivery.attempts)),
    ],
  );
}

/** Ends what waits in a queue without calling anybody, at most so much of it; answers how much it was. */
export async function cancelQueue(sql: Sql, queue: string, limit: number): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `with gone as (delete from effect where ctid = any(array(
         select ctid from effect where queue = $1 and leased_until <= clock_timestamp() limit $2 for update skip locked))
       returning id, data),
     held as (delete from effect_hold where queue = $1),
     kept as (insert into webhook_delivery (id, webhook_id, event_id, event_type, cause, status, attempts)
       select id::uuid, data->>'webhookId', (data->>'eventId')::uuid, data->>'eventType', data->>'cause', 'canceled',
              data->'attempts' from gone)
     select count(*)::int as count from gone`,
    [queue, limit],
  );
  return row?.count ?? 0;
}

/** Queues of subscriptions that get nothing any more. */
export async function abandonedQueues(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ queue: string }>(
    `with recursive queues as (
       (select queue from effect where queue >= $1 and queue < $2 order by queue limit 1)
       union all
       select (select e.queue from effect e where e.queue > q.queue and e.queue < $2 order by e.queue limit 1)
         from queues q where q.queue is not null)
     select queue from queues where queue is not null
        and not exists (select from webhook w where w.active and w.id = substr(queue, length($1) + 1))`,
    [`${DELIVERY}:`, `${DELIVERY};`],
  );
  return rows.map(({ queue }) => queue);
}

/** How many wait, counted up to a bound. */
export async function countPending(sql: Sql, queue: string, most: number): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    'select count(*)::int as count from (select from effect where queue = $1 limit $2) e',
    [queue, most],
  );
  return row?.count ?? 0;
}
