/** Tokens of an OpenID Connect issuer. */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { isScope } from './scopes.ts';
import type { Caller, Scope } from './scopes.ts';

export interface Oidc {
  /** @throws when the token does not hold */
  verify(token: string): Promise<Caller>;
}

/** The issuer cannot be asked for its keys: not the token's fault. */
export class IssuerUnreachableError extends Error {
  override readonly name = 'IssuerUnreachableError';
}

/** Signatures only a holder of the private key can make; never a shared secret, never none. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
const timeout = 5_000;

/** Keys are found by discovery at the first token and kept; an unknown key id fetches them once more. */
export function openOidc(issuer: string, audience: string | undefined): Oidc {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const keySet = (): Promise<JWTVerifyGetKey> => {
    keys ??= discover(issuer).catch((error: unknown) => {
      keys = undefined;
      throw new IssuerUnreachableError(`${issuer} cannot be asked for its keys`, { cause: error });
    });
    return keys;
  };
  return {
    verify: async (token) => {
      const { payload } = await jwtVerify(token, await keySet(), {
        algorithms,
        issuer,
        ...(audience === undefined ? {} : { audience }),
        clockTolerance: 30,
        requiredClaims: ['exp', 'sub'],
      });
      return callerOf(payload);
    },
  };
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(timeout) });
  if (!response.ok) throw new Error(`${address} answered ${String(response.status)}`);
  const found = discovery.parse(await response.json());
  if (found.issuer !== issuer) throw new Error(`${address} names another issuer: ${found.issuer}`);
  return createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: timeout, cooldownDuration: 30_000 });
}

function callerOf(payload: JWTPayload): Caller {
  const granted = typeof payload.scope === 'string' ? payload.scope.split(' ') : [];
  const agentId = typeof payload.agentId === 'string' ? payload.agentId : undefined;
  return { id: `oidc:${payload.sub ?? ''}`, scopes: new Set<Scope>(granted.filter(isScope)), agentId };
}
