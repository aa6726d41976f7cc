/** `/v1/escalations` */
import { identifier, nonEmptyText } from '@switchboard/contracts';
import { configurationId, defineRoutes, ok, pageOf, pageQuery, problem, readCursor } from '@switchboard/service';
import { z } from 'zod';
import type { SlaCommands } from '../../domain/commands.ts';
import { dangers, escalationStatuses, stepNames } from '../../domain/escalation/state.ts';
import type { Escalation } from '../../domain/escalation/state.ts';
import { findEscalation, listEscalations, shownNow } from '../../store/escalation-queries.ts';

const recipient = z.object({
  agentId: z.string(),
  name: z.string(),
  level: z.int(),
  role: z.enum(['manager', 'named', 'assignee']),
  inPlaceOf: z.array(z.string()).describe('those whose substitute this is, the first asked first'),
  why: z.string(),
  at: z.string(),
});

const skipped = z.object({
  level: z.int(),
  agentId: z.string().optional(),
  reason: z.string().describe('absent, unknown, outside-working-hours, already-told, other-product, no-team …'),
  detail: z.string(),
});

const step = z.object({
  at: z.string(),
  round: z.int(),
  what: z.enum(stepNames),
  level: z.int().describe('from 1; of what is held: the one to be told'),
  reason: z.string().optional(),
  agentId: z.string().optional(),
  note: z.string().optional(),
  until: z.string().optional(),
  recipients: z.array(recipient),
  skipped: z.array(skipped),
});

const status = z.enum(escalationStatuses);

const escalation = z.object({
  id: z.string(),
  clockId: z.string(),
  caseId: z.string(),
  customerId: z.string().optional(),
  ladderId: z.string(),
  policyId: z.string(),
  target: z.string(),
  team: z.string().optional(),
  status: status.describe('unanswered: every level was told; it can still be acknowledged'),
  round: z.int().describe('a new one begins when the danger returns or gets worse'),
  danger: z.enum(dangers),
  dangerValue: z.number().optional().describe('the share that was warned of, or the probability'),
  level: z.int().describe('the highest that was told; 0: nobody yet'),
  recipients: z.array(recipient).describe('told in this round'),
  heldFor: z.enum(['quiet-hours', 'digest', 'nobody-there']).optional(),
  nextAt: z.string().optional().describe('when the next level is told, or what is held'),
  startedAt: z.string(),
  acknowledgedAt: z.string().optional(),
  acknowledgedBy: z.string().optional(),
  endedAt: z.string().optional(),
  outcome: z.string().optional().describe('met, canceled, paused, risk-fell, rescheduled, ladder-removed, undecided'),
  history: z.array(step).describe('of all rounds, the oldest first'),
  version: z.int(),
});

/** Without its history, which is read apart. */
const acknowledged = escalation.omit({ history: true });

const filter = {
  caseId: identifier.optional(),
  clockId: identifier.optional(),
  agentId: configurationId.optional().describe('was told, in whichever round'),
  status: status.optional(),
};

const byId = z.object({ id: nonEmptyText(400) });

export const escalationRoutes = defineRoutes<SlaCommands>((routes, door) => {
  const found = async (id: string) => {
    const one = await findEscalation(door.db, id);
    if (one === undefined) throw problem('unknown-id', `There is no escalation ${id}`);
    return one;
  };
  routes.get(
    '/v1/escalations',
    {
      access: 'sla:read',
      summary: 'Lists escalations with their history, those of the oldest clocks first',
      query: z.object({ ...pageQuery, ...filter }),
      responses: { 200: pageOf(escalation) },
    },
    async ({ query: { limit, cursor, ...wanted } }) => {
      const after = readCursor(cursor, [z.string()]);
      return ok(await listEscalations(door.db, wanted, { limit, after }));
    },
  );
  routes.get(
    '/v1/escalations/:id',
    { access: 'sla:read', summary: 'One escalation with its history', params: byId, responses: { 200: escalation } },
    async ({ params: { id } }) => ok(await found(id)),
  );
  routes.post(
    '/v1/escalations/:id/acknowledge',
    {
      access: 'sla:write',
      summary: 'Somebody takes care of it: no further level is told; again: the same answer',
      params: byId,
      body: z.object({ agentId: configurationId.optional(), note: nonEmptyText(500).optional() }).default({}),
      responses: { 200: acknowledged },
    },
    (request) => {
      const data = { escalationId: request.params.id, ...request.body };
      return door.submit(request, { type: 'acknowledge-escalation', data }, (reply: Escalation) => ok(shownNow(reply)));
    },
  );
});
