/** What came into a queue, and how long it took. */
import type { Sql } from '@switchboard/hallway';
import type { QueueDefinition } from '../domain/queues/definition.ts';

export async function readQueue(sql: Sql, id: string): Promise<QueueDefinition | undefined> {
  const [row] = await sql.query<{ readonly definition: QueueDefinition }>(
    'select definition from queue where id = $1',
    [id],
  );
  return row?.definition;
}

export interface Arrived {
  /** Beginning of the interval, ms. */
  readonly at: number;
  readonly count: number;
}

export interface Past {
  readonly queueId: string;
  readonly channel: string | undefined;
  /** ms; `from` is where intervals begin. */
  readonly from: number;
  readonly to: number;
}

const instant = (ms: number): string => new Date(ms).toISOString();

/** By interval; those in which nothing came are missing. */
export function readArrivals(sql: Sql, { queueId, channel, from, to }: Past, intervalMs: number): Promise<Arrived[]> {
  return sql.query<Arrived>(
    `select (extract(epoch from date_bin(make_interval(secs => $5::float8), enqueued_at, $3::timestamptz)) * 1000)::float8 as at,
            count(*)::int as count
       from work_item
      where queue_id = $1 and ($2::text is null or channel = $2)
        and enqueued_at >= $3::timestamptz and enqueued_at < $4::timestamptz
      group by 1 order by 1`,
    [queueId, channel ?? null, instant(from), instant(to), intervalMs / 1000],
  );
}

export interface Handling {
  /** Pieces of work that were finished. */
  readonly finished: number;
  readonly meanMs: number | null;
}

/** How long agents worked on what came in that time, pauses apart. */
export async function readHandling(sql: Sql, { queueId, channel, from, to }: Past): Promise<Handling> {
  const [row] = await sql.query<Handling>(
    `select count(*)::int as finished,
            avg(greatest(1000, extract(epoch from r.ended_at - r.accepted_at)::float8 * 1000 - coalesce(r.paused_ms, 0))) as "meanMs"
       from work_item i join reservation r on r.id = i.reservation_id
      where i.queue_id = $1 and ($2::text is null or i.channel = $2)
        and i.enqueued_at >= $3::timestamptz and i.enqueued_at < $4::timestamptz and r.ended_at > r.accepted_at`,
    [queueId, channel ?? null, instant(from), instant(to)],
  );
  return row ?? { finished: 0, meanMs: null };
}
