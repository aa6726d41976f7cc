/** `/v1/clocks` */
import { identifier } from '@switchboard/contracts';
import { cursorInstant, defineRoutes, ok, pageOf, pageQuery, problem, readCursor } from '@switchboard/service';
import { z } from 'zod';
import type { SlaCommands } from '../../domain/commands.ts';
import { targets } from '../../domain/state.ts';
import { findClock, listClocks } from '../../store/clock-queries.ts';

const status = z.enum(['running', 'paused', 'met', 'breached', 'canceled']);

const clock = z.object({
  id: z.string(),
  caseId: z.string(),
  customerId: z.string().optional(),
  policyId: z.string(),
  calendarId: z.string(),
  target: z.enum(targets),
  status: status.describe('breached stays; metAt may follow'),
  startedAt: z.string().describe('when intake accepted the contact'),
  occurredAt: z.string().optional().describe("the sender's claim"),
  dueAt: z.string().optional().describe('absent while paused'),
  targetMs: z.number().describe('open time promised'),
  elapsedMs: z.number().describe('open time used'),
  remainingMs: z.number().describe('open time left; negative once overdue'),
  warned: z.array(z.number()).describe('shares that were warned of'),
  metAt: z.string().optional(),
  breachedAt: z.string().optional(),
  canceledAt: z.string().optional(),
  version: z.int(),
});

export const clockRoutes = defineRoutes<SlaCommands>((routes, door) => {
  routes.get(
    '/v1/clocks',
    {
      access: 'sla:read',
      summary: 'Lists clocks, oldest first',
      query: z.object({ ...pageQuery, caseId: identifier.optional(), status: status.optional() }),
      responses: { 200: pageOf(clock) },
    },
    async ({ query: { limit, cursor, ...filter } }) => {
      const after = readCursor(cursor, [cursorInstant, z.string()]);
      return ok(await listClocks(door.db, filter, { limit, after }));
    },
  );
  routes.get(
    '/v1/clocks/:id',
    { access: 'sla:read', summary: 'One clock', params: z.object({ id: identifier }), responses: { 200: clock } },
    async ({ params: { id } }) => {
      const found = await findClock(door.db, id);
      if (found === undefined) throw problem('unknown-id', `There is no clock ${id}`);
      return ok(found);
    },
  );
});
