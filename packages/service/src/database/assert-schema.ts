/** Whether the migrations made what the drizzle tables say. */
import type { Sql } from '@switchboard/hallway';
import { getTableConfig } from 'drizzle-orm/pg-core';
import type { PgTable } from 'drizzle-orm/pg-core';

interface Stored {
  readonly column: string;
  readonly type: string;
  readonly required: boolean;
  readonly key: boolean;
}

/**
 * Compares every table with the database: columns, types, nullability, primary key.
 * @throws with one line for each difference
 */
export async function assertSchema(sql: Sql, tables: readonly PgTable[]): Promise<void> {
  const differences: string[] = [];
  for (const table of tables) differences.push(...(await compare(sql, table)));
  if (differences.length > 0) throw new Error(`migrations and schema differ:\n${differences.join('\n')}`);
}

async function compare(sql: Sql, table: PgTable): Promise<string[]> {
  const { name, columns, primaryKeys } = getTableConfig(table);
  const stored = await storedColumns(sql, name);
  const inKey = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
  const declared = columns.map((column) => ({
    column: column.name,
    type: spelled(column.getSQLType()),
    required: column.notNull || column.primary || inKey.has(column.name),
    key: column.primary || inKey.has(column.name),
  }));
  const lines = new Set(declared.map((column) => describe(name, column)));
  const found = new Set(stored.map((column) => describe(name, column)));
  return [
    ...[...lines].filter((line) => !found.has(line)).map((line) => `declared only: ${line}`),
    ...[...found].filter((line) => !lines.has(line)).map((line) => `stored only: ${line}`),
  ];
}

function storedColumns(sql: Sql, table: string): Promise<Stored[]> {
  return sql.query<Stored & Record<string, unknown>>(
    `select a.attname as column, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
            coalesce(a.attnum = any(i.indkey), false) as key
       from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
      where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped`,
    [`"${table}"`],
  );
}

/** drizzle's spelling of a type, as PostgreSQL says it. */
function spelled(type: string): string {
  const known: Record<string, string> = {
    bigserial: 'bigint',
    serial: 'integer',
    timestamp: 'timestamp without time zone',
  };
  return known[type] ?? type.replace(/^timestamp \(/, 'timestamp(').replace(/^varchar/, 'character varying');
}

function describe(table: string, column: Stored): string {
  return `${table}.${column.column} ${column.type}${column.required ? ' not null' : ''}${column.key ? ' key' : ''}`;
}
