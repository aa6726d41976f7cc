/** `/v1/clocks` */
import { identifier } from '@switchboard/contracts';
import { cursorInstant, defineRoutes, ok, pageOf, pageQuery, problem, readCursor } from '@switchboard/service';
import { z } from 'zod';
import type { RepairScope, SlaCommands } from '../../domain/commands.ts';
import type { RepairReply } from '../../domain/repair/handlers.ts';
import { targets } from '../../domain/policies/state.ts';
import { dimensions } from './shapes.ts';
import { findClock, listClocks } from '../../store/clock-queries.ts';

const status = z.enum(['running', 'paused', 'met', 'breached', 'canceled']);
const target = z.enum([...targets, 'promise']);

const segment = z.object({
  from: z.string(),
  to: z.string().optional().describe('absent: until now'),
  state: z.enum(['counting', 'paused']),
  reason: z.string().optional().describe('why it stands still: the status of the case, or condition'),
  calendarId: z.string(),
  calendarVersion: z.int(),
  team: z.string().optional().describe('who held the work'),
  priority: z.int().optional(),
  tier: z.string().optional().describe('the customer’s'),
  policyId: z.string(),
  targetMs: z.number(),
});

const warning = z.union([z.number(), z.string()]);

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
        action: z.enum(['resume', 'assign-now', 'move-to-team', 'raise-priority', 'work-first']),
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
  target,
  name: z.string().optional().describe('of a step promise'),
  team: z.string().optional().describe('whose holding of the case is measured'),
  status: status.describe('breached stays; metAt may follow'),
  startedAt: z.string().describe('when intake accepted the contact'),
  occurredAt: z.string().optional().describe("the sender's claim"),
  dueAt: z.string().optional().describe('absent while paused'),
  targetMs: z.number().describe('open time promised'),
  elapsedMs: z.number().describe('open time used'),
  remainingMs: z.number().describe('open time left; negative once overdue'),
  withinCalendarHours: z
    .boolean()
    .optional()
    .describe('whether its calendar is open now; absent once the clock is over'),
  warned: z.array(warning).describe('shares that were warned of, or open times left'),
  reminded: z.int().optional().describe('reminders said since it was broken'),
  metAt: z.string().optional(),
  breachedAt: z.string().optional(),
  canceledAt: z.string().optional(),
  segments: z.array(segment).describe('every second from the start to the end, without gaps'),
  dimensions,
  version: z.int(),
  risk: risk
    .optional()
    .describe('absent until a model has looked at it; of a clock that is over, what was foreseen last'),
});

/** A clock as events carry it. */
const snapshot = z.object({
  id: z.string(),
  version: z.int(),
  caseId: z.string(),
  customerId: z.string().optional(),
  policyId: z.string(),
  calendarId: z.string(),
  target,
  name: z.string().optional(),
  team: z.string().optional(),
  status: z.string(),
  startedAt: z.string(),
  dueAt: z.string().optional(),
  targetMs: z.number(),
  elapsedMs: z.number(),
  remainingMs: z.number(),
  metAt: z.string().optional(),
  breachedAt: z.string().optional(),
});

const repairs = z.object({
  items: z.array(
    z.object({
      clockId: z.string(),
      caseId: z.string(),
      target,
      name: z.string().optional(),
      changed: z.array(z.string()).describe('names of the fields that are others now'),
      before: snapshot,
      after: snapshot,
    }),
  ),
  begun: z
    .array(snapshot)
    .describe('clocks that begin, as today’s policy promises them; a dry run’s begin under other ids, if they do'),
  withoutFacts: z
    .array(z.string())
    .optional()
    .describe(
      'ids of cases of which nothing was kept to ask conditions of: what those refine stays as it was promised',
    ),
  after: z.string().optional().describe('cases were looked at up to this one; absent: there are no more'),
  continues: z.boolean().describe('whether the cases after those are repaired by and by; ClockRepaired tells of each'),
});

const dryRun = z.boolean().default(false).describe('tells what would change, and changes nothing');

const repairBody = z
  .object({
    caseId: identifier.optional(),
    policyId: identifier.optional(),
    calendarId: identifier.optional(),
    dryRun,
    after: z.string().max(100).default('').describe('of the answer before: cases after this one'),
  })
  .refine(({ caseId, policyId, calendarId }) => [caseId, policyId, calendarId].filter(Boolean).length === 1, {
    message: 'exactly one of caseId, policyId and calendarId says whose clocks are meant',
  });

const query = z.object({
  ...pageQuery,
  caseId: identifier.optional(),
  customerId: identifier.optional(),
  team: z.string().max(100).optional().describe('that holds the case, or whose holding of it is measured'),
  policyId: identifier.optional(),
  target: target.optional(),
  name: z.string().max(64).optional().describe('of a step promise'),
  status: status.optional(),
});

const shownRepairs = ({ items, begun, withoutFacts, ...rest }: RepairReply) =>
  ok({
    ...rest,
    items: items.map((item) => ({ ...item, changed: [...item.changed] })),
    begun: [...begun],
    ...(withoutFacts === undefined ? {} : { withoutFacts: [...withoutFacts] }),
  });

export const clockRoutes = defineRoutes<SlaCommands>((routes, door) => {
  routes.get(
    '/v1/clocks',
    { access: 'sla:read', summary: 'Lists clocks, oldest first', query, responses: { 200: pageOf(clock) } },
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
  routes.post(
    '/v1/clocks/:id/repair',
    {
      access: 'sla:write',
      summary: 'Computes a clock anew with today’s policy and calendar, and those of its policy in the case with it',
      params: z.object({ id: identifier }),
      body: z.object({ dryRun }),
      responses: { 200: repairs },
    },
    (request) => {
      const scope: RepairScope = { clockId: request.params.id };
      const data = { scope, after: '', dryRun: request.body.dryRun };
      return door.submit(request, { type: 'repair-clocks', data }, shownRepairs);
    },
  );
  routes.post(
    '/v1/clocks/repair',
    {
      access: 'sla:write',
      summary: 'Computes the clocks of a case anew, or page by page all open ones of a policy or on a calendar',
      body: repairBody,
      responses: { 200: repairs },
    },
    (request) => {
      const { caseId, policyId, calendarId, dryRun: isDry, after } = request.body;
      const scope: RepairScope =
        caseId !== undefined ? { caseId } : policyId !== undefined ? { policyId } : { calendarId: calendarId ?? '' };
      return door.submit(request, { type: 'repair-clocks', data: { scope, after, dryRun: isDry } }, shownRepairs);
    },
  );
});
