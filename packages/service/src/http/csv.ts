/** CSV as downloads have it. */
import { stringify } from 'csv-stringify/sync';

/** Numbers of ours may be negative and are no formulas. */
const cast = { number: (value: number) => ({ value: String(value), escape_formulas: false }) };

/** Lines of these columns, by name; a column that a row lacks is empty. */
export interface Csv {
  readonly header: string;
  lines(rows: readonly object[]): string;
}

/** RFC 4180, in UTF-8; texts that a spreadsheet would take for a formula begin with an apostrophe. */
export function csvOf(columns: readonly string[]): Csv {
  const options = {
    columns,
    escape_formulas: true,
    cast,
    record_delimiter: 'windows',
    quote_record_delimiter: true,
  } as const;
  return {
    header: stringify([], { ...options, header: true }),
    lines: (rows) => stringify([...rows], options),
  };
}
