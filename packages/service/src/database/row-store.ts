/**
 * Aggregates as rows: one statement to load many, one to add and one to change many. The statements are written once, from the
 * drizzle table that also makes the migrations; state keys are the table's keys, NULL is an absent key.
 */
import { together } from '@switchboard/hallway';
import type { Sql, Store, Versioned } from '@switchboard/hallway';
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { toIso } from './columns.ts';

type Nullable<T> = { [K in keyof T]: unknown extends T[K] ? never : null extends T[K] ? K : never }[keyof T];

/** The state a table holds: its row, with NULL columns as optional keys. */
export type StateOf<T extends PgTable> = Omit<T['$inferSelect'], Nullable<T['$inferSelect']>> & {
  [K in Nullable<T['$inferSelect']>]?: Exclude<T['$inferSelect'][K], null>;
};

const nothing = Promise.resolve([]);

type Row = Record<string, unknown>;
type Saved<S> = readonly { readonly state: S; readonly expected: number }[];

interface Column {
  readonly key: string;
  /** Quoted. */
  readonly name: string;
  /** PostgreSQL's name of the type. */
  readonly type: string;
  readonly isJson: boolean;
  readonly isInstant: boolean;
}

/**
 * A store over a table with `id text` and `version integer`. New rows are inserted, where the database itself raises a
 * conflict; others are updated where the stored version is the expected one, and the number of rows tells a conflict.
 */
export function rowStore<T extends PgTable>(table: T): Store<StateOf<T> & Versioned> {
  const columns = columnsOf(table);
  const name = quoted(getTableName(table));
  const read = `select ${columns.map(selected).join(', ')} from ${name} where id = any($1::text[])`;
  const lock = `${read} order by id for update`;
  const add = `${insert(name, columns)} returning 1`;
  const change = update(name, columns);
  const restore = restorer(columns) as (row: Row) => StateOf<T> & Versioned;
  return {
    load: async (sql, ids, mode) => {
      const rows = await sql.query<Row>(mode === 'lock' ? lock : read, [ids]);
      return rows.map(restore);
    },
    save: async (sql, rows) => {
      const added = rows.filter(({ expected }) => expected === 0);
      const changed = added.length === 0 ? rows : rows.filter(({ expected }) => expected > 0);
      const [news, others] = await together(
        added.length === 0 ? nothing : sql.query(add, parameters(columns, added)),
        changed.length === 0 ? nothing : sql.query(change, expecting(columns, changed)),
      );
      return news.length + others.length;
    },
    remove: (sql, ids) => removeRows(sql, name, ids),
  };
}

/**
 * A store for what is only ever added: messages, timeline entries. A second row of the same id or natural key is a
 * conflict, which the database itself raises.
 */
export function appendStore<T extends PgTable>(table: T): Store<StateOf<T> & Versioned> {
  const columns = columnsOf(table);
  const name = quoted(getTableName(table));
  const text = insert(name, columns);
  return {
    load: () => Promise.resolve([]),
    save: async (sql, rows) => {
      await sql.query(text, parameters(columns, rows));
      return rows.length;
    },
    remove: (sql, ids) => removeRows(sql, name, ids),
  };
}

async function removeRows(sql: Sql, name: string, ids: readonly string[]): Promise<number> {
  const rows = await sql.query(`delete from ${name} where id = any($1::text[]) returning 1`, [ids]);
  return rows.length;
}

function columnsOf(table: PgTable): Column[] {
  return Object.entries(getTableColumns(table)).map(([key, column]) => {
    const type = column.getSQLType();
    if (type.endsWith(']')) throw new Error(`${column.name}: arrays are not stored, use jsonb`);
    return {
      key,
      name: quoted(column.name),
      type,
      isJson: type === 'jsonb' || type === 'json',
      isInstant: type.startsWith('timestamp'),
    };
  });
}

const quoted = (name: string): string => `"${name}"`;
const names = (columns: readonly Column[]): string => columns.map((column) => column.name).join(', ');

/** Instants leave the server as text: pg would make a Date of each, only to have it turned into text again. */
function selected(column: Column): string {
  const value = column.isInstant || column.type === 'numeric' ? `${column.name}::text` : column.name;
  return `${value} as "${column.key}"`;
}

/** Everything but numbers and flags travels as text, which PostgreSQL takes in its binary form (see text-arrays.ts). */
const travelsAsItIs = new Set(['integer', 'boolean']);

function unnested(columns: readonly Column[], extra: readonly string[] = []): string {
  const wire = (column: Column): string => (travelsAsItIs.has(column.type) ? column.type : 'text');
  const arrays = columns.map((column, index) => `$${String(index + 1)}::${wire(column)}[]`);
  const added = extra.map((type, index) => `$${String(columns.length + index + 1)}::${type}[]`);
  const aliases = [...columns.map((column) => column.name), ...extra.map(() => 'expected')];
  const casts = columns.map(({ name, type }) => (type === 'text' || travelsAsItIs.has(type) ? name : cast(name, type)));
  const body = [...casts, ...extra.map(() => 'expected')].join(', ');
  return `(select ${body} from unnest(${[...arrays, ...added].join(', ')}) as u(${aliases.join(', ')})) as s`;
}

const cast = (name: string, type: string): string => `${name}::${type} as ${name}`;

/** A row of an id that is there already is a conflict, which the database itself raises. */
function insert(name: string, columns: readonly Column[]): string {
  return `insert into ${name} (${names(columns)}) select ${names(columns)} from ${unnested(columns)}`;
}

/** Rows whose version is another one are left alone, and missing in the answer. */
function update(name: string, columns: readonly Column[]): string {
  const settable = columns.filter((column) => column.key !== 'id');
  const set = settable.map((column) => `${column.name} = s.${column.name}`).join(', ');
  return `update ${name} as t set ${set} from ${unnested(columns, ['integer'])}
    where t.id = s.id and t.version = s.expected returning 1`;
}

/** One array a column, rows in id order so that two transactions never wait for each other crosswise. */
function parameters<S extends Versioned>(columns: readonly Column[], rows: Saved<S>): unknown[] {
  const states = inOrder(rows).map((row) => row.state as unknown as Row);
  return columns.map((column) => {
    const plain = states.map((state) => state[column.key] ?? null);
    if (travelsAsItIs.has(column.type)) return plain;
    return plain.map((value) =>
      value === null ? null : typeof value === 'string' && !column.isJson ? value : JSON.stringify(value),
    );
  });
}

function expecting<S extends Versioned>(columns: readonly Column[], rows: Saved<S>): unknown[] {
  return [...parameters(columns, rows), inOrder(rows).map((row) => row.expected)];
}

function inOrder<S extends Versioned>(rows: Saved<S>): Saved<S> {
  return rows.length < 2 ? rows : [...rows].sort((a, b) => (a.state.id < b.state.id ? -1 : 1));
}

function restorer(columns: readonly Column[]): (row: Row) => Row {
  return (row) => {
    const state: Row = {};
    for (const { key, isInstant } of columns) {
      const value = row[key];
      if (value === null || value === undefined) continue;
      state[key] = isInstant ? toIso(value as string) : value;
    }
    return state;
  };
}
