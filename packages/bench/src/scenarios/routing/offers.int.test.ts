import { eventually, testDatabase } from '@switchboard/testing';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { watchOffers } from './offers.ts';

test('given numbers that grow by a digit, then each offer is told once, in order', async () => {
  const home = await testDatabase();
  const client = new Client({ connectionString: home.url });
  await client.connect();
  const told: string[] = [];
  await client.query('create schema routing');
  await client.query(
    'create table routing.outbox_history (number bigint, published_at timestamptz default now(), headers text, value text)',
  );
  const offers = await watchOffers(client, ({ id }) => told.push(id));
  const numbers = ['98', '99', '100', '101'];
  const value = `json_build_object('reservation', json_build_object('id', n::text, 'agentId', 'a', 'caseId', 'c'))`;
  await client.query(
    `insert into routing.outbox_history (number, headers, value)
     select n, '{"ce_type":"switchboard.routing.v1.WorkOffered"}', ${value} from unnest($1::bigint[]) n`,
    [numbers],
  );
  await eventually(() => {
    expect(told.length).toBeGreaterThanOrEqual(numbers.length);
  });
  await client.query(`insert into routing.outbox_history (number, headers) values (102, '{}')`);
  await offers.close();
  expect(told).toEqual(numbers);
  await client.end();
  await home.drop();
});
