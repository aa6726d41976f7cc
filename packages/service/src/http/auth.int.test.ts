/** Tokens of an issuer that is a real HTTP server here, with real signatures. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthentication } from './auth.ts';
import { openOidc } from './oidc.ts';
import { Problem } from './problem.ts';

interface Issuer {
  readonly url: string;
  sign(claims?: JWTPayload, options?: { readonly kid?: string; readonly expires?: string }): Promise<string>;
  close(): void;
}

async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  const server = createServer((request, response) => {
    const content = request.url === '/jwks' ? { keys: [jwk] } : { issuer: url, jwks_uri: `${url}/jwks` };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(content));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    url,
    sign: (claims = {}, { kid = 'k1', expires = '5m' } = {}) =>
      new SignJWT({ iss: url, aud: 'switchboard', sub: 'user-1', scope: 'cases:read other ops', ...claims })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setExpirationTime(expires)
        .sign(privateKey),
    close: () => server.close(),
  };
}

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => {
  issuer.close();
});

const caller = (token: string) =>
  createAuthentication(undefined, openOidc(issuer.url, 'switchboard')).caller(`Bearer ${token}`);

async function refusal(work: Promise<unknown>): Promise<Problem> {
  const failure: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof Problem) return failure;
  throw new Error('it was not refused', { cause: failure });
}

describe('a JWT', () => {
  test('of the issuer gives its scopes and its agent, and nothing it does not know', async () => {
    const known = await caller(await issuer.sign({ agentId: 'a7' }));

    expect(known).toEqual({ id: 'oidc:user-1', scopes: new Set(['cases:read', 'ops']), agentId: 'a7' });
  });

  const refused: readonly [string, () => Promise<string>][] = [
    ['that has expired', () => issuer.sign({}, { expires: '-5m' })],
    ['for somebody else', () => issuer.sign({ aud: 'elsewhere' })],
    ['of another issuer', () => issuer.sign({ iss: 'https://elsewhere.example' })],
    ['of an unknown key', () => issuer.sign({}, { kid: 'k2' })],
    ['without a subject', () => issuer.sign({ sub: undefined })],
    ['that was changed', async () => `${(await issuer.sign()).slice(0, -4)}AAAA`],
    ['without a signature', () => Promise.resolve(unsigned())],
    ['signed with a shared secret', () => new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32))],
    ['that is none', () => Promise.resolve('a.b.c')],
  ];

  test.each(refused)('%s is refused', async (_name, sign) => {
    const { body, headers } = await refusal(caller(await sign()));

    expect(body).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  });

  test('cannot be told from a wrong one while the issuer is away: that is a 503', async () => {
    const away = createAuthentication(undefined, openOidc('http://127.0.0.1:1', 'switchboard'));

    const { body } = await refusal(away.caller(`Bearer ${await issuer.sign()}`));

    expect(body).toMatchObject({ status: 503, code: 'unavailable' });
  });
});

test.each([undefined, '', 'Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer ä'])(
  'the header %s is a 401',
  async (header) => {
    const { body } = await refusal(createAuthentication(undefined, undefined).caller(header));

    expect(body.status).toBe(401);
  },
);

function unsigned(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: issuer.url,
    aud: 'switchboard',
    sub: 'u',
    exp: Math.floor(Date.now() / 1000) + 300,
    scope: 'ops',
  };
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}
