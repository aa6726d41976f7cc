/** Whether there is anything to do, for all tables that somebody waits for, in one statement of index probes. */
import type { Sql } from '../ports.ts';

export interface Sight {
  /** Something is to be published. */
  readonly outbox: boolean;
  /** A timer is due, or will be before the next look. */
  readonly timers: boolean;
  /** A call is due that nobody makes. */
  readonly effects: boolean;
  /** The newest number of the feed; 0 before anything was published. */
  readonly newest: bigint;
}

export interface Lookout {
  readonly timerKinds: readonly string[];
  readonly aheadMs: number;
}

/**
 * Ordered, each of them: what is compared with the clock is unknown to the planner, which else takes a third of the timers
 * for due and reads the table from its beginning to find one; and the beginning of an outbox is full of rows that are gone.
 */
export async function lookAround(sql: Sql, { timerKinds, aheadMs }: Lookout): Promise<Sight> {
  const [row] = await sql.query<Record<'outbox' | 'timers' | 'effects', true | null> & { newest: string | null }>(
    `select (select true from outbox order by seq limit 1) as outbox,
            (select true from timer where due <= (select clock.now()) + $1 * interval '1 millisecond'
                and kind = any($2::text[]) order by due limit 1) as timers,
            (select true from effect where due <= (select clock.now()) and leased_until <= clock_timestamp()
              order by due limit 1) as effects,
            (select number from outbox_history order by number desc limit 1)::text as newest`,
    [aheadMs, timerKinds],
  );
  return {
    outbox: row?.outbox ?? false,
    timers: row?.timers ?? false,
    effects: row?.effects ?? false,
    newest: BigInt(row?.newest ?? 0),
  };
}
