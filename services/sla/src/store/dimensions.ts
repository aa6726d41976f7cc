/** Reads dimensions. */
import type { Sql } from '@switchboard/hallway';
import { compiledDimensions } from '../domain/dimensions/compile.ts';
import type { DimensionDefinition, Dimensions } from '../domain/dimensions/state.ts';

interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly definition: DimensionDefinition;
  readonly updatedAt: Date | string;
}

const read = 'select id, definition, updated_at as "updatedAt" from dimension order by id';

export async function loadDimensions(sql: Sql): Promise<Dimensions> {
  const rows = await sql.query<Row>(read);
  return compiledDimensions(rows.map((row) => ({ ...row, updatedAt: new Date(row.updatedAt).toISOString() })));
}
