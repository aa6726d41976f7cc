/** Puts the routes of door files into fastify. */
import { STATUS_CODES } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema, HTTPMethods } from 'fastify';
import { z } from 'zod';
import type { KeyGuard } from './door.ts';
import type { FailureLimit, FailureLimits } from './limits.ts';
import { problem } from './problem.ts';
import type { DoorRequest, Reply, RouteList } from './routes.ts';
import type { Access, Caller } from './scopes.ts';
import type { Streams } from './sse.ts';
import { unknownFinder } from './unknown-fields.ts';
import type { FindUnknown } from './unknown-fields.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    consumes?: readonly string[];
  }
  interface FastifyRequest {
    caller: Caller | undefined;
    onlyAgent: string | undefined;
    /** The body as it came, before zod's defaults. */
    sent: unknown;
  }
}

/** A route with its types gone: what this file needs of `RouteOptions` and of `StreamOptions`. */
interface PlainRoute {
  readonly access: Access;
  readonly summary: string;
  readonly description?: string;
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly consumes?: readonly string[];
  readonly produces?: string;
  readonly bodyLimit?: number;
  readonly rateLimit?: { readonly max: number; readonly window: number };
  readonly failureLimit?: { readonly max: number; readonly window: number };
  readonly responses?: Readonly<Record<number, unknown>>;
}
type PlainHandler = (request: DoorRequest<never, never, never>) => Promise<Reply> | Reply;

const eventStream = {
  description: 'Server-sent events; the id is what to send as Last-Event-ID',
  content: { 'text/event-stream': { schema: z.string() } },
};

export interface RouteParts {
  readonly streams: Streams;
  readonly limits: FailureLimits;
  readonly keyGuard: KeyGuard;
}

/** The list that door files add to. */
export function routeList(app: FastifyInstance, { streams, limits, keyGuard }: RouteParts): RouteList {
  const shown = new Map<string, readonly unknown[]>();
  const adder = (method: HTTPMethods) => (path: string, options: PlainRoute, handler: unknown) => {
    const limit = limits(options.failureLimit);
    addRoute(app, { method, path, options, handler: handler as PlainHandler, limit, keyGuard, shown });
  };
  return {
    get: adder('GET'),
    post: adder('POST'),
    put: adder('PUT'),
    patch: adder('PATCH'),
    delete: adder('DELETE'),
    download: (path, { types, ...options }, open) => {
      const content = Object.fromEntries(Object.entries(types).map(([type, schema]) => [type, { schema }]));
      app.route({
        method: 'GET',
        url: path,
        exposeHeadRoute: false,
        schema: schemaOf('GET', path, { ...options, responses: { 200: { description: 'A file', content } } }),
        config: { access: options.access },
        handler: async (request, reply) => {
          const { type, fileName, chunks } = await open(doorRequest(request) as DoorRequest<never, never, undefined>);
          return reply
            .header('content-type', `${type}; charset=utf-8`)
            .header('content-disposition', `attachment; filename="${fileName}"`)
            .send(Readable.from(chunks));
        },
      });
    },
    stream: (path, options, open) => {
      app.route({
        method: 'GET',
        url: path,
        exposeHeadRoute: false,
        schema: schemaOf('GET', path, { ...options, responses: { 200: eventStream } }),
        config: { access: options.access },
        handler: async (request, reply) => {
          const pick = await open(doorRequest(request) as DoorRequest<never, undefined, undefined>);
          await streams.serve(request, reply, pick);
        },
      });
    },
  };
}

interface Addition {
  readonly method: HTTPMethods;
  readonly path: string;
  readonly options: PlainRoute;
  readonly handler: PlainHandler;
  readonly limit: FailureLimit;
  readonly keyGuard: KeyGuard;
  /** Path -> schemas of what is shown there. */
  readonly shown: Map<string, readonly unknown[]>;
}

function addRoute(app: FastifyInstance, { method, path, options, handler, limit, keyGuard, shown }: Addition): void {
  const { access, consumes, rateLimit, bodyLimit, body, responses } = options;
  if (method === 'GET' || method === 'PUT')
    shown.set(path, [...(shown.get(path) ?? []), ...Object.values(responses ?? {})]);
  const findUnknown =
    body === undefined ? undefined : unknownFinder(() => (method === 'PUT' ? (shown.get(path) ?? []) : []));
  app.route({
    method,
    url: path,
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    schema: schemaOf(method, path, options),
    config: {
      access,
      ...(consumes === undefined ? {} : { consumes }),
      ...(rateLimit === undefined ? {} : { rateLimit: { max: rateLimit.max, timeWindow: rateLimit.window } }),
    },
    handler: async (request, reply) => {
      if (findUnknown !== undefined) await refuseUnknown(request, findUnknown, keyGuard);
      const answer = await limit(request, async () =>
        handler(doorRequest(request) as DoorRequest<never, never, never>),
      );
      return send(reply, answer);
    },
  });
}

/** @throws Problem invalid-body, key-reused */
async function refuseUnknown(request: FastifyRequest, findUnknown: FindUnknown, keyGuard: KeyGuard): Promise<void> {
  const errors = findUnknown(request.sent, request.body);
  if (errors.length === 0) return;
  await keyGuard(doorRequest(request));
  throw problem('invalid-body', errors.map(({ field, reason }) => `${field}: ${reason}`).join('; '), { errors });
}

function send(reply: FastifyReply, { status, body, headers }: Reply): FastifyReply {
  if (headers !== undefined) void reply.headers(headers);
  return reply.code(status).send(body);
}

function doorRequest(request: FastifyRequest): DoorRequest {
  const { id, params, query, body, headers, ip, method, caller, onlyAgent, sent } = request;
  return {
    id,
    params,
    query,
    body,
    headers,
    ip,
    method,
    routePath: request.routeOptions.url ?? '',
    caller,
    onlyAgent,
    sent,
  };
}

function schemaOf(method: string, path: string, options: PlainRoute): FastifySchema {
  const { access, summary, description, params, query, body, responses } = options;
  return {
    summary,
    ...(description === undefined ? {} : { description }),
    operationId: operationId(method, path),
    tags: [path.split('/')[2] ?? 'switchboard'],
    security: securityOf(access),
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body }),
    ...(responses === undefined ? {} : { response: responsesOf(responses, options.produces) }),
  };
}

function responsesOf(responses: NonNullable<PlainRoute['responses']>, produces: string | undefined): object {
  if (produces === undefined) return responses;
  const described = Object.entries(responses).map(([status, schema]) => {
    return [status, { description: STATUS_CODES[status] ?? status, content: { [produces]: { schema } } }];
  });
  return Object.fromEntries(described) as object;
}

/** `POST /v1/cases/:id/messages` -> `postCasesIdMessages`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '' && word !== 'v1');
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function securityOf(access: Access): Record<string, string[]>[] {
  if (access === 'public') return [];
  const names = typeof access === 'string' ? [access] : [access.scope, 'agents:self'];
  return names.flatMap((scope): Record<string, string[]>[] => [{ token: [scope] }, { oidc: [scope] }]);
}
