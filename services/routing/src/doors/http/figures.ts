/** How queues and agents stand, at once or as it changes. */
import { dayStart } from '@switchboard/calendar';
import { timeZone } from '@switchboard/contracts';
import { databaseNow } from '@switchboard/hallway';
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
import type { PickEvent } from '@switchboard/service';
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import { still } from '../../domain/figures/state.ts';
import { fits } from '../../domain/people/capacity.ts';
import { loadOf } from '../../domain/people/state.ts';
import type { AgentDefinition, Hold } from '../../domain/people/state.ts';
import { readAgentFigures, readQueueFigures } from '../../store/figure-queries.ts';
import type { QueueRow } from '../../store/figure-queries.ts';
import { agentFigures, queueFigures } from './figure-shapes.ts';
import { mayReadAgents } from './persons.ts';

const byId = z.object({ id: configurationId });
const nothingYet = { limit: 1, after: undefined };

export const figureRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  routes.get(
    '/v1/figures/queues',
    {
      access: 'work:read',
      summary: 'How queues stand, by id: what waits, who is there, what happened, how long it takes',
      query: z.object(pageQuery),
      responses: { 200: pageOf(queueFigures) },
    },
    async ({ query: { limit, cursor } }) => {
      const rows = await readQueueFigures(door.db, { after: readCursor(cursor, [z.string()]), limit: limit + 1 });
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.id]);
      return ok({ items: items.map(shownQueue), nextCursor });
    },
  );
  routes.get(
    '/v1/queues/:id/figures',
    { access: 'work:read', summary: 'How one queue stands', params: byId, responses: { 200: queueFigures } },
    async ({ params: { id } }) => {
      const [row] = await readQueueFigures(door.db, nothingYet, id);
      if (row === undefined) throw problem('unknown-id', `There is no queue ${id}`);
      return ok(shownQueue(row));
    },
  );
  routes.get(
    '/v1/figures/agents',
    {
      access: 'agents:read',
      summary: 'How agents stand, by id: presence, what they hold, room, what they completed today',
      query: z.object({
        ...pageQuery,
        team: z.string().min(1).max(100).optional(),
        timeZone: timeZone.default('UTC').describe('where today began'),
      }),
      responses: { 200: pageOf(agentFigures) },
    },
    async ({ query: { limit, cursor, team, timeZone: zone } }) => {
      const page = { after: readCursor(cursor, [z.string()]), limit: limit + 1 };
      const filter = { team, since: midnightIn(zone, (await databaseNow(door.sql)).getTime()) };
      const { items, nextCursor } = toPage(await readAgentFigures(door.db, filter, page), limit, (row) => [row.id]);
      return ok({ items: items.map(shownAgent), nextCursor });
    },
  );
  routes.stream(
    '/v1/figures/stream',
    {
      access: 'work:read',
      summary:
        'figures of those queues and agents for whom they changed, at most once a second; queue.alerted, queue.calmed. Of agents to who may read them: agents:read',
      params: z.object({}),
    },
    (request) => (mayReadAgents(request) ? shownFigures : shownWithoutAgents),
  );
});

/** Reckoned here: the database knows other zones than those that are taken, and some of their names otherwise. */
function midnightIn(zone: string, now: number): Date {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(now);
  return dayStart(today, zone) ?? new Date(now);
}

/** One event carries all that changed within its second; so does what is streamed. */
const shownFigures: PickEvent = ({ type, data, time: at }) => {
  if (type === 'switchboard.routing.v1.FiguresChanged') return { event: 'figures', data: { at, ...data } };
  if (type === 'switchboard.routing.v1.QueueAlerted') return { event: 'queue.alerted', data: { at, ...data } };
  if (type === 'switchboard.routing.v1.QueueCalmed') return { event: 'queue.calmed', data: { at, ...data } };
  return undefined;
};

/** Who is there and what they hold stays untold. */
const shownWithoutAgents: PickEvent = (event) => {
  if (event.type !== 'switchboard.routing.v1.FiguresChanged') return shownFigures(event);
  const { data } = event;
  return data.queues.length === 0 ? undefined : shownFigures({ ...event, data: { ...data, agents: [] } });
};

function shownQueue({ id, figures, alerted, toldAt, accuracy, nowMs }: QueueRow): z.input<typeof queueFigures> {
  const { arrived, accepted, completed, canceled, meanWaitMs, serviceLevel, ...now } = figures ?? still;
  const oldest = now.oldestEnqueuedAt;
  return {
    ...now,
    queueId: id,
    asOf: toldAt,
    oldestWaitMs: oldest === undefined ? 0 : Math.max(0, Math.round(nowMs - Date.parse(oldest))),
    lastHalfHour: { arrived, accepted, completed, canceled, meanWaitMs, serviceLevel },
    alerts: [...alerted],
    accuracy,
  };
}

interface AgentRow {
  readonly id: string;
  readonly definition: AgentDefinition;
  readonly status: z.input<typeof agentFigures>['status'];
  readonly statusReason: string | null;
  readonly statusSince: string | null;
  readonly holds: readonly Hold[];
  readonly idleSince: string | null;
  readonly handledToday: number;
}

function shownAgent(row: AgentRow): z.input<typeof agentFigures> {
  const { id, definition, status, statusReason, statusSince, holds, idleSince, handledToday } = row;
  const { name, team, capacity } = definition;
  const channels = new Set([...Object.keys(capacity), ...holds.map(({ channel }) => channel)]);
  const room = [...channels].map((channel) => [channel, fits(definition, holds, { channel })] as const);
  return {
    ...{ agentId: id, name, team, status, held: holds.length, load: loadOf({ holds }), handledToday },
    statusReason: statusReason ?? undefined,
    statusSince: statusSince ?? undefined,
    offered: holds.filter(({ accepted }) => !accepted).length,
    paused: holds.filter(({ activity }) => activity === 'paused').length,
    room: Object.fromEntries(room),
    idleSince: idleSince ?? undefined,
  };
}
