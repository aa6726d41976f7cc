/** Whatever is thrown while a request is handled, as a problem. Nothing of the inside is told. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { classify } from '../database/classify.ts';
import { Problem, problem } from './problem.ts';
import type { FieldError, ProblemCode } from './problem.ts';

/** Answers with a problem; what is our own fault is logged with its cause. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const found = toProblem(error);
  const { status, code } = found.body;
  if (code === 'too-large') hearOut(request, reply);
  if (status >= 500) {
    const fields = { err: error, cause: found.cause, route: request.routeOptions.url, method: request.method };
    if (code === 'unavailable') request.log.warn(fields, 'request not answered now');
    else request.log.error(fields, 'request failed');
  }
  void reply
    .code(status)
    .headers(found.headers)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(found.body));
}

/** A caller whose connection is cut while it still sends never sees the answer: the rest is read and thrown away. */
function hearOut(request: FastifyRequest, reply: FastifyReply): void {
  reply.removeHeader('connection');
  request.raw.resume();
}

export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return problem('internal', 'The request could not be handled', { cause: error });
  if ('validation' in error && Array.isArray(error.validation)) return validationProblem(error as FastifyError);
  if (classify(error) === 'infrastructure') {
    return problem('unavailable', 'The database is away, try again', { headers: { 'retry-after': '2' }, cause: error });
  }
  return frameworkProblem(error);
}

const byContext: Readonly<Record<string, ProblemCode>> = {
  body: 'invalid-body',
  querystring: 'invalid-query',
  params: 'invalid-parameter',
  headers: 'invalid-header',
};

function validationProblem(error: FastifyError): Problem {
  const context = error.validationContext ?? 'body';
  const errors: FieldError[] = (error.validation ?? []).map(({ instancePath, message }) => ({
    field: instancePath.slice(1).replaceAll('/', '.'),
    reason: message ?? 'does not fit',
  }));
  const named = errors.map(({ field, reason }) => (field === '' ? reason : `${field}: ${reason}`));
  return problem(byContext[context] ?? 'bad-request', named.join('; '), { errors });
}

const byFrameworkCode: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported-media-type',
  FST_ERR_HANDLER_TIMEOUT: 'unavailable',
};

function frameworkProblem(error: Error): Problem {
  const code = 'code' in error ? String(error.code) : '';
  const known = byFrameworkCode[code];
  if (known !== undefined) return problem(known, sentence(error.message), { cause: error });
  const status = 'statusCode' in error ? Number(error.statusCode) : 500;
  if (code.startsWith('FST_') && status >= 400 && status < 500)
    return problem('bad-request', sentence(error.message), { cause: error });
  return problem('internal', 'The request could not be handled', { cause: error });
}

/** fastify's own messages speak of the request alone. */
const sentence = (message: string): string => message.replaceAll(/\s+/g, ' ').slice(0, 200);
