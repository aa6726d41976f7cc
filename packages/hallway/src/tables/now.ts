/** The installation's own time: the database's (movable) clock. */
import type { Sql } from '../ports.ts';

/** In whole milliseconds: never later than what the database says. */
export async function databaseNow(sql: Sql): Promise<Date> {
  const [row] = await sql.query<{ now: number }>('select (extract(epoch from clock.now()) * 1000)::float8 as now');
  if (row === undefined) throw new Error('a query without from answers one row');
  return new Date(Math.floor(row.now));
}
