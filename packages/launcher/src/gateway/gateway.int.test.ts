/** What strangers send to the joint base URL, with a service behind it that does not wait for the end of a body. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVICES } from '../services.ts';
import { startGateway } from './gateway.ts';
import type { ServiceUrls } from './routes.ts';

let service: Server;
let gateway: Awaited<ReturnType<typeof startGateway>>;

/** Refuses a long body at once; tells what it was sent otherwise. */
function answer(incoming: IncomingMessage, response: ServerResponse): void {
  const tooLarge = Number(incoming.headers['content-length'] ?? 0) > 1_000_000;
  response.statusCode = tooLarge ? 413 : 200;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(tooLarge ? { code: 'too-large' } : { headers: incoming.headers }));
}

beforeAll(async () => {
  service = createServer(answer).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const url = `http://127.0.0.1:${String((service.address() as AddressInfo).port)}`;
  const services = Object.fromEntries(SERVICES.map(({ name }) => [name, url])) as ServiceUrls;
  gateway = await startGateway({ services, host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await gateway.close();
  service.closeAllConnections();
  service.close();
});

async function post(path: string, headers: OutgoingHttpHeaders, body?: Buffer) {
  const { port } = gateway.server.address() as AddressInfo;
  const sending = request({ host: '127.0.0.1', port, method: 'POST', path, headers }).end(body);
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  const told = JSON.parse(await text(response)) as Record<string, unknown>;
  // Not cut off in the middle of what is still being sent.
  if (!sending.writableFinished) await once(sending, 'finish');
  return { status: response.statusCode, type: response.headers['content-type'], told };
}

describe('given a body that the service refuses before it has read it', () => {
  it('hands back what the service said, every time', async () => {
    const body = Buffer.alloc(10_000_000, 'x');
    const headers = { 'content-type': 'application/json', 'content-length': body.length };

    for (let time = 0; time < 5; time += 1) {
      expect(await post('/v1/contacts', headers, body)).toMatchObject({ status: 413, told: { code: 'too-large' } });
    }
  });

  it('does so for a body of no told length', async () => {
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    expect(await post('/v1/contacts', headers, Buffer.alloc(100_000, 'x'))).toMatchObject({ status: 200 });
  });
});

it('takes a body that waits for "100 Continue"', async () => {
  const headers = { 'content-type': 'application/json', 'content-length': 2, expect: '100-continue' };
  expect(await post('/v1/contacts', headers, Buffer.from('{}'))).toMatchObject({ status: 200 });
});

it('takes an empty body of a type that is none', async () => {
  expect(await post('/v1/contacts', { 'content-type': 'nonsense', 'content-length': 0 })).toMatchObject({
    status: 200,
  });
});

it.each([
  ['a path that cannot be decoded', '/v1/cases/%zz', 'application/json', 400, 'bad-request'],
  ['a path that leads upwards', '/v1/cases/%2e%2e', 'application/json', 400, 'bad-request'],
  ['a type that is none', '/v1/contacts', 'nonsense', 415, 'unsupported-media-type'],
])('refuses %s with a problem', async (...[, path, type, status, code]) => {
  const answered = await post(path, { 'content-type': type, 'content-length': 2 }, Buffer.from('{}'));

  expect(answered).toMatchObject({ status, told: { status, code } });
  expect(answered.type).toContain('application/problem+json');
});

it('says that it cannot now, when a service is away', async () => {
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
  const { port } = gateway.server.address() as AddressInfo;
  for (const path of ['/openapi.json', '/v1/cases']) {
    const answered = await fetch(`http://127.0.0.1:${String(port)}${path}`);
    expect(answered.status).toBe(503);
    expect(await answered.json()).toMatchObject({ code: 'unavailable' });
  }
});
