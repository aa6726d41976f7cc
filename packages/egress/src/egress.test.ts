import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuthority, selfSigned } from '@switchboard/testing';
import type { ServerCertificate } from '@switchboard/testing';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { authorityFault, createEgress } from './egress.ts';
import type { Egress, EgressOptions } from './egress.ts';
import type { EgressError } from './egress-error.ts';

const opened: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(opened.splice(0).map((close) => close()));
});

interface Target {
  /** `http(s)://127.0.0.1:port`. */
  readonly url: string;
  readonly port: number;
  readonly requests: IncomingMessage[];
  readonly connections: () => number;
}

/** A real server on loopback. */
async function listen(
  answer: RequestListener = (_, response) => response.end('hello'),
  tls?: ServerCertificate,
): Promise<Target> {
  const requests: IncomingMessage[] = [];
  let connections = 0;
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    answer(request, response);
  };
  const server: Server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const scheme = tls === undefined ? 'http' : 'https';
  return { url: `${scheme}://127.0.0.1:${String(port)}`, port, requests, connections: () => connections };
}

function open(options?: EgressOptions): Egress {
  const egress = createEgress(options);
  opened.push(() => egress.close());
  return egress;
}

const loopback = { allow: ['127.0.0.0/8'] };

const fault = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'answered',
    (error: unknown) => (error as EgressError).fault,
  );

describe('a request', () => {
  test('brings status, headers and body, and sends what it was given', async () => {
    const target = await listen((request, response) => {
      response.writeHead(201, { 'X-Kind': ['a', 'b'] });
      request.pipe(response);
    });

    const answer = await open(loopback).guardedFetch(`${target.url}/path?q=1`, {
      method: 'POST',
      headers: { 'x-mine': 'yes' },
      body: 'grüß dich',
    });

    expect(answer).toMatchObject({ status: 201, headers: { 'x-kind': 'a, b' } });
    expect(answer.body.toString()).toBe('grüß dich');
    expect(target.requests[0]).toMatchObject({ method: 'POST', url: '/path?q=1', headers: { 'x-mine': 'yes' } });
  });

  test('does not follow a redirect', async () => {
    const inside = await listen();
    const target = await listen((_, response) => response.writeHead(302, { location: inside.url }).end());

    const answer = await open(loopback).guardedFetch(target.url);

    expect(answer.status).toBe(302);
    expect(inside.connections()).toBe(0);
  });

  test('takes no way round by a proxy of the environment', async () => {
    const proxy = await listen();
    const target = await listen();
    for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'ALL_PROXY'])
      vi.stubEnv(name, proxy.url);

    const answer = await open(loopback).guardedFetch(target.url);

    expect(answer.status).toBe(200);
    expect(proxy.connections()).toBe(0);
  });

  test.each([
    [
      'with its length',
      (bytes: number): RequestListener =>
        (_, response) =>
          response.end('x'.repeat(bytes)),
    ],
    [
      'without end',
      (): RequestListener => (_, response) => {
        const more = () => {
          while (response.write('x'.repeat(10_000)));
        };
        response.on('drain', more);
        more();
      },
    ],
  ])('refuses an answer that is too large (%s), or cuts it', async (_, answer) => {
    const target = await listen(answer(100_000));
    const { guardedFetch } = open(loopback);

    expect(await fault(guardedFetch(target.url, { maxBytes: 50_000 }))).toBe('too-large');
    const cut = await guardedFetch(target.url, { maxBytes: 50_000, overflow: 'cut' });

    expect(cut.body).toHaveLength(50_000);
  });

  test('ends when its time is over, before the answer or in the midst of it, and when the caller gives up', async () => {
    const silent = await listen(() => undefined);
    const slow = await listen((_, response) => response.write('the beginning'));
    const { guardedFetch } = open(loopback);
    const giving = new AbortController();
    const given = fault(guardedFetch(silent.url, { signal: giving.signal }));
    giving.abort();

    expect(await fault(guardedFetch(silent.url, { timeoutMs: 60 }))).toBe('timeout');
    expect(await fault(guardedFetch(slow.url, { timeoutMs: 60 }))).toBe('timeout');
    expect(await given).toBe('aborted');
  });

  test('tells who is not there from who speaks no TLS, no HTTP', async () => {
    const target = await listen();
    const broken = await listen((request) => request.socket.end('this is no HTTP'));
    const { guardedFetch } = open(loopback);

    expect(await fault(guardedFetch('http://127.0.0.1:1/'))).toBe('unreachable');
    expect(await fault(guardedFetch(`https://127.0.0.1:${String(target.port)}`))).toBe('tls-failed');
    expect(await fault(guardedFetch(broken.url))).toBe('broken');
  });
});

