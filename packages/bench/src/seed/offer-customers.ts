/** Customers with an open case each, as offers knows them. */
import type { ScenarioContext } from '../scenario.ts';
import { customerId } from './profiles.ts';
import { fill, idOf, settleTables, withSeeder } from './sql.ts';

const profile = `jsonb_build_object('id', ${idOf('c01', 'n')}, 'version', 3, 'name', 'Customer ' || n,
  'contactPoints', jsonb_build_array('email:customer' || n || '@mail.example'), 'languages', '["de", "en"]'::jsonb,
  'tier', (array['gold', 'silver', 'bronze', 'none'])[n % 4 + 1],
  'products', jsonb_build_array(jsonb_build_object('id', 'product-' || n % 20, 'attributes', '{}'::jsonb)),
  'preferences', jsonb_build_object('contact-time', 'evening'), 'consents', '[]'::jsonb, 'segments', '[]'::jsonb,
  'openCases', 1, 'openComplaints', 0, 'usage', jsonb_build_object('dataGb', jsonb_build_object('unit', 'GB', 'last', n % 40,
  'lastAt', '2025-03-01T10:00:00.000Z', 'last90Days', 3 * (n % 40), 'max90Days', n % 40, 'count90Days', 3)),
  'purchases', '{"count": 1, "spend": {"EUR": 2990}}'::jsonb, 'mergedIds', '[]'::jsonb,
  'createdAt', '2025-01-01T10:00:00.000Z', 'updatedAt', '2025-03-01T10:00:00.000Z')`;

const customers = `
insert into customer (id, version, profile_version, contact_points, open_complaints, profile, case_ids, standings, merged_ids)
select ${idOf('c01', 'n')}, 1, 3, jsonb_build_array('email:customer' || n || '@mail.example'), 0, ${profile},
  jsonb_build_array(${idOf('ca5', 'n')}), '[]', '[]'
from generate_series($1::bigint, $2::bigint - 1) n`;

const cases = `
insert into case_facts (id, version, case_version, customer_id, open, facts, contact, promises)
select ${idOf('ca5', 'n')}, 1, 1, ${idOf('c01', 'n')}, true,
  jsonb_build_object('id', ${idOf('ca5', 'n')}, 'channel', 'email', 'subject', 'About my contract', 'reason', 'contract',
    'priority', 3, 'status', 'open', 'openedAt', '2025-03-01T10:00:00.000Z', 'attributes', '{}'::jsonb),
  jsonb_build_object('channel', 'email', 'reason', (array['contract', 'billing', 'outage', 'moving'])[n % 4 + 1],
    'text', repeat('I moved to another flat last week. ', 6), 'attributes', '{}'::jsonb), '[]'
from generate_series($1::bigint, $2::bigint - 1) n`;

/** The id of the open case of customer number `n`. */
export const openCaseId = (n: number): string => customerId(n).replace('-7c01-', '-7ca5-');

export async function seedOfferCustomers(adminUrl: string, context: ScenarioContext, count: number): Promise<void> {
  await withSeeder(adminUrl, 'offers', async (client) => {
    await fill(client, context, { what: 'customers', count, insert: customers });
    await fill(client, context, { what: 'cases', count, insert: cases });
    context.progress('analysing the tables');
    await settleTables(client, ['customer', 'case_facts']);
  });
}
