import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createApi, NoAnswerError } from './api.ts';

type Reply = (request: IncomingMessage, response: ServerResponse) => void;

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function serve(...replies: [Reply, ...Reply[]]) {
  const keys: unknown[] = [];
  let at = 0;
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key']);
    const reply = replies[Math.min(at, replies.length - 1)] ?? replies[0];
    at += 1;
    reply(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, keys };
}

const answer =
  (status: number, body: unknown = {}): Reply =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

const { signal } = new AbortController();

describe('a request', () => {
  it('given the other side asks for time or drops the line, is sent again with the same key', async () => {
    const drop: Reply = (request) => request.socket.destroy();
    const { baseUrl, keys } = await serve(answer(503), answer(429), drop, answer(409, { code: 'still-running' }), answer(201, { id: 1 })); // prettier-ignore
    const seen: number[] = [];
    const api = createApi({ baseUrl, token: 't', signal, onAnswer: ({ status }) => seen.push(status) });
    expect(await api.post('/v1/contacts', {})).toEqual({ status: 201, body: { id: 1 } });
    expect(seen).toEqual([503, 429, 409, 201]);
    expect(keys).toHaveLength(5);
    expect(new Set(keys).size).toBe(1);
  });

  it('given a refusal or a fault, answers it', async () => {
    const { baseUrl, keys } = await serve(answer(400, { code: 'invalid' }), answer(500));
    const api = createApi({ baseUrl, token: 't', signal });
    expect(await api.put('/v1/queues/a', {})).toEqual({ status: 400, body: { code: 'invalid' } });
    expect(await api.get('/v1/queues')).toMatchObject({ status: 500 });
    expect(keys).toEqual([undefined, undefined]);
  });

  it('given the end, is cut off', async () => {
    const { baseUrl } = await serve(() => undefined);
    const end = new AbortController();
    const waiting = createApi({ baseUrl, token: 't', signal: end.signal }).get('/v1/queues');
    end.abort();
    await expect(waiting).rejects.toThrow('aborted');
  });

  it('given limits, waits for its turn', async () => {
    let now = 0;
    let most = 0;
    const { baseUrl } = await serve((_request, response) => {
      now += 1;
      most = Math.max(most, now);
      setImmediate(() => {
        now -= 1;
        response.end('{}');
      });
    });
    const api = createApi({ baseUrl, token: 't', signal, atOnce: 3 });
    await Promise.all(Array.from({ length: 20 }, () => api.get('/')));
    expect(most).toBeLessThanOrEqual(3);
  });

  it('given nobody ever answers, says so after its tries', async () => {
    const api = createApi({ baseUrl: 'http://127.0.0.1:1', token: 't', signal, tries: 2 });
    await expect(api.get('/v1/queues')).rejects.toThrow(NoAnswerError);
  });
});

describe('a stream', () => {
  it('tells of news until it ends, and ends quietly when there is none to be had', async () => {
    const { baseUrl } = await serve((_request, response) => {
      response.write('data: 1\n\n');
      setImmediate(() => response.end('data: 2\n\n'));
    }, answer(404));
    const api = createApi({ baseUrl, token: 't', signal });
    let news = 0;
    const count = (): void => {
      news += 1;
    };
    await api.listen('/v1/agents/a/stream', count);
    expect(news).toBeGreaterThan(0);
    news = 0;
    await api.listen('/v1/agents/a/stream', count);
    expect(news).toBe(0);
  });
});
