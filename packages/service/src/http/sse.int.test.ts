/** Streams over a real socket, with a feed made up here. */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { FeedEvent } from '@switchboard/hallway';
import { eventually } from '@switchboard/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { createStreams } from './sse.ts';
import type { Streams } from './sse.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server whose every request is such a stream, and a client that has asked for one. */
async function streaming(streams: Streams): Promise<Socket> {
  const server = createServer((request, raw: ServerResponse) => {
    const reply = { raw, hijack: () => undefined } as unknown as FastifyReply;
    const pick = ({ number }: FeedEvent) => ({ event: 'counted', data: 'x'.repeat(Number(number % 2n) * 20_000) });
    void streams.serve(request as unknown as FastifyRequest, reply, pick);
  });
  // A response that has ended frees its socket at once.
  server.keepAliveTimeout = 1;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  closing.push(() => {
    socket.destroy();
    server.close();
  });
  return socket;
}

async function* counting(most: number, signal: AbortSignal): AsyncGenerator<FeedEvent> {
  for (let number = 1n; number <= most && !signal.aborted; number += 1n) {
    yield { number } as FeedEvent;
    await new Promise(setImmediate);
  }
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
    if (signal.aborted) resolve();
  });
}

const feed = (most: number) => ({
  follow: (_after: bigint | undefined, signal: AbortSignal) => Promise.resolve(counting(most, signal)),
});

test('a client that does not read is dropped, and what waited for it is forgotten', async () => {
  const streams = createStreams(feed(100_000), { heartbeat: 1000, patience: 50 });
  const socket = await streaming(streams);
  socket.pause();

  await eventually(() => {
    expect(streams.count()).toBe(1);
  });

  await eventually(() => {
    expect(streams.count()).toBe(0);
  });
});

test('a silent stream says now and then that it is still there, and ends when the service stops', async () => {
  const streams = createStreams(feed(2), { heartbeat: 10, patience: 1000 });
  const socket = await streaming(streams);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  const ended = new Promise((resolve) => socket.on('end', resolve));

  await eventually(() => {
    expect(text).toMatch(/id: 2\nevent: counted\ndata: ""\n\n[^]*: still here\n\n/);
  });
  streams.close();

  await ended;
  expect(streams.count()).toBe(0);
});
