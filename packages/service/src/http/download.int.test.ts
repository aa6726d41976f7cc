/** Files over a real socket. */
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { eventually } from '@switchboard/testing';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { routeList } from './register.ts';
import { serializerCompiler } from './serialize.ts';

const CHUNK = 'x'.repeat(10_000);
const MANY = 100_000;

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

/** A file of so many chunks; how many were made, and whether it was given up. */
async function serving(chunks: number, failAt = Infinity) {
  const seen = { made: 0, over: false };
  async function* make(): AsyncGenerator<string> {
    try {
      for (; seen.made < chunks; seen.made += 1) {
        if (seen.made === failAt) throw new Error('the database went away');
        yield CHUNK;
        await new Promise(setImmediate);
      }
    } finally {
      seen.over = true;
    }
  }
  app = Fastify({ forceCloseConnections: true });
  app.setSerializerCompiler(serializerCompiler);
  const routes = routeList(app, {
    streams: undefined as never,
    limits: () => (_request, work) => work(),
    keyGuard: () => Promise.resolve(),
  });
  const types = { 'text/csv': z.string() };
  routes.download('/file', { access: 'public', summary: 'A file', types }, () => {
    return { type: 'text/csv', fileName: 'file.csv', chunks: make() };
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return { seen, port };
}

test('a file is made no faster than it is read, and no further than its reader stays', async () => {
  const { seen, port } = await serving(MANY);
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /file HTTP/1.1\r\nhost: x\r\n\r\n');
  socket.pause();

  let before = -1;
  await eventually(async () => {
    const then = before;
    before = seen.made;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([seen.made, seen.made]).toEqual([before, then]);
    expect(seen.made).toBeGreaterThan(0);
  });
  // What the sockets of the machine hold, a few megabytes, and no more.
  expect(seen.made).toBeLessThan(MANY / 20);

  socket.destroy();
  await eventually(() => {
    expect(seen.over).toBe(true);
  });
  expect(seen.made).toBeLessThan(MANY);
});

test('a file that is read arrives whole, with its name', async () => {
  const { port } = await serving(50);
  const response = await fetch(`http://127.0.0.1:${String(port)}/file`);
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="file.csv"');
  expect(await response.text()).toHaveLength(50 * CHUNK.length);
});

test('a fault before the first chunk is an answer of its own, one in the middle cuts the file off', async () => {
  const first = await serving(50, 0);
  expect((await fetch(`http://127.0.0.1:${String(first.port)}/file`)).status).toBe(500);
  await app?.close();
  const later = await serving(50, 20);
  await expect(
    fetch(`http://127.0.0.1:${String(later.port)}/file`).then((response) => response.text()),
  ).rejects.toThrow();
});