describe('refused, and nothing connected, is', () => {
  test.each([
    ...['127.0.0.1', 'localhost', 'LOCALHOST.', '2130706433', '0x7f.1', '0177.0.0.1', '[::1]', '[::ffff:7f00:1]'],
    ...['[64:ff9b::7f00:1]', '0.0.0.0', '127.1'],
  ])('https://%s', async (host) => {
    const target = await listen();
    const { guardedFetch } = open();

    expect(await fault(guardedFetch(`https://${host}:${String(target.port)}/`))).toBe('address-refused');

    expect(target.connections()).toBe(0);
  });

  test('a name that leads inside, alone or among others', async () => {
    const target = await listen();
    const answers = (...addresses: string[]) =>
      open({ resolve: () => Promise.resolve(addresses.map((address) => ({ address, family: 4 }))) });
    const url = `https://hooks.example:${String(target.port)}/`;

    expect(await fault(answers('127.0.0.1').guardedFetch(url))).toBe('address-refused');
    expect(await fault(answers('8.8.8.8', '127.0.0.1').guardedFetch(url))).toBe('address-refused');
    expect(await fault(answers().guardedFetch(url))).toBe('unresolvable');

    expect(target.connections()).toBe(0);
  });

  test('a name that leads inside only the second time it is asked', async () => {
    const target = await listen();
    let asked = 0;
    const egress = open({
      resolve: () => {
        asked += 1;
        return Promise.resolve([{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]);
      },
      // Stands for any public address: one that nothing here can be connected to.
      allow: ['192.0.2.1'],
    });
    const url = `https://hooks.example:${String(target.port)}/`;

    const first = await fault(egress.guardedFetch(url, { timeoutMs: 200 }));
    const second = await fault(egress.guardedFetch(url, { timeoutMs: 200 }));

    expect(first).not.toBe('address-refused');
    expect([asked, second, target.connections()]).toEqual([2, 'address-refused', 0]);
  });

  test('what is no https, or carries a password', async () => {
    const egress = open();

    for (const url of [
      '',
      'hooks',
      'ftp://a.example',
      'file:///etc/passwd',
      'http://a.example',
      'https://u:p@a.example',
    ])
      expect([url, await fault(egress.guardedFetch(url))]).toEqual([url, 'url-refused']);
    expect(egress.refusal('http://a.example')).toBe('must begin with https://');
    expect(egress.refusal('https://10.0.0.1')).toBe('leads to an address that is not public');
    expect(egress.refusal('https://hooks.example/x')).toBeUndefined();
  });
});

describe('allowed', () => {
  test('is what the operator names: by address also for names that lead there, by name also for http', async () => {
    const target = await listen();
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const url = `http://hooks.internal:${String(target.port)}/`;

    expect(await fault(open({ resolve, allow: ['127.0.0.1'] }).guardedFetch(url))).toBe('answered');
    expect(await fault(open({ resolve, allow: ['*.internal'] }).guardedFetch(url))).toBe('answered');
    expect(await fault(open({ resolve, allow: ['10.0.0.0/8'] }).guardedFetch(url))).toBe('address-refused');
    expect(await fault(open({ allow: ['localhost'] }).guardedFetch(`http://localhost:${String(target.port)}`))).toBe(
      'answered',
    );
  });

  test('by range does not open the rest to http', async () => {
    const resolve = () => Promise.resolve([{ address: '8.8.8.8', family: 4 }]);

    expect(await fault(open({ ...loopback, resolve }).guardedFetch('http://hooks.example'))).toBe('url-refused');
  });
});

describe('over TLS', () => {
  const reason = async (attempt: Promise<unknown>): Promise<string> =>
    attempt.then(
      () => 'answered',
      (error: unknown) => `${(error as EgressError).fault}: ${(error as EgressError).message}`,
    );
  let authority: Awaited<ReturnType<typeof createAuthority>>;
  beforeAll(async () => {
    authority = await createAuthority();
  });
  const trusting = () => open({ ...loopback, authorities: [authority.cert] });

  test('who has a certificate of an authority that is trusted is answered', async () => {
    const target = await listen((request, response) => request.pipe(response), await authority.issue('127.0.0.1'));

    const answer = await trusting().guardedFetch(target.url, { method: 'POST', body: 'in secret' });

    expect([answer.status, answer.body.toString()]).toEqual([200, 'in secret']);
  });

  test('nothing is sent to whoever has none for the host, an expired one, or one that nobody vouches for', async () => {
    const sent: string[] = [];
    const ask = async (tls: ServerCertificate, egress = trusting()): Promise<string> => {
      const target = await listen(undefined, tls);
      const said = await reason(egress.guardedFetch(target.url, { method: 'POST', body: 'in secret' }));
      sent.push(...target.requests.map(({ url }) => String(url)));
      return said;
    };

    expect([
      await ask(await authority.issue('other.example')),
      await ask(await authority.issue('127.0.0.1', -1)),
      await ask(await selfSigned('127.0.0.1')),
      await ask(await authority.issue('127.0.0.1'), open(loopback)),
    ]).toEqual([
      'tls-failed: no secure connection (ERR_TLS_CERT_ALTNAME_INVALID)',
      'tls-failed: no secure connection (CERT_HAS_EXPIRED)',
      'tls-failed: no secure connection (DEPTH_ZERO_SELF_SIGNED_CERT)',
      'tls-failed: no secure connection (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    ]);
    expect(sent).toEqual([]);
  });

  test('an authority is known by its own certificate alone', async () => {
    expect(authorityFault(authority.cert)).toBeUndefined();
    expect(authorityFault((await authority.issue('127.0.0.1')).cert)).toBe('is the certificate of no authority');
    expect(authorityFault('a text')).toBe('is no certificate in PEM');
  });
});
