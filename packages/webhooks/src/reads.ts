/** What the doors show: deliveries to come and past, and how a subscriber is doing. */
import { addEffects, newId } from '@switchboard/hallway';
import type { Sql } from '@switchboard/hallway';
import { DELIVERY, queueOf, testQueueOf } from './deliveries.ts';
import type { Attempt, Cause, DeliveryStatus } from './deliveries.ts';
import { testDelivery } from './deliver.ts';
import { testBody } from './payload.ts';

export interface ListedDelivery {
  /** UUIDv7: in the order in which they arose. */
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly cause: Cause;
  readonly status: DeliveryStatus;
  readonly attempts: readonly Attempt[];
  readonly createdAt: string;
  /** Of a pending one. */
  readonly nextAttemptAt: string | null;
  readonly endedAt: string | null;
}

export interface DeliveryFilter {
  readonly status?: DeliveryStatus | undefined;
  /** Arose then or later, and before. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** The last id of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

interface Row extends Omit<ListedDelivery, 'createdAt' | 'nextAttemptAt' | 'endedAt'> {
  readonly next: number | null;
  readonly ended: number | null;
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** Pending ones of a queue; `$2` … `$6`: before, from, to, status, limit. */
const waiting = (queue: string): string => `(
  select e.id::uuid as id, e.data->>'eventId' as "eventId", e.data->>'eventType' as "eventType", e.data->>'cause' as cause,
         'pending' as status, e.data->'attempts' as attempts, ${ms('greatest(e.due, h.held_until)')} as next, null::float8 as ended
    from effect e left join effect_hold h on h.queue = e.queue
   where e.queue = ${queue} and e.id < coalesce($2::text, 'g') and ($5::text is null or $5 = 'pending')
     and e.id >= coalesce(first_uuid_at($3::timestamptz)::text, '') and e.id < coalesce(first_uuid_at($4::timestamptz)::text, 'g')
   order by e.id desc limit $6)`;

/** Newest first. */
export async function listDeliveries(
  sql: Sql,
  webhookId: string,
  { status, from, to, before, limit }: DeliveryFilter,
): Promise<ListedDelivery[]> {
  const rows = await sql.query<Row>(
    `select * from (${waiting('$7')} union all ${waiting('$8')} union all (
       select id, event_id::text, event_type, cause, status, attempts, null, ${ms('ended_at')} from webhook_delivery
        where webhook_id = $1 and id < coalesce($2::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
          and ($5::text is null or $5 = status)
          and id >= coalesce(first_uuid_at($3::timestamptz), '00000000-0000-0000-0000-000000000000')
          and id < coalesce(first_uuid_at($4::timestamptz), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
        order by id desc limit $6)) d order by id desc limit $6`,
    [
      ...[webhookId, before ?? null, from?.toISOString() ?? null, to?.toISOString() ?? null, status ?? null, limit],
      ...[queueOf(webhookId), testQueueOf(webhookId)],
    ],
  );
  return rows.map(({ next, ended, ...row }) => ({
    ...row,
    createdAt: instantOf(row.id),
    nextAttemptAt: next === null ? null : new Date(next).toISOString(),
    endedAt: ended === null ? null : new Date(ended).toISOString(),
  }));
}

/** The first 48 bits of a UUIDv7 are ms since 1970. */
const instantOf = (id: string): string => new Date(parseInt(id.replace('-', '').slice(0, 12), 16)).toISOString();

export interface QueueState {
  /** Deliveries that wait, counted up to 10,000. */
  readonly pending: number;
  /** Attempts that failed in a row, since when, and until when nothing is sent. */
  readonly failures: number;
  readonly failingSince?: string;
  readonly heldUntil?: string;
}

const MOST_COUNTED = 10_000;

export async function queueState(sql: Sql, webhookId: string): Promise<QueueState> {
  const [row] = await sql.query<{ pending: number; failures: number | null; since: Date | null; held: Date | null }>(
    `select (select count(*)::int from (select from effect where queue = $1 limit $2) e) as pending,
            h.failures, h.failing_since as since, h.held_until as held
       from (select) as one left join effect_hold h on h.queue = $1`,
    [queueOf(webhookId), MOST_COUNTED],
  );
  if (row === undefined) throw new Error('a query without where answers one row');
  return {
    pending: row.pending,
    failures: row.failures ?? 0,
    ...(row.since === null ? {} : { failingSince: row.since.toISOString() }),
    ...(row.held === null ? {} : { heldUntil: row.held.toISOString() }),
  };
}

/** Lets a test event be sent once, past everything that waits; answers the delivery's id. */
export async function sendTest(sql: Sql, webhookId: string): Promise<string> {
  const id = newId();
  const data = testDelivery(webhookId, 'webhook.test', testBody(webhookId, new Date()));
  const request = { kind: DELIVERY, id, queue: testQueueOf(webhookId), data };
  await addEffects(sql, [{ request, trace: { correlationId: id } }]);
  return id;
}
