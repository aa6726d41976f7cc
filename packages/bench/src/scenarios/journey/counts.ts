/** Counts at both ends: what was sent, and the rows that came of it. */
import { Client } from 'pg';
import type { Kind } from './mix.ts';

export interface Counted {
  readonly what: string;
  readonly expected: number;
  readonly rows: number;
  /** By what makes them one and the same for the business. */
  readonly distinct: number;
}

interface Check {
  readonly what: string;
  readonly of: readonly Kind[];
  /** Rows for each of those (default 1). */
  readonly each?: number;
  readonly table: string;
  readonly identity: string;
}

const checks: readonly Check[] = [
  { what: 'contacts', of: ['first', 'follow-up'], table: 'intake.contact', identity: 'external_id' },
  { what: 'messages', of: ['first', 'follow-up'], table: 'intake.message', identity: 'contact_id' },
  { what: 'cases', of: ['first'], table: 'intake."case"', identity: 'contact_point' },
  { what: 'work items', of: ['first'], table: 'routing.work_item', identity: 'case_id' },
  { what: 'clocks', of: ['first'], each: 2, table: 'sla.clock', identity: `case_id || ' ' || target` },
  { what: 'profiles', of: ['first'], table: 'customer_360.customer', identity: 'contact_points::text' },
  { what: 'activities', of: ['activity'], table: 'customer_360.activity', identity: 'activity_id' },
  {
    what: 'timeline entries',
    of: ['first', 'follow-up', 'activity'],
    table: `(select * from customer_360.timeline_entry where kind <> 'offers-decided') entries`,
    identity: 'id',
  },
  { what: 'decisions', of: ['first', 'follow-up', 'activity'], table: 'offers.decision', identity: 'id' },
];

/** What must be empty when all is done. */
const leftovers = ['outbox', 'waiting', 'dead_letter'] as const;
const schemas = ['intake', 'routing', 'sla', 'customer_360', 'offers'] as const;

/**
 * @param sent how many records of each kind were acknowledged
 * @param stored what was there before them: it is left out
 */
export async function countRows(
  adminUrl: string,
  sent: Readonly<Record<Kind, number>>,
  stored: readonly Counted[] = [],
): Promise<Counted[]> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const counted: Counted[] = [];
    for (const { what, of, each = 1, table, identity } of checks) {
      const { rows } = await client.query<{ rows: string; distinct: string }>(
        `select count(*)::text as rows, count(distinct ${identity})::text as distinct from ${table}`,
      );
      const before = stored.find((one) => one.what === what) ?? { rows: 0, distinct: 0 };
      counted.push({
        what,
        expected: each * of.reduce((sum, kind) => sum + sent[kind], 0),
        rows: Number(rows[0]?.rows) - before.rows,
        distinct: Number(rows[0]?.distinct) - before.distinct,
      });
    }
    for (const table of leftovers) {
      const all = schemas.map((schema) => `(select count(*) from ${schema}.${table})`).join(' + ');
      const { rows } = await client.query<{ rows: string }>(`select (${all})::text as rows`);
      const left = Number(rows[0]?.rows);
      counted.push({ what: `left in ${table}`, expected: 0, rows: left, distinct: left });
    }
    return counted;
  } finally {
    await client.end();
  }
}

/** Missing rows of all kinds, and rows that tell again what another one tells already or what nobody sent. */
export function balance(counted: readonly Counted[]): { readonly lost: number; readonly duplicated: number } {
  let lost = 0;
  let duplicated = 0;
  for (const { expected, rows, distinct } of counted) {
    lost += Math.max(0, expected - distinct);
    duplicated += rows - distinct + Math.max(0, distinct - expected);
  }
  return { lost, duplicated };
}
