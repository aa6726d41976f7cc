import { Client } from 'pg';
import { expect, it } from 'vitest';
import { testDatabase } from '@switchboard/testing';
import { openCaseId } from './offer-customers.ts';
import { customerId } from './profiles.ts';
import { idOf } from './sql.ts';

it('names rows by their number as the database does, ascending, as UUIDs of version 7', async () => {
  const database = await testDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const numbers = [0, 1, 15, 16, 99_999, 1_000_000, 20_000_000];
    const { rows } = await client.query<{ customer: string; case: string; version: number }>(
      `select ${idOf('c01', 'n')} as customer, ${idOf('ca5', 'n')} as case, uuid_extract_version((${idOf('c01', 'n')})::uuid) as version
         from unnest($1::bigint[]) with ordinality as numbers(n, place) order by place`,
      [numbers],
    );
    expect(rows).toEqual(numbers.map((n) => ({ customer: customerId(n), case: openCaseId(n), version: 7 })));
    const ids = rows.map((row) => row.customer);
    expect([...ids].sort()).toEqual(ids);
  } finally {
    await client.end();
    await database.drop();
  }
});
