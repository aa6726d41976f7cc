/** `/v1/calendars/{id}/versions` and `/plans`: what a calendar said, and what it is to say. */
import {
  defineRoutes,
  noContent,
  ok,
  pageOf,
  pageQuery,
  problem,
  readCursor,
  configurationId,
} from '@switchboard/service';
import { z } from 'zod';
import type { SlaCommands } from '../../domain/commands.ts';
import { listPlans, listVersions } from '../../store/calendar-queries.ts';
import { planned, shownPlan } from './calendars.ts';

const version = z.object({
  calendarId: z.string(),
  version: z.int(),
  effectiveFrom: z.string().describe('until the next version'),
  definition: z.record(z.string(), z.unknown()).describe('with its members, and what its feeds said'),
});

const byId = z.object({ id: configurationId });

export const calendarVersionRoutes = defineRoutes<SlaCommands>((routes, door) => {
  routes.get(
    '/v1/calendars/:id/versions',
    {
      access: 'sla:read',
      summary: 'Lists what a calendar said, oldest version first',
      params: byId,
      query: z.object(pageQuery),
      responses: { 200: pageOf(version) },
    },
    async ({ params: { id }, query: { limit, cursor } }) => {
      const after = readCursor(cursor, [z.int().max(2_147_483_647)]);
      const page = await listVersions(door.db, id, { limit, after });
      if (page === undefined) throw problem('unknown-id', `There is no calendar ${id}`);
      return ok(page);
    },
  );
  routes.get(
    '/v1/calendars/:id/plans',
    {
      access: 'sla:read',
      summary: 'Lists what a calendar is to say, soonest first',
      params: byId,
      responses: { 200: pageOf(planned) },
    },
    async ({ params: { id } }) => {
      const plans = await listPlans(door.db, id);
      if (plans === undefined) throw problem('unknown-id', `There is no calendar ${id}`);
      return ok({ items: plans.map((plan) => shownPlan({ calendarId: id, plan })), nextCursor: null });
    },
  );
  routes.delete(
    '/v1/calendars/:id/plans/:planId',
    {
      access: 'sla:write',
      summary: 'Withdraws what a calendar was to say',
      params: z.object({ id: configurationId, planId: configurationId }),
      responses: { 204: z.undefined() },
    },
    (request) => door.submit(request, { type: 'withdraw-calendar', data: request.params }, noContent),
  );
});
