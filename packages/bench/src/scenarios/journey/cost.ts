/** What one record of the mix costs: rows written by table, events by type, bytes of the write-ahead log. */
import { Client } from 'pg';
import type { EventTotals } from './effects.ts';

export interface WriteCounts {
  /** `schema.table` -> rows inserted, updated, deleted since the server's start. */
  readonly tables: ReadonlyMap<string, readonly [inserted: number, updated: number, deleted: number]>;
  readonly walBytes: number;
}

/** Partitions count as their table. */
export async function readWrites(adminUrl: string): Promise<WriteCounts> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; i: string; u: string; d: string }>(
      `select schemaname || '.' || regexp_replace(relname, '_(\\d{8}|other|default)$', '') as name,
              sum(n_tup_ins)::text as i, sum(n_tup_upd)::text as u, sum(n_tup_del)::text as d
         from pg_stat_user_tables group by 1 order by 1`,
    );
    const wal = await client.query<{ bytes: string }>(`select (pg_current_wal_lsn() - '0/0')::text as bytes`);
    return {
      tables: new Map(rows.map(({ name, i, u, d }) => [name, [Number(i), Number(u), Number(d)]])),
      walBytes: Number(wal.rows[0]?.bytes),
    };
  } finally {
    await client.end();
  }
}

/** A Markdown page. @param records of the mix that caused it all */
export function costReport(
  given: { readonly before: WriteCounts; readonly after: WriteCounts; readonly events: EventTotals },
  records: number,
): string {
  const { before, after, events } = given;
  const per = (value: number): string => (value / records).toFixed(3);
  const writes = [...after.tables].flatMap(([name, now]) => {
    const changes = now.map((value, at) => value - (before.tables.get(name)?.[at] ?? 0));
    return changes.every((value) => value === 0) ? [] : [`| ${name} | ${changes.map(per).join(' | ')} |`];
  });
  const told = [...events]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([type, { count, bytes }]) => {
      return `| ${type} | ${per(count)} | ${(bytes / count).toFixed(0)} | ${per(bytes)} |`;
    });
  return [
    `# One record of the mix (of ${String(records)})`,
    '',
    `Write-ahead log: ${per(after.walBytes - before.walBytes)} bytes.`,
    '',
    '| table | rows inserted | updated | deleted |\n| --- | --- | --- | --- |',
    ...writes,
    '',
    '| event | count | bytes each | bytes a record |\n| --- | --- | --- | --- |',
    ...told,
    '',
  ].join('\n');
}
