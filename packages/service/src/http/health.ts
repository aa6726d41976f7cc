/** Whether the process lives, and whether it should get requests. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

/** Starting, ready, stopping; and what is wrong. */
export interface Health {
  status(): 'starting' | 'ready' | 'unready' | 'stopping';
  faults(): readonly string[];
}

const readiness = z.object({
  status: z.enum(['starting', 'ready', 'unready', 'stopping']),
  faults: z.array(z.string()),
});

export function healthRoutes(app: FastifyInstance, health: Health): void {
  app.route({
    method: 'GET',
    url: '/health/live',
    config: { access: 'public' },
    schema: {
      summary: 'Whether the process lives',
      operationId: 'getHealthLive',
      tags: ['health'],
      security: [],
      response: { 200: z.object({ status: z.literal('live') }) },
    },
    handler: () => ({ status: 'live' }),
  });
  app.route({
    method: 'GET',
    url: '/health/ready',
    config: { access: 'public' },
    schema: {
      summary: 'Whether it should get requests, and what is wrong where not',
      operationId: 'getHealthReady',
      tags: ['health'],
      security: [],
      response: { 200: readiness, 503: readiness },
    },
    handler: (_request, reply) => {
      const status = health.status();
      return reply.code(status === 'ready' ? 200 : 503).send({ status, faults: [...health.faults()] });
    },
  });
}
