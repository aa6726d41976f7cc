/**
 * The incident log of an IT company (UCI 498): one row for each change of a case, from a zip, without unpacking it to disk.
 *
 * What leaks the future is named and kept apart: `resolved_at`, `closed_at`, `closed_code` and `resolved_by` stand on every
 * row of a case from its first one on. `made_sla` is read of the last row alone: that is the outcome.
 */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { open } from 'yauzl';

/** What a row tells of the instant it was written. Nothing else of a row may be known before the case is over. */
export interface Change {
  /** ms since 1970; the log states no zone and is read as UTC. */
  readonly at: number;
  readonly state: string;
  readonly priority: number;
  readonly team: string | undefined;
  readonly category: string | undefined;
  readonly subcategory: string | undefined;
  /** Who has it. */
  readonly agent?: string | undefined;
  /** Who wrote the row. */
  readonly by?: string | undefined;
}

/** What became of a case: to be known at its last change, never before. */
export interface Ending {
  readonly madeSla: boolean;
  /** When it was resolved for good; the log lacks it on some. */
  readonly resolvedAt: number | undefined;
  /** The last change. */
  readonly closedAt: number;
}

export interface Incident {
  readonly id: string;
  readonly openedAt: number;
  /** In order. */
  readonly changes: readonly Change[];
  readonly ending: Ending;
}

type Row = Record<string, string>;

/** Columns that stand on every row although they are known at the end alone. */
export const FUTURE_COLUMNS = ['made_sla', 'resolved_at', 'closed_at', 'closed_code', 'resolved_by'] as const;

/** @throws when the zip holds no CSV, or the CSV lacks a column */
export async function readIncidents(zip: string): Promise<Incident[]> {
  const rows = new Map<string, Row[]>();
  const parser = parse({ columns: unlike, skip_empty_lines: true });
  parser.on('readable', () => {
    for (let row = parser.read() as Row | null; row !== null; row = parser.read() as Row | null) {
      const id = text(row, 'number') ?? '';
      const own = rows.get(id);
      if (own === undefined) rows.set(id, [row]);
      else own.push(row);
    }
  });
  await pipeline(await openCsv(zip), parser);
  return [...rows]
    .map(([id, own]) => incidentOf(id, own))
    .sort((a, b) => a.openedAt - b.openedAt || compare(a.id, b.id));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Those that are read. */
const COLUMNS = new Set([
  ...['number', 'ident_state', 'sys_mod_count', 'opened_at', 'sys_updated_at', 'priority', 'assignment_group'],
  ...['category', 'category_2', 'made_sla', 'resolved_at', 'assigned_to', 'sys_updated_by'],
]);

/** Two columns have one name: the second one is the finer. What is not read is skipped. */
function unlike(header: string[]): (string | false)[] {
  const seen = new Set<string>();
  return header.map((name) => {
    const own = seen.has(name) ? `${name}_2` : name;
    seen.add(name);
    return COLUMNS.has(own) ? own : false;
  });
}

function openCsv(zip: string): Promise<Readable> {
  return new Promise((resolve, reject) => {
    open(zip, { lazyEntries: true }, (error, file) => {
      if (error !== null) {
        reject(error);
        return;
      }
      file.on('error', reject);
      file.on('end', () => {
        reject(new Error(`${zip} holds no .csv`));
      });
      file.on('entry', (entry: { fileName: string }) => {
        if (!entry.fileName.endsWith('.csv')) {
          file.readEntry();
          return;
        }
        file.openReadStream(entry as never, (failed, stream) => {
          if (failed === null) resolve(stream);
          else reject(failed);
        });
      });
      file.readEntry();
    });
  });
}

/** The rows of one case, as they stand in the log. */
export function incidentOf(id: string, rows: readonly Row[]): Incident {
  const ordered = [...rows].sort((a, b) => whole(a, 'sys_mod_count') - whole(b, 'sys_mod_count'));
  const [first] = ordered;
  const last = ordered.at(-1);
  if (first === undefined || last === undefined) throw new Error(`case ${id} has no rows`);
  const closedAt = Math.max(...ordered.map((row) => instant(row, 'sys_updated_at')));
  const resolved = text(last, 'resolved_at');
  return {
    id,
    openedAt: instant(first, 'opened_at'),
    changes: ordered.map(changeOf),
    ending: {
      madeSla: text(last, 'made_sla') === 'true',
      resolvedAt: resolved === undefined ? undefined : parseInstant(resolved),
      closedAt,
    },
  };
}

function changeOf(row: Row): Change {
  return {
    at: instant(row, 'sys_updated_at'),
    state: text(row, 'ident_state') ?? '',
    priority: Number.parseInt(text(row, 'priority') ?? '', 10),
    team: text(row, 'assignment_group'),
    category: text(row, 'category'),
    subcategory: text(row, 'category_2'),
    agent: text(row, 'assigned_to'),
    by: text(row, 'sys_updated_by'),
  };
}

/** `?` is a missing value. */
function text(row: Row, column: string): string | undefined {
  const value = row[column]?.trim();
  return value === undefined || value === '' || value === '?' ? undefined : value;
}

function whole(row: Row, column: string): number {
  const value = Number(text(row, column) ?? 0);
  return Number.isInteger(value) ? value : 0;
}

function instant(row: Row, column: string): number {
  const value = text(row, column);
  if (value === undefined) throw new Error(`case ${row['number'] ?? ''} lacks ${column}`);
  return parseInstant(value);
}

/** `29/2/2016 01:16` */
export function parseInstant(value: string): number {
  const found = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/.exec(value);
  if (found === null) throw new Error(`"${value}" is no d/m/yyyy HH:MM`);
  const [day, month, year, hour, minute] = found.slice(1).map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute);
}
