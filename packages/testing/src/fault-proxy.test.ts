import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';

const served = new Set<Socket>();
const echo = createServer((socket) => {
  served.add(socket);
  socket.on('close', () => served.delete(socket));
  socket.on('error', () => undefined);
  socket.pipe(socket);
});
let proxy: FaultProxy;

beforeEach(async () => {
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  proxy = await startFaultProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
});
afterEach(async () => {
  await proxy.close();
  for (const socket of served) socket.destroy();
  await new Promise((resolve) => echo.close(resolve));
});

/** A client that keeps what it hears and how it ended. */
function connect() {
  const socket = createConnection({ host: '127.0.0.1', port: proxy.port });
  const heard = { text: '', ended: '' };
  socket.on('data', (chunk) => (heard.text += chunk.toString()));
  socket.on('end', () => (heard.ended ||= 'FIN'));
  socket.on('error', (error: NodeJS.ErrnoException) => (heard.ended = error.code ?? ''));
  return { heard, say: (text: string) => socket.write(text) };
}

async function connected() {
  const client = connect();
  client.say('hello ');
  await eventually(() => {
    expect(client.heard.text).toBe('hello ');
  });
  return client;
}

describe('a fault proxy', () => {
  test('passes on what it gets, in order', async () => {
    const client = await connected();
    const text = Array.from({ length: 50_000 }, (_, index) => String(index)).join(' ');

    client.say(text);

    await eventually(() => {
      expect(client.heard.text).toBe(`hello ${text}`);
    });
    expect(proxy.connections()).toBe(1);
  });

  test('delays by its latency, each way', async () => {
    const client = await connected();
    await proxy.trouble({ kind: 'latency', ms: 150 });
    const started = performance.now();

    client.say('late');

    await eventually(() => {
      expect(client.heard.text).toBe('hello late');
    });
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  test('is slow', async () => {
    const client = await connected();
    await proxy.trouble({ kind: 'slow', bytesPerSecond: 10_000 });
    const started = performance.now();

    client.say('x'.repeat(1500));

    await eventually(() => {
      expect(client.heard.text).toHaveLength(1506);
    });
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  test('holds everything back in a black hole, and delivers it when it heals', async () => {
    const client = await connected();
    await proxy.trouble({ kind: 'black-hole' });
    const late = connect();
    client.say('held');
    late.say('late');
    await sleep(150);
    expect([client.heard, late.heard]).toEqual([
      { text: 'hello ', ended: '' },
      { text: '', ended: '' },
    ]);

    await proxy.heal();

    await eventually(() => {
      expect([client.heard.text, late.heard.text]).toEqual(['hello held', 'late']);
    });
  });

  test('leaves connections half open: the client is not told, new ones work', async () => {
    const client = await connected();
    await proxy.trouble({ kind: 'half-open' });
    await eventually(() => {
      expect(served.size).toBe(0);
    });
    client.say('lost');

    await connected();

    expect(client.heard).toEqual({ text: 'hello ', ended: '' });
  });

  test.each([
    ['cut', 'FIN'],
    ['reset', 'ECONNRESET'],
  ] as const)('%s ends connections with %s; the next one works', async (act, ended) => {
    const client = await connected();

    proxy[act]();

    await eventually(() => {
      expect(client.heard.ended).toBe(ended);
      expect(proxy.connections()).toBe(0);
    });
    await connected();
  });

  test('refuses, until it heals', async () => {
    const client = await connected();
    await proxy.trouble({ kind: 'refuse' });

    const refused = connect();

    await eventually(() => {
      expect([client.heard.ended, refused.heard.ended]).toEqual(['FIN', 'ECONNREFUSED']);
    });
    await proxy.heal();
    await connected();
  });

  test('leads elsewhere', async () => {
    const other = createServer((socket) => socket.end('elsewhere'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    proxy.lead({ host: '127.0.0.1', port: (other.address() as AddressInfo).port });

    const client = connect();

    await eventually(() => {
      expect(client.heard).toEqual({ text: 'elsewhere', ended: 'FIN' });
    });
    other.close();
  });
});
