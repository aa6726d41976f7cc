/** `/v1/clocks` */
import { identifier } from '@switchboard/contracts';
import { cursorInstant, defineRoutes, ok, pageOf, pageQuery, problem, readCursor } from '@switchboard/service';
import { z } from 'zod';
import type { SlaCommands } from '../../domain/commands.ts';
import { targets } from '../../domain/state.ts';
import { findClock, listClocks } from '../../store/clock-queries.ts';

const status = z.enum(['running', 'paused', 'met', 'breached', 'canceled']);

const risk = z.object({
  probability: z.union([z.number().min(0).max(1), z.literal('unknown')]).describe('that the promise will be broken'),
  why: z.enum(['no-model', 'no-skill', 'other-target', 'nothing-known']).optional().describe('why it is unknown'),
  reasons: z
    .array(
      z.object({
        feature: z.string(),
        value: z.number().optional(),
        weight: z.number().describe('log-odds compared with the average promise; above 0 raises the risk'),
        text: z.string(),
      }),
    )
    .describe('what matters most first'),
  help: z
    .array(
      z.object({
        action: z.enum(['resume', 'move-to-team', 'raise-priority', 'work-first']),
        to: z.string().optional(),
        probability: z.number().describe('were it so'),
        text: z.string(),
      }),
    )
    .describe('what helps most first'),
  model: z.int().describe('version of what was learned'),
  at: z.string(),
});

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
  risk: risk
    .optional()
    .describe('absent until a model has looked at it; of a clock that is over, what was foreseen last'),
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
