/** Agents: who they are, and whether they are there. */
import {
  configurationId,
  defineRoutes,
  ifMatchOf,
  noContent,
  ok,
  pageOf,
  pageQuery,
  problem,
  readCursor,
  toPage,
} from '@switchboard/service';
import { z } from 'zod';
import type { AgentReply } from '../../domain/people/agents.ts';
import type { RoutingCommands } from '../../domain/commands.ts';
import type { Agent } from '../../domain/people/state.ts';
import { findAgent, listAgents } from '../../store/reads.ts';
import { agent, agentBody, presenceBody, shownAgent, withDefault } from './shapes.ts';

const byId = z.object({ id: configurationId });

/** Presence changes the agent, but not what a caller's If-Match is about. */
const etag = ({ revision }: Agent) => ({ etag: `"${String(revision)}"` });

export const agentRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.put(
    '/v1/agents/:id',
    {
      access: 'agents:write',
      summary: 'Creates or replaces an agent; presence and what they hold stay',
      params: byId,
      body: agentBody,
      responses: { 200: agent, 201: agent },
    },
    (request) => {
      const definition = { ...request.body, capacity: withDefault(request.body.capacity) };
      const data = { id: request.params.id, definition, ifMatch: ifMatchOf(request) };
      return door.submit(request, { type: 'put-agent', data }, (reply: AgentReply) => ({
        status: reply.created ? 201 : 200,
        body: shownAgent(reply.agent, reply.desk),
        headers: etag(reply.agent),
      }));
    },
  );
  routes.delete(
    '/v1/agents/:id',
    {
      access: 'agents:write',
      summary: 'Removes an agent who holds nothing',
      params: byId,
      responses: { 204: z.undefined() },
    },
    (request) => {
      const data = { id: request.params.id, ifMatch: ifMatchOf(request) };
      return door.submit(request, { type: 'remove-agent', data }, noContent);
    },
  );
});

export const presenceRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.post(
    '/v1/agents/:id/presence',
    {
      access: { scope: 'agents:write', orSelf: { param: 'id' } },
      summary: 'Makes an agent available, away or offline; offline gives unanswered offers back',
      params: byId,
      body: presenceBody,
      responses: { 200: agent },
    },
    (request) => {
      const data = { agentId: request.params.id, ...request.body };
      return door.submit(request, { type: 'set-presence', data }, (reply: AgentReply) =>
        ok(shownAgent(reply.agent, reply.desk)),
      );
    },
  );
  routes.post(
    '/v1/agents/:id/heartbeat',
    {
      access: { scope: 'agents:write', orSelf: { param: 'id' } },
      summary: 'Says that an agent is still there',
      params: byId,
      responses: { 200: agent },
    },
    (request) =>
      door.submit(request, { type: 'record-heartbeat', data: { agentId: request.params.id } }, (reply: AgentReply) =>
        ok(shownAgent(reply.agent, reply.desk)),
      ),
  );
});

export const agentListRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.get(
    '/v1/agents',
    {
      access: 'agents:read',
      summary: 'Lists agents, by id',
      query: z.object(pageQuery),
      responses: { 200: pageOf(agent) },
    },
    async ({ query: { limit, cursor } }) => {
      const rows = await listAgents(door.db, readCursor(cursor, [z.string()]), limit + 1);
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.agent.id]);
      return ok({ items: items.map((row) => shownAgent(row.agent, row.desk)), nextCursor });
    },
  );
  routes.get(
    '/v1/agents/:id',
    { access: 'agents:read', summary: 'One agent', params: byId, responses: { 200: agent } },
    async ({ params: { id } }) => {
      const row = await findAgent(door.db, id);
      if (row === undefined) throw problem('unknown-id', `There is no agent ${id}`);
      return ok(shownAgent(row.agent, row.desk), etag(row.agent));
    },
  );
});
