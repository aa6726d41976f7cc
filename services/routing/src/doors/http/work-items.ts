/** Work items, read only: they come from cases. */
import { identifier } from '@switchboard/contracts';
import { defineRoutes, ok, pageOf, pageQuery, readCursor, toPage } from '@switchboard/service';
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import { listWorkItems } from '../../store/reads.ts';
import { itemStatus, workItem } from './shapes.ts';

const query = z.object({
  ...pageQuery,
  caseId: identifier.optional(),
  queueId: identifier.optional(),
  status: itemStatus.optional(),
});

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
      return ok(toPage(rows, limit, (row) => [row.id]));
    },
  );
});
