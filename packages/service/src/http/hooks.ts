/** What happens to every request: a span, who calls, what was sent, how long it took. */
import { context, metrics, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authorize } from './auth.ts';
import type { Authentication } from './auth.ts';
import { problem } from './problem.ts';
import { textErrors } from './text.ts';

declare module 'fastify' {
  interface FastifyRequest {
    traced: { readonly context: Context; readonly span: Span } | undefined;
  }
}

export function installHooks(app: FastifyInstance, authentication: Authentication): void {
  app.decorateRequest('caller', undefined);
  app.decorateRequest('onlyAgent', undefined);
  app.decorateRequest('sent', undefined);
  app.decorateRequest('traced', undefined);
  app.addHook('onRoute', ({ url, config }) => {
    // The reference page's own routes come from its plugin.
    if (config?.access === undefined && !url.startsWith('/docs')) throw new Error(`${url} declares no access`);
  });
  traceRequests(app);
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config;
    if (access === undefined || access === 'public') return;
    request.caller = await authentication.caller(request.headers.authorization);
    request.onlyAgent = authorize(request.caller, access, request.params as Record<string, unknown>);
  });
  app.addHook('preValidation', (request, _reply, done) => {
    done(checkText(request));
  });
}

/** The body was looked at when it was parsed. */
function checkText(request: FastifyRequest): Error | undefined {
  const inPath = textErrors(request.params);
  if (inPath.length > 0) return problem('invalid-parameter', 'The path does not fit', { errors: inPath });
  const inQuery = textErrors(request.query);
  if (inQuery.length > 0) return problem('invalid-query', 'The query does not fit', { errors: inQuery });
  request.sent = request.body;
  // An empty body is taken as one without fields: a schema that needs some will name them.
  if (request.body === undefined && request.routeOptions.schema?.body !== undefined) request.body = {};
  return undefined;
}

function traceRequests(app: FastifyInstance): void {
  const tracer = trace.getTracer('switchboard.http');
  const duration = metrics.getMeter('switchboard.http').createHistogram('http_server_request_duration_seconds', {
    description: 'From the request line to the last byte of the answer',
    unit: 's',
    advice: { explicitBucketBoundaries: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
  });
  app.addHook('onRequest', (request, reply, done) => {
    // Answers are about persons: no cache keeps them, and no browser guesses what they are.
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    const parent = propagation.extract(ROOT_CONTEXT, request.headers);
    const span = tracer.startSpan(
      `${request.method} ${request.routeOptions.url ?? 'unknown'}`,
      { kind: SpanKind.SERVER },
      parent,
    );
    request.traced = { span, context: trace.setSpan(parent, span) };
    done();
  });
  // Entered here and not above: reading the body continues in the connection's context, not in the request's.
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.traced === undefined) done();
    else context.with(request.traced.context, done);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const labels = { method: request.method, route, status: reply.statusCode };
    duration.record(reply.elapsedTime / 1000, labels);
    const span = request.traced?.span;
    span?.setAttributes({
      'http.request.method': request.method,
      'http.route': route,
      'http.response.status_code': reply.statusCode,
    });
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    request.log.debug({ ...labels, ms: Math.round(reply.elapsedTime) }, 'request');
    done();
  });
}
