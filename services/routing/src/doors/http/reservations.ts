/** Reservations: what is offered to an agent, what they answer, and the stream that tells them. */
import { identifier } from '@switchboard/contracts';
import {
  configurationId,
  defineRoutes,
  ok,
  pageOf,
  pageQuery,
  problem,
  readCursor,
  toPage,
} from '@switchboard/service';
import type { Door } from '@switchboard/service';
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import { openReservation } from '../../domain/work/state.ts';
import type { Reservation } from '../../domain/work/state.ts';
import { findAgent, listReservations } from '../../store/reads.ts';
import { shownToAgent } from './agent-stream.ts';
import { refusal, reservation, reservationStatus } from './shapes.ts';

const byId = z.object({ id: identifier });
const byAgent = z.object({ id: configurationId });

const actions = [
  { path: 'accept', type: 'accept-reservation', summary: 'Takes the work; again: the same answer' },
  { path: 'wrap-up', type: 'wrap-up-reservation', summary: 'The contact is over, the agent finishes up' },
  { path: 'complete', type: 'complete-reservation', summary: 'The work is done' },
] as const;

export const reservationRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  for (const { path, type, summary } of actions) {
    routes.post(
      `/v1/reservations/:id/${path}`,
      {
        access: { scope: 'work:write', orSelf: 'handler' },
        summary,
        params: byId,
        responses: { 200: reservation },
      },
      (request) => {
        const data = { reservationId: request.params.id, onlyAgent: request.onlyAgent };
        return door.submit(request, { type, data }, (reply: Reservation) => ok(reply));
      },
    );
  }
  routes.post(
    '/v1/reservations/:id/reject',
    {
      access: { scope: 'work:write', orSelf: 'handler' },
      summary: 'Gives the work back, and says why',
      params: byId,
      body: refusal,
      responses: { 200: reservation },
    },
    (request) => {
      const data = { reservationId: request.params.id, onlyAgent: request.onlyAgent, ...request.body };
      return door.submit(request, { type: 'reject-reservation', data }, (reply: Reservation) => ok(reply));
    },
  );
  routes.get(
    '/v1/agents/:id/reservations',
    {
      access: { scope: 'work:read', orSelf: { param: 'id' } },
      summary: "Lists an agent's reservations, oldest first; open ones unless a status is asked for",
      params: byAgent,
      query: z.object({ ...pageQuery, status: reservationStatus.optional() }),
      responses: { 200: pageOf(reservation) },
    },
    async ({ params: { id }, query: { limit, cursor, status } }) => {
      await requireAgent(door, id);
      const statuses = status === undefined ? openReservation : [status];
      const page = { after: readCursor(cursor, [z.string()]), limit: limit + 1 };
      return ok(toPage(await listReservations(door.db, { agentId: id, statuses }, page), limit, (row) => [row.id]));
    },
  );
  routes.stream(
    '/v1/agents/:id/stream',
    {
      access: { scope: 'work:read', orSelf: { param: 'id' } },
      summary: "What happens to an agent's presence, reservations and work",
      params: byAgent,
    },
    async ({ params: { id } }) => {
      await requireAgent(door, id);
      return shownToAgent(id);
    },
  );
});

async function requireAgent(door: Door<RoutingCommands>, id: string): Promise<void> {
  if ((await findAgent(door.db, id)) === undefined) throw problem('unknown-id', `There is no agent ${id}`);
}
