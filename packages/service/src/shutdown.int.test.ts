/** A service that ends under load balancers: they see it first, then the door closes. */
import { eventually } from '@switchboard/testing';
import { expect, test } from 'vitest';
import { startExample, tokens } from './testing/start-example.ts';

const headers = { authorization: `Bearer ${tokens.all}`, 'content-type': 'application/json' };

test('is unready for the delay and answers as ever, asking for new connections, then closes', async () => {
  const example = await startExample({ SHUTDOWN_DELAY: '700' });
  const url = example.service.url();
  const open = (id: string): Promise<Response> =>
    fetch(`${url}/v1/accounts`, { method: 'POST', headers, body: JSON.stringify({ id }) });
  const before = await open('before');

  const stopped = example.service.stop();
  const health = await fetch(`${url}/health/ready`);
  const during = await open('during');
  await stopped;
  await example.close();

  expect(before.headers.get('connection')).toBe('keep-alive');
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({ status: 'stopping' });
  expect(during.status).toBe(201);
  expect(during.headers.get('connection')).toBe('close');
  await eventually(() => expect(open('after')).rejects.toThrow());
});
