/** What is still to be done, for whoever watches: index look-ups and counts up to a bound, in one statement. */
import type { Sql } from '../ports.ts';

/** Ages in seconds; null where there is nothing. */
export interface Backlog {
  readonly outbox: number;
  readonly outboxAge: number | null;
  /** How late the most overdue timer of a known kind is. */
  readonly timerLag: number | null;
  /** Timers that nobody here knows, overdue for some time. */
  readonly unknownTimers: number;
  readonly waiting: number;
  readonly waitingAge: number | null;
  readonly effects: number;
  /** How late the most overdue call is, of queues whose last call did not fail. */
  readonly effectLag: number | null;
  /** Those that nobody replayed. */
  readonly deadLetters: number;
  /** For how long there are partitions. */
  readonly partitionsAhead: number | null;
}

/** Counting stops here: beyond it the ages say more. */
const MOST_COUNTED = 10_000;

export interface Watched {
  readonly waitingWindowMs: number;
  /** Kinds of timers that this replica knows. */
  readonly timerKinds: readonly string[];
  /** When timers of other kinds are told, ms after they were due. */
  readonly unclaimedMs: number;
}

export async function readBacklog(sql: Sql, { waitingWindowMs, timerKinds, unclaimedMs }: Watched): Promise<Backlog> {
  const [row] = await sql.query<Backlog>(
    `with recursive queues as (
       (select queue from effect order by queue limit 1)
       union all
       select (select e.queue from effect e where e.queue > q.queue order by e.queue limit 1)
         from queues q where q.queue is not null)
     select
       (select count(*)::int from (select from outbox limit $1) o) as outbox,
       (select extract(epoch from clock_timestamp() - at)::float8 from outbox order by seq limit 1) as "outboxAge",
       (select extract(epoch from (select clock.now()) - due)::float8 from timer
         where due <= (select clock.now()) and kind = any($3::text[]) order by due limit 1) as "timerLag",
       (select count(*)::int from (select from timer where due <= (select clock.now()) - $4 * interval '1 millisecond'
           and kind <> all($3::text[]) limit $1) u) as "unknownTimers",
       (select count(*)::int from (select from waiting limit $1) w) as waiting,
       (select extract(epoch from clock_timestamp() - expires_at)::float8 + $2 from waiting
         order by expires_at limit 1) as "waitingAge",
       (select count(*)::int from (select from effect limit $1) e) as effects,
       (select extract(epoch from (select clock.now()) - min(first.due))::float8
          from queues q cross join lateral (
            select e.due from effect e where e.queue = q.queue and e.due <= (select clock.now()) order by e.due limit 1) first
         where not exists (select from effect_hold h where h.queue = q.queue)) as "effectLag",
       (select count(*)::int from (select from dead_letter where replayed_at is null limit $1) d) as "deadLetters",
       (select extract(epoch from max(partition_end(inhrelid)) - clock_timestamp())::float8 from pg_inherits
         where inhparent = 'outbox_history'::regclass) as "partitionsAhead"`,
    [MOST_COUNTED, waitingWindowMs / 1000, timerKinds, unclaimedMs],
  );
  if (row === undefined) throw new Error('a query without from answers one row');
  return row;
}
