/** The database goes away and comes back: what callers and probes are told meanwhile, and that nothing is lost. */
import { eventually, startPostgres } from '@switchboard/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startExample } from './testing/start-example.ts';
import type { Example } from './testing/start-example.ts';

let server: Awaited<ReturnType<typeof startPostgres>>;
let example: Example;
beforeAll(async () => {
  server = await startPostgres();
  const on = { url: server.url, adminUrl: server.url, drop: () => Promise.resolve() };
  example = await startExample({ REQUEST_TIMEOUT: '1000' }, { on });
});
afterAll(async () => {
  await example.close();
  await server.stop();
});

test('an outage is a 503 with Retry-After and an unready probe, and ends with the outage', async () => {
  await example.call('POST', '/v1/accounts', { body: { id: 'before' } });
  const headers = { 'idempotency-key': 'through-the-outage' };
  const credit = () => example.call('POST', '/v1/accounts/before/credit', { headers, body: { amount: 7 } });

  await server.kill();
  const [written, read] = [await credit(), await example.call('GET', '/v1/accounts')];
  await eventually(async () => {
    expect(await example.call('GET', '/health/ready')).toMatchObject({ status: 503 });
  });
  const live = await example.call('GET', '/health/live');
  await server.restart();

  expect(written).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(Number(written.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(read).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(read.text).not.toContain('ECONNREFUSED');
  expect(live.status).toBe(200);
  await eventually(async () => {
    expect((await example.call('GET', '/health/ready')).status).toBe(200);
  });
  expect(await credit()).toMatchObject({ status: 200, body: { total: 7 } });
  expect(await credit()).toMatchObject({ status: 200, body: { total: 7 } });
});
