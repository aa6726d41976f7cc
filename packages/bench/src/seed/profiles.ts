/** Customers with their stories, as customer-360 keeps them. */
import type { ScenarioContext } from '../scenario.ts';
import { fill, idOf, isoOf, settleTables, uuidOf, withSeeder } from './sql.ts';

/** Nobody, the regular and the frequent: so many moments every so many customers have at least. */
const STORIES = [
  { every: 1, from: 1, to: 3 },
  { every: 10, from: 4, to: 25 },
  { every: 100, from: 26, to: 120 },
] as const;

const born = (n: string): string => `timestamptz '2025-01-01Z' + (${n}) * interval '7 seconds'`;

const customers = `
insert into customer (id, version, contact_points, name, languages, tier, products, preferences, consents, segments,
  open_cases, usage, purchases, created_at, updated_at, merged_ids)
select ${idOf('c01', 'n')}, 3, jsonb_build_array('email:customer' || n || '@mail.example', 'phone:+4930' || lpad(n::text, 8, '0')),
  'Customer ' || n, '["de", "en"]', (array['gold', 'silver', null, null])[n % 4 + 1],
  case n % 3 when 0 then '[]'::jsonb else jsonb_build_array(jsonb_build_object('id', 'mobile-m', 'attributes',
    jsonb_build_object('since', '2024-03'), 'at', ${isoOf(born('n'))})) end,
  '[{"name": "contact-time", "value": "evening", "at": "2025-02-01T10:00:00.000Z"}]',
  '[{"purpose": "marketing", "status": "granted", "at": "2025-02-01T10:00:00.000Z"}]', '[]', '[]',
  '[{"metric": "dataGb", "unit": "GB", "last": 7, "at": "2025-03-01T10:00:00.000Z", "weeks": []}]',
  '{"count": 1, "spend": {"EUR": 2990}, "lastProduct": "mobile-m", "lastAt": "2025-01-10T10:00:00.000Z"}',
  ${born('n')}, ${born('n')}, '[]'
from generate_series($1::bigint, $2::bigint - 1) n`;

const identities = `
insert into identity (id, version, customer_id)
select kind || n || tail, 1, ${idOf('c01', 'n')} from generate_series($1::bigint, $2::bigint - 1) n,
  (values ('email:customer', '@mail.example')) as point(kind, tail)`;

/** Moments number `j` of each customer: written long after number `j - 1`, as in life, so that a story is spread over the table. */
const moments = (every: number, j: number): string => `
insert into timeline_entry (id, version, customer_id, at, kind, channel, summary, case_id, data)
select ${idOf(`e${(j % 256).toString(16).padStart(2, '0')}`, 'n')}, 1, ${idOf('c01', 'n')},
  ${born('n')} + interval '${String(j)} days',
  (array['contact', 'work-accepted', 'activity', 'case-status'])[${String(j % 4)} + 1], 'email',
  'About my contract: number ${String(j)}', ${idOf('a01', 'n')},
  jsonb_build_object('contactPoint', 'email:customer' || n || '@mail.example', 'subject', 'About my contract',
    'reason', 'contract', 'product', 'mobile-m', 'to', 'service@company.example', 'attachments', '[]'::jsonb, 'text',
    repeat('I moved to another flat last week and the line there does not work. ', ${String(2 + (j % 6))}))
from generate_series($1::bigint * ${String(every)}, ($2::bigint - 1) * ${String(every)}, ${String(every)}) n`;

/** Rows the stories of so many customers come to. */
export function momentsOf(count: number): number {
  return STORIES.reduce((sum, { every, from, to }) => sum + Math.ceil(count / every) * (to - from + 1), 0);
}

/** The id of customer number `n` (from 0): what `idOf` makes of it. */
export const customerId = (n: number): string => uuidOf('c01', n);

export async function seedProfiles(adminUrl: string, context: ScenarioContext, count: number): Promise<void> {
  await withSeeder(adminUrl, 'customer_360', async (client) => {
    await fill(client, context, { what: 'customers', count, insert: customers });
    await fill(client, context, { what: 'identities', count, insert: identities });
    for (const { every, from, to } of STORIES) {
      for (let j = from; j <= to; j += 1) {
        const what = `moment ${String(j)} of 120`;
        await fill(client, context, { what, count: Math.ceil(count / every), insert: moments(every, j) });
      }
    }
    context.progress('analysing the tables');
    await settleTables(client, ['customer', 'identity', 'timeline_entry']);
  });
}
