/** The joint base URL: a thin proxy in front of the five services. On Kubernetes the Ingress takes its place. */
import httpProxy from '@fastify/http-proxy';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { SERVICES } from '../services.ts';
import { handOnBodies } from './bodies.ts';
import { mergeOpenApi } from './openapi.ts';
import type { OpenApiDocument } from './openapi.ts';
import { jointRoutes } from './routes.ts';
import type { ServiceUrls } from './routes.ts';

export interface GatewayOptions {
  readonly services: ServiceUrls;
  readonly host: string;
  readonly port: number;
  /** Believe `X-Forwarded-For` of whoever connects: right behind one's own load balancer only. */
  readonly trustProxy?: boolean;
}

/** Starts listening; `close` cuts open streams and ends. */
export async function startGateway(options: GatewayOptions): Promise<FastifyInstance> {
  const app = fastify({
    forceCloseConnections: true,
    trustProxy: options.trustProxy ?? false,
    routerOptions: { ignoreTrailingSlash: false },
    frameworkErrors: (error, _request, reply) => {
      refuse(error, reply);
    },
  });
  app.setErrorHandler((error, _request, reply) => refuse(error, reply));
  app.setNotFoundHandler((request, reply) =>
    problem(reply, NOT_FOUND, `Nothing is served at ${request.method} ${request.url.split('?')[0] ?? ''}`),
  );
  handOnBodies(app);
  addHealth(app, options.services);
  await addReference(app, options.services);
  for (const { prefix, service } of jointRoutes()) {
    await app.register(httpProxy, {
      prefix,
      rewritePrefix: prefix,
      upstream: options.services[service],
      // A stream of events is silent for as long as nothing happens.
      undici: { bodyTimeout: 0, headersTimeout: 120_000, connections: 256, pipelining: 1 },
      disableRequestLogging: true,
      replyOptions: {
        rewriteRequestHeaders: (request, headers) => ({ ...headers, 'x-forwarded-for': request.ip }),
        onError: (reply) => {
          void problem(reply as FastifyReply, UNAVAILABLE, `${service} does not answer at the moment; try again`);
        },
      },
    });
  }
  await app.listen({ host: options.host, port: options.port });
  return app;
}

const NOT_FOUND = { title: 'There is nothing at this path', status: 404, code: 'not-found' };
const MALFORMED = { title: 'The request is malformed', status: 400, code: 'bad-request' };
const NO_TYPE = {
  title: 'The body is of a type that is not understood here',
  status: 415,
  code: 'unsupported-media-type',
};
const UNAVAILABLE = { title: 'Not now, try again', status: 503, code: 'unavailable' };

/** What goes wrong before a service is asked: a path that cannot be decoded, a content type that is none. */
function refuse(error: unknown, reply: FastifyReply): FastifyReply {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === NO_TYPE.status) return problem(reply, NO_TYPE, 'The content type cannot be read');
  if (status < 500) return problem(reply, MALFORMED, 'The path cannot be read');
  return problem(reply, UNAVAILABLE, 'A service does not answer at the moment; try again');
}

function problem(reply: FastifyReply, kind: typeof NOT_FOUND, detail: string): FastifyReply {
  return reply
    .code(kind.status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: `urn:switchboard:problem:${kind.code}`, ...kind, detail }));
}

function addHealth(app: FastifyInstance, services: ServiceUrls): void {
  app.get('/health/live', () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const states = await Promise.all(
      SERVICES.map(async ({ name }) => [name, (await isReady(services[name])) ? 'ready' : 'not-ready'] as const),
    );
    const ready = states.every(([, state]) => state === 'ready');
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not-ready', services: Object.fromEntries(states) });
  });
}

/** Whether the service at this address says that it is ready. */
export async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

async function addReference(app: FastifyInstance, services: ServiceUrls): Promise<void> {
  app.get('/openapi.json', async (request, reply) => {
    const documents = await Promise.all(
      SERVICES.map(async ({ name }) => [name, await documentOf(services[name])] as const),
    );
    return reply.send(mergeOpenApi(Object.fromEntries(documents), `${request.protocol}://${request.host}`));
  });
  await app.register(swagger, {
    mode: 'static',
    specification: { document: { openapi: '3.1.0', info: { title: 'Switchboard', version: '1' }, paths: {} } },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { url: '/openapi.json' } });
}

async function documentOf(url: string): Promise<OpenApiDocument> {
  const answer = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(5000) });
  return (await answer.json()) as OpenApiDocument;
}
