/** The one owner of fastify: limits, parsers, hooks, problems, reference page. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { Authentication } from './auth.ts';
import { installBodyParser } from './body.ts';
import type { KeyGuard } from './door.ts';
import { sendProblem } from './errors.ts';
import { healthRoutes } from './health.ts';
import type { Health } from './health.ts';
import { installHooks } from './hooks.ts';
import { installLimits } from './limits.ts';
import { installOpenApi } from './openapi.ts';
import type { OpenApiOptions } from './openapi.ts';
import { problem } from './problem.ts';
import { routeList } from './register.ts';
import type { RouteList } from './routes.ts';
import { serializerCompiler } from './serialize.ts';
import type { Streams } from './sse.ts';

export interface HttpOptions {
  readonly logger: FastifyBaseLogger;
  readonly bodyLimit: number;
  readonly trustProxy: string;
  readonly authentication: Authentication;
  readonly health: Health;
  readonly streams: Streams;
  readonly keyGuard: KeyGuard;
  readonly openApi: OpenApiOptions;
  /** Adds the service's routes. */
  readonly routes: (list: RouteList) => void;
}

/** ms. */
const requestTimeout = 30_000;
const keepAliveTimeout = 72_000;
const mostConnections = 10_000;

/** Everything is set up; nothing is listening yet. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // Trace ids tell requests apart in the log; a child logger each costs more than the line it writes.
    childLoggerFactory: (logger) => logger,
    bodyLimit: options.bodyLimit,
    trustProxy: options.trustProxy.split(','),
    requestTimeout,
    connectionTimeout: requestTimeout * 2,
    keepAliveTimeout,
    forceCloseConnections: 'idle',
    // While stopping, requests on open connections are still answered; they are not begun anew.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request, reply);
    },
  });
  app.server.maxConnections = mostConnections;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) => {
    sendProblem(
      problem('not-found', `There is no ${request.method} ${request.url.split('?')[0] ?? ''}`),
      request,
      reply,
    );
  });
  installBodyParser(app);
  installHooks(app, options.authentication);
  app.addHook('onRequest', (_request, reply, done) => {
    // Whoever keeps a connection open takes the next request elsewhere, before this one is closed under it.
    if (options.health.status() === 'stopping') void reply.header('connection', 'close');
    done();
  });
  const limits = await installLimits(app);
  await installOpenApi(app, options.openApi);
  healthRoutes(app, options.health);
  options.routes(routeList(app, { ...options, limits }));
  await app.ready();
  return app;
}

/** What never becomes a request: broken HTTP, too many headers, too slow. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const code =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'headers-too-large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'request-timeout'
        : 'bad-request';
  const { body } = problem(code, 'The request cannot be read as HTTP');
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${String(body.status)} ${body.title}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${String(Buffer.byteLength(text))}`,
    'connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${text}`);
  socket.destroySoon();
}
