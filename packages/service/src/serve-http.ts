/** HTTP for a service: its doors, what every service has, and where it listens. */
import type { Commands } from '@switchboard/hallway';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { BaseSettings } from './config.ts';
import { createAuthentication } from './http/auth.ts';
import { deadLetterRoutes } from './http/dead-letter-routes.ts';
import { keyGuard } from './http/door.ts';
import type { Door } from './http/door.ts';
import type { ApiKeys } from './http/keys.ts';
import { openOidc } from './http/oidc.ts';
import type { Routes } from './http/routes.ts';
import { createHttp } from './http/server.ts';
import { createStreams } from './http/sse.ts';
import type { Readiness } from './readiness.ts';
import type { Steps } from './stepwise.ts';

interface ServeOptions<M extends Commands> {
  readonly definition: { readonly name: string; readonly description: string };
  readonly settings: BaseSettings;
  readonly logger: Logger;
  readonly door: Door<M>;
  readonly keys: ApiKeys | undefined;
  readonly readiness: Readiness;
  readonly routes: readonly Routes<M>[];
  readonly steps: Steps;
}

/** The address is taken by another program. */
export class AddressTakenError extends Error {
  override readonly name = 'AddressTakenError';
}

/** @throws AddressTakenError */
export async function serveHttp<M extends Commands>(options: ServeOptions<M>): Promise<FastifyInstance> {
  const { definition, settings, logger, door, keys, readiness, steps } = options;
  const oidc = settings.OIDC_ISSUER === undefined ? undefined : openOidc(settings.OIDC_ISSUER, settings.OIDC_AUDIENCE);
  const streams = createStreams(door.hallway);
  const app = await createHttp({
    logger,
    bodyLimit: settings.BODY_LIMIT,
    trustProxy: settings.TRUST_PROXY,
    authentication: createAuthentication(keys, oidc),
    health: readiness,
    streams,
    keyGuard: keyGuard(door.hallway),
    openApi: {
      title: `Switchboard ${definition.name}`,
      version: '1',
      description: definition.description,
      issuer: settings.OIDC_ISSUER,
    },
    routes: (list) => {
      for (const routes of [...options.routes, deadLetterRoutes(definition.name)]) routes(list, door);
    },
  });
  steps.begun('http', async () => {
    streams.close();
    // A connection whose answer leaves after this would stay open until its keep-alive ends, for more than a minute.
    const sweep = setInterval(() => {
      app.server.closeIdleConnections();
    }, 50);
    await app.close().finally(() => {
      clearInterval(sweep);
    });
  });
  await listen(app, settings);
  return app;
}

async function listen(app: FastifyInstance, { HOST, PORT }: BaseSettings): Promise<void> {
  try {
    await app.listen({ host: HOST, port: PORT });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new AddressTakenError(`PORT: ${HOST}:${String(PORT)} is taken by another program`, { cause: error });
    }
    throw error;
  }
}
