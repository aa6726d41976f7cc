/** What PostgreSQL's time went to, by statement; needs `pg_stat_statements`. */
import type { Client } from 'pg';

/** Settings of a server that counts its statements. */
export const countingStatements = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.max': '2000' };

/** Counts from now on. */
export async function countStatements(client: Client): Promise<void> {
  await client.query('create extension if not exists pg_stat_statements');
  await client.query('select pg_stat_statements_reset()');
}

/** One paragraph: the statements with the most time in all. */
export async function statementReport(client: Client, most = 20): Promise<string> {
  const { rows } = await client.query<{ ms: number; calls: string; mean: number; rows: string; query: string }>(
    `select total_exec_time as ms, calls::text, mean_exec_time as mean, rows::text,
            left(regexp_replace(query, '\\s+', ' ', 'g'), 140) as query
       from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())
      order by total_exec_time desc limit $1`,
    [most],
  );
  const lines = rows.map(
    ({ ms, calls, mean, rows: count, query }) =>
      `  ${ms.toFixed(0).padStart(7)} ms  ${calls.padStart(7)} calls  ${mean.toFixed(3).padStart(8)} ms  ${count.padStart(8)} rows  ${query}`,
  );
  return ['\nstatements of PostgreSQL', ...lines, ''].join('\n');
}
