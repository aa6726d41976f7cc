/** How long what is done is kept: partitions by time leave whole, other rows some at a time. */
import type { Sql } from '../ports.ts';

/** All in ms of real time. */
export interface Windows {
  /** Published events, for the live feed and for repairs. */
  readonly history: number;
  /** Ids of handled messages: longer than the bus keeps a record, or a record read anew is handled anew. */
  readonly inbox: number;
  /** Answers given under an Idempotency-Key. */
  readonly answers: number;
  /** Dead letters after their replay; one that nobody replayed stays. */
  readonly replayed: number;
}

const DAY = 24 * 3_600_000;

/** Partitions are a day long, or a part of windows up to a day: what is kept is little more than the window. */
export function partitionSize(window: number): number {
  return window > DAY ? DAY : Math.max(1000, Math.floor(window / 24_000) * 1000);
}

/** Makes partitions ahead of the present and drops those behind their windows. Each table in a transaction of its own. */
export async function keepPartitions(sql: Sql, windows: Pick<Windows, 'history' | 'inbox'>): Promise<void> {
  const tables = [
    { table: 'inbox', window: windows.inbox },
    { table: 'outbox_history', window: windows.history },
  ];
  for (const { table, window } of tables) {
    await sql.query(
      `select keep_partitions($1::regclass, $2 * interval '1 millisecond', $3 * interval '1 millisecond')`,
      [table, partitionSize(window), window],
    );
  }
  // Own ids that came too late for their partition; other ids have no time and stay.
  await sql.query(
    `delete from inbox_other where message_id < first_uuid_at(clock_timestamp() - $1 * interval '1 millisecond')
        and substr(message_id::text, 15, 1) = '7'`,
    [windows.inbox],
  );
}

/** Removes at most so many answers and so many replayed dead letters; answers whether there may be more. */
export async function removeExpired(
  sql: Sql,
  { answers, replayed }: Pick<Windows, 'answers' | 'replayed'>,
  limit: number,
): Promise<boolean> {
  const removed = await Promise.all([
    sql.query<{ count: number }>(
      `with gone as (delete from idempotency where ctid = any(array(
         select ctid from idempotency where at < clock_timestamp() - $1 * interval '1 millisecond' order by at limit $2))
         returning 1) select count(*)::int as count from gone`,
      [answers, limit],
    ),
    sql.query<{ count: number }>(
      `with gone as (delete from dead_letter where id = any(array(
         select id from dead_letter where replayed_at < clock_timestamp() - $1 * interval '1 millisecond'
          order by replayed_at limit $2)) returning 1) select count(*)::int as count from gone`,
      [replayed, limit],
    ),
  ]);
  return removed.some(([row]) => row?.count === limit);
}
