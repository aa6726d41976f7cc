/** Work items: they come from cases; what people do to them by hand. */
import { durationWithin, identifier, priority } from '@switchboard/contracts';
import { parseDuration } from '@switchboard/calendar';
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
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import type { WorkItem } from '../../domain/work/state.ts';
import { findWorkItem, listWorkItems } from '../../store/reads.ts';
import type { WorkItemRow } from '../../store/reads.ts';
import { itemStatus, workItem } from './shapes.ts';

const query = z.object({
  ...pageQuery,
  caseId: identifier.optional(),
  queueId: identifier.optional(),
  status: itemStatus.optional(),
});

const byId = z.object({ id: identifier });

const MONTH_MS = 30 * 24 * 3_600_000;

const adjustment = z
  .object({
    priority: priority.optional().describe("instead of the case's"),
    ageAdjustmentMs: z
      .int()
      .min(-MONTH_MS)
      .max(MONTH_MS)
      .optional()
      .describe('it ranks as if it were so much older, or younger, within the bound of its queue; 0: as old as it is'),
  })
  .refine((body) => Object.keys(body).length > 0, 'must say what to change');

const transfer = z
  .object({
    queueId: configurationId.optional().describe('absent: the one it is in'),
    agentId: configurationId.optional().describe('who is the only one asked, for as long as said'),
    for: durationWithin({ least: 'PT0.001S', most: 'P30D' })
      .default('PT1M')
      .describe('how long that agent is the only one asked'),
  })
  .refine(({ queueId, agentId }) => (queueId ?? agentId) !== undefined, 'must name a queue or an agent');

function shownWorkItem(row: WorkItemRow) {
  const { id, caseId, queueId, status, agentId, channel, priority: urgency, enqueuedAt, version } = row;
  const { kind, planStep, callbackId, terms, further = [] } = row;
  const { enteredAt, ageAdjustmentMs, preferredAgentId } = terms ?? {};
  return {
    ...{ id, caseId, queueId, status, agentId, channel, priority: urgency, enqueuedAt, version },
    ...{ enteredAt, ageAdjustmentMs, preferredAgentId },
    ...{ kind, planStep, callbackId },
    alsoOfferedTo: further.length === 0 ? undefined : further.map((one) => one.agentId),
  };
}

export const workItemRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.get(
    '/v1/work-items',
    {
      access: { scope: 'work:read', orSelf: 'handler' },
      summary: 'Lists work items, oldest first; with agents:self only those the agent holds or held',
      query,
      responses: { 200: pageOf(workItem) },
    },
    async ({ query: { limit, cursor, ...filter }, onlyAgent }) => {
      const page = { after: readCursor(cursor, [z.string()]), limit: limit + 1 };
      const rows = await listWorkItems(door.db, { ...filter, agentId: onlyAgent }, page);
      return ok(toPage(rows.map(shownWorkItem), limit, (row) => [row.id]));
    },
  );
  routes.get(
    '/v1/work-items/:id',
    { access: 'work:read', summary: 'One work item', params: byId, responses: { 200: workItem } },
    async ({ params: { id } }) => {
      const row = await findWorkItem(door.db, id);
      if (row === undefined) throw problem('unknown-id', `There is no work item ${id}`);
      return ok(shownWorkItem(row));
    },
  );
  routes.patch(
    '/v1/work-items/:id',
    {
      access: 'work:write',
      summary: 'Puts a waiting item further to the front or back; what is reported as its waiting time stays true',
      params: byId,
      body: adjustment,
      responses: { 200: workItem },
    },
    (request) => {
      const data = { workItemId: request.params.id, ...request.body };
      return door.submit(request, { type: 'adjust-work', data }, (reply: WorkItem) => ok(shownWorkItem(reply)));
    },
  );
  routes.post(
    '/v1/work-items/:id/transfer',
    {
      access: { scope: 'work:write', orSelf: 'handler' },
      summary: 'Sends an item to another queue or agent; whoever has it gives it back, and it stays as old as it is',
      params: byId,
      body: transfer,
      responses: { 200: workItem },
    },
    (request) => {
      const { queueId, agentId, for: time } = request.body;
      const { onlyAgent } = request;
      const ownerForMs = parseDuration(time) ?? 0;
      const data = { workItemId: request.params.id, queueId, agentId, ownerForMs, onlyAgent };
      return door.submit(request, { type: 'transfer-work', data }, (reply: WorkItem) => ok(shownWorkItem(reply)));
    },
  );
});
