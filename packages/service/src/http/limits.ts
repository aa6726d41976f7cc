/** How often one address may try. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem, problem } from './problem.ts';

/** Runs a handler, unless its address has failed too often. */
export type FailureLimit = <T>(request: FastifyRequest, work: () => Promise<T>) => Promise<T>;
export type FailureLimits = (limit: { readonly max: number; readonly window: number } | undefined) => FailureLimit;

const tooMany = (seconds: number): Problem =>
  problem('too-many-requests', 'Too many tries from this address, wait', {
    headers: { 'retry-after': String(Math.max(1, seconds)) },
  });

/** Limits are declared by routes; without one a route has none. */
export async function installLimits(app: FastifyInstance): Promise<FailureLimits> {
  await app.register(rateLimit, {
    global: false,
    cache: 20_000,
    errorResponseBuilder: (_request, { ttl }) => tooMany(Math.ceil(ttl / 1000)),
  });
  return (limit) => (limit === undefined ? (_request, work) => work() : failureLimit(app, limit));
}

/** Only a 404 counts, but once there are too many a right guess is refused as well. */
function failureLimit(
  app: FastifyInstance,
  { max, window }: { readonly max: number; readonly window: number },
): FailureLimit {
  const counter = app.createRateLimit({ max, timeWindow: window });
  return async (request, work) => {
    const before = await counter(request, { increment: false });
    if (!before.isAllowed && before.remaining === 0) throw tooMany(before.ttlInSeconds);
    try {
      return await work();
    } catch (error) {
      if (error instanceof Problem && error.body.status === 404) await counter(request);
      throw error;
    }
  };
}
