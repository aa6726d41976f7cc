/** From the Authorization header to a caller, and whether a route is open to it. */
import { IssuerUnreachableError } from './oidc.ts';
import type { Oidc } from './oidc.ts';
import type { ApiKeys } from './keys.ts';
import { problem } from './problem.ts';
import type { Access, Caller, Scope } from './scopes.ts';

export interface Authentication {
  /** @throws Problem 401 (or 503 when the issuer cannot be reached) */
  caller(authorization: string | undefined): Promise<Caller>;
  close(): void;
}

const challenge = (error?: string): Record<string, string> => ({
  'www-authenticate': error === undefined ? 'Bearer' : `Bearer error="${error}"`,
});

export function createAuthentication(keys: ApiKeys | undefined, oidc: Oidc | undefined): Authentication {
  return {
    caller: async (authorization) => {
      const token = bearer(authorization);
      const known = keys?.find(token, new Date());
      if (known !== undefined) return known;
      if (oidc === undefined || token.split('.').length !== 3) throw refused();
      try {
        return await oidc.verify(token);
      } catch (error) {
        if (error instanceof IssuerUnreachableError || isTimeout(error)) {
          throw problem('unavailable', 'The token cannot be checked now', {
            headers: { 'retry-after': '5' },
            cause: error,
          });
        }
        throw refused(error);
      }
    },
    close: () => keys?.close(),
  };
}

function bearer(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw problem('unauthenticated', 'Send Authorization: Bearer <token>', { headers: challenge() });
  }
  const match = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization);
  if (match?.[1] === undefined) {
    throw problem('unauthenticated', 'The Authorization header is not "Bearer <token>"', {
      headers: challenge('invalid_request'),
    });
  }
  return match[1];
}

function refused(cause?: unknown): Error {
  return problem('unauthenticated', 'The token is unknown, has expired or is not for this service', {
    headers: challenge('invalid_token'),
    cause,
  });
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_JWKS_TIMEOUT';

/**
 * Whether the caller may use a route.
 * @returns the one agent the caller is confined to, or `undefined` for everybody's things
 * @throws Problem 403 naming the missing scope
 */
export function authorize(
  caller: Caller,
  access: Exclude<Access, 'public'>,
  params: Readonly<Record<string, unknown>>,
): string | undefined {
  const scope = typeof access === 'string' ? access : access.scope;
  if (caller.scopes.has(scope)) return scope === 'agents:self' ? ownAgent(caller) : undefined;
  if (typeof access === 'string' || !caller.scopes.has('agents:self')) throw missing(scope);
  const agentId = ownAgent(caller);
  if (access.orSelf !== 'handler' && params[access.orSelf.param] !== agentId) {
    throw problem('forbidden', `With agents:self only the agent's own; for others the token needs ${scope}`);
  }
  return agentId;
}

function ownAgent(caller: Caller): string {
  if (caller.agentId === undefined) throw problem('forbidden', 'The token has agents:self but names no agent');
  return caller.agentId;
}

function missing(scope: Scope): Error {
  return problem('forbidden', `The token lacks the scope ${scope}`, {
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  });
}
