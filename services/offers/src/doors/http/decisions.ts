import { contactPoint, identifier, openVocabulary } from '@switchboard/contracts';
import {
  created,
  cursorInstant,
  defineRoutes,
  ok,
  pageOf,
  pageQuery,
  problem,
  readCursor,
  toPage,
} from '@switchboard/service';
import { z } from 'zod';
import type { OffersCommands } from '../../domain/commands.ts';
import { USUAL_LIMIT } from '../../domain/decide.ts';
import type { DecisionState } from '../../domain/state.ts';
import { findByContactPoint, findDecision, listDecisions } from '../../store/queries.ts';
import { decisionView, viewOf } from './views.ts';

const byId = z.object({ id: identifier });

const asking = z
  .object({
    customerId: identifier.optional(),
    contactPoint: contactPoint.optional(),
    caseId: identifier.optional(),
    channel: openVocabulary,
    limit: z.int().min(1).max(25).default(USUAL_LIMIT),
  })
  .refine(({ customerId, contactPoint: point }) => (customerId === undefined) !== (point === undefined), {
    path: ['customerId'],
    error: 'give either customerId or contactPoint',
  });

export const decisionRoutes = defineRoutes<OffersCommands>((routes, door) => {
  async function customerOf({ customerId, contactPoint: point }: z.output<typeof asking>): Promise<string> {
    const id = customerId ?? (point === undefined ? undefined : await findByContactPoint(door, point));
    if (id !== undefined) return id;
    throw problem('unknown-id', 'Nobody has this contact point', {
      errors: [{ field: 'contactPoint', reason: 'is unknown' }],
    });
  }
  routes.post(
    '/v1/decisions',
    {
      access: 'decisions:write',
      summary: 'Decides what to offer a customer now',
      body: asking,
      responses: { 201: decisionView },
    },
    async (request) => {
      const { caseId, channel, limit } = request.body;
      const customerId = await customerOf(request.body);
      const data = { customerId, caseId, channel, limit };
      return door.submit(request, { type: 'decide-on-request', data }, (decision: DecisionState) =>
        created(viewOf(decision)),
      );
    },
  );
  routes.get(
    '/v1/decisions',
    {
      access: 'decisions:read',
      summary: 'Decisions, newest first',
      query: z.object({ ...pageQuery, caseId: identifier.optional(), customerId: identifier.optional() }),
      responses: { 200: pageOf(decisionView) },
    },
    async ({ query: { caseId, customerId, limit, cursor } }) => {
      const after = readCursor(cursor, [cursorInstant, z.string()]);
      const rows = await listDecisions(door, { caseId, customerId, limit: limit + 1, after });
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.at, row.id]);
      return ok({ items: items.map(viewOf), nextCursor });
    },
  );
  routes.get(
    '/v1/decisions/:id',
    { access: 'decisions:read', summary: 'One decision', params: byId, responses: { 200: decisionView } },
    async ({ params: { id } }) => {
      const decision = await findDecision(door, id);
      if (decision === undefined) throw problem('unknown-id', `There is no decision ${id}`);
      return ok(viewOf(decision));
    },
  );
});
