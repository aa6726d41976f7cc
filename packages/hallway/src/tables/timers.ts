/** Durable timers, unique by kind and id. `due` is in the database's (movable) time. */
import type { TimerChange, Trace } from '../domain.ts';
import type { TimerClaim } from '../envelope.ts';
import type { Sql } from '../ports.ts';
import { together } from '../together.ts';

export interface DueRow {
  readonly kind: string;
  readonly id: string;
  readonly due: Date;
  readonly data: unknown;
  readonly trace: Trace;
  readonly revision: string;
  /** By the database's clock, ms. */
  readonly lateMs: number;
}

/** The timers that are due, and how long it is until the next one that is not, as far as was looked ahead. */
export interface Due {
  readonly rows: readonly DueRow[];
  /** ms; undefined where none is due within the time looked ahead. */
  readonly nextInMs: number | undefined;
}

export interface Looked {
  /** Those that this replica knows: others are left to replicas that do. */
  readonly kinds: readonly string[];
  readonly limit: number;
  readonly aheadMs: number;
}

/**
 * Timers due by now or soon, oldest first, in one look; the clock is read once, so that the index serves. Nothing is
 * locked: the batch claims them after it holds the aggregates.
 */
export async function dueTimers(sql: Sql, { kinds, limit, aheadMs }: Looked): Promise<Due> {
  const found = await sql.query<DueRow & Record<string, unknown>>(
    `select kind, id, due, data, trace, revision::text, (extract(epoch from at.now - due) * 1000)::float8 as "lateMs"
       from timer, (select clock.now() as now offset 0) as at
      where due <= (select clock.now()) + $2 * interval '1 millisecond' and kind = any($3::text[])
      order by due limit $1`,
    [limit, aheadMs, kinds],
  );
  const first = found.findIndex(({ lateMs }) => lateMs < 0);
  if (first === -1) return { rows: found, nextInMs: undefined };
  return { rows: found.slice(0, first), nextInMs: -(found[first]?.lateMs ?? 0) };
}

/** Timers overdue by more than so long that no kind known here is of, by kind; counted up to a bound. */
export function unknownTimers(
  sql: Sql,
  {
    kinds,
    overdueMs,
    limit,
  }: { readonly kinds: readonly string[]; readonly overdueMs: number; readonly limit: number },
): Promise<{ kind: string; count: number }[]> {
  return sql.query(
    `select kind, count(*)::int as count
       from (select kind from timer where due <= (select clock.now()) - $2 * interval '1 millisecond'
                and kind <> all($1::text[]) limit $3) as few
      group by kind order by kind`,
    [kinds, overdueMs, limit],
  );
}

/** Takes timers exactly as they were read: one that was moved, cancelled or fired meanwhile is not claimed. */
export async function claimTimers(sql: Sql, claims: readonly TimerClaim[]): Promise<Set<string>> {
  if (claims.length === 0) return new Set();
  const rows = await sql.query<{ revision: string }>(
    `delete from timer t using unnest($1::text[], $2::text[], $3::bigint[]) as c(kind, id, revision)
      where t.kind = c.kind and t.id = c.id and t.revision = c.revision and t.due <= (select clock.now())
      returning t.revision::text`,
    [claims.map((c) => c.kind), claims.map((c) => c.id), claims.map((c) => c.revision)],
  );
  return new Set(rows.map((row) => row.revision));
}

export interface TracedTimer {
  readonly change: TimerChange;
  readonly trace: Trace;
}

/** @param timers one of each kind and id */
export async function saveTimers(sql: Sql, timers: readonly TracedTimer[]): Promise<void> {
  const set = [];
  const cancelled = [];
  for (const { change, trace } of timers) {
    if ('set' in change) set.push({ ...change.set, trace });
    else cancelled.push(change.cancel);
  }
  await together(upsertTimers(sql, set), deleteTimers(sql, cancelled));
}

async function deleteTimers(
  sql: Sql,
  timers: readonly { readonly kind: string; readonly id: string }[],
): Promise<void> {
  if (timers.length === 0) return;
  await sql.query(
    `delete from timer t using unnest($1::text[], $2::text[]) as c(kind, id) where t.kind = c.kind and t.id = c.id`,
    [timers.map(({ kind }) => kind), timers.map(({ id }) => id)],
  );
}

interface TimerRow {
  readonly kind: string;
  readonly id: string;
  readonly due: Date;
  readonly data?: unknown;
  readonly trace: Trace;
}

async function upsertTimers(sql: Sql, set: readonly TimerRow[]): Promise<void> {
  if (set.length === 0) return;
  await sql.query(
    `insert into timer (kind, id, due, data, trace)
     select k, i, d, x::jsonb, t::jsonb
       from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[]) as r(k, i, d, x, t)
      order by k, i
     on conflict (kind, id) do update
        set due = excluded.due, data = excluded.data, trace = excluded.trace, revision = nextval('timer_revision')`,
    [
      set.map((timer) => timer.kind),
      set.map((timer) => timer.id),
      set.map((timer) => timer.due),
      set.map((timer) => (timer.data === undefined ? null : JSON.stringify(timer.data))),
      set.map((timer) => JSON.stringify(timer.trace)),
    ],
  );
}
