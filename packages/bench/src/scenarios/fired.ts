/** How late timers fired, from the events they made: each tells which timer it was, and when it was decided. */
import type { Client } from 'pg';
import { createHistogram, type LatencyHistogram } from '../report/histogram.ts';
import { TARGET_MS } from '../seed/clocks.ts';

export interface Fired {
  readonly events: number;
  readonly different: number;
  readonly early: number;
  readonly lateness: LatencyHistogram;
  readonly published: LatencyHistogram;
}

export interface FiredSpan {
  /** When the first timer was due, ISO 8601. */
  readonly from: string;
  /** The measured part begins so much later. */
  readonly afterS: number;
  readonly seconds: number;
}

/** Of the clocks that `seedClocks` made: those whose timers were due in the measured part. */
export async function readFired(client: Client, { from: first, afterS, seconds }: FiredSpan): Promise<Fired> {
  const from = `timestamptz '${first}' + interval '${String(afterS)} s'`;
  const until = `${from} + interval '${String(seconds)} s'`;
  await client.query('drop table if exists fired');
  await client.query(`create temporary table fired as
    select clock->>'id' as id, share, due, at, published from (
      select value::jsonb->'clock' as clock, value::jsonb->>'share' as share,
        (value::jsonb->'clock'->>'startedAt')::timestamptz
          + coalesce((value::jsonb->>'share')::float8, 1) * interval '${String(TARGET_MS)} ms' as due,
        (headers::jsonb->>'ce_time')::timestamptz as at,
        published_at + (select moved from clock.shift) as published
      from sla.outbox_history
      where headers::jsonb->>'ce_type' in ('switchboard.sla.v1.ClockWarned', 'switchboard.sla.v1.ClockBreached')) events
    where due >= ${from} and due < ${until}`);
  const { rows } = await client.query<Record<'events' | 'different' | 'early', string>>(
    `select count(*)::text as events, count(distinct (id, share))::text as different,
       (count(*) filter (where at < due))::text as early from fired`,
  );
  const [row] = rows;
  return {
    events: Number(row?.events),
    different: Number(row?.different),
    early: Number(row?.early),
    lateness: await histogramOf(client, 'at'),
    published: await histogramOf(client, 'published'),
  };
}

async function histogramOf(client: Client, column: 'at' | 'published'): Promise<LatencyHistogram> {
  const { rows } = await client.query<{ ms: number; times: number }>(
    `select round(extract(epoch from ${column} - due) * 1000)::float8 as ms, count(*)::int as times from fired group by 1`,
  );
  const histogram = createHistogram();
  for (const { ms: late, times } of rows) for (let one = 0; one < times; one += 1) histogram.record(late);
  return histogram;
}
