/** One real row of each table and one real event of each type: what the floor writes again and again. */
import { Client } from 'pg';
import type { IncomingRecord } from '@switchboard/bus';

export interface Samples {
  /** `schema.table` -> column -> its value as PostgreSQL writes it; NULL is `null`. Hallway tables that stayed empty are left out. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  readonly events: Readonly<
    Record<string, { readonly headers: Readonly<Record<string, string>>; readonly value: string }>
  >;
}

export async function takeSamples(adminUrl: string, events: ReadonlyMap<string, IncomingRecord>): Promise<Samples> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string; columns: string[] }>(
      `select format('%I.%I', table_schema, table_name) as name,
              array_agg(column_name::text order by ordinal_position) as columns
         from information_schema.columns join information_schema.tables using (table_schema, table_name)
        where table_type = 'BASE TABLE' and table_schema in ('intake', 'routing', 'sla', 'customer_360', 'offers')
          and table_name !~ '_(\\d{8}|other|default)$' group by table_schema, table_name order by 1`,
    );
    const rows: Record<string, Record<string, string | null>> = {};
    for (const { name, columns } of tables) {
      const texts = columns.map((column) => `"${column}"::text as "${column}"`).join(', ');
      const newest = await client.query<Record<string, string | null>>(
        `select ${texts} from ${name} order by ${columns.includes('id') ? 'ctid' : '1'} desc limit 1`,
      );
      if (newest.rows[0] !== undefined) rows[name.replaceAll('"', '')] = newest.rows[0];
    }
    return { rows, events: Object.fromEntries([...events].map(([type, record]) => [type, sampleOf(record)])) };
  } finally {
    await client.end();
  }
}

function sampleOf({ headers, value }: IncomingRecord): Samples['events'][string] {
  return { headers, value: value?.toString() ?? '' };
}
