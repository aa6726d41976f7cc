/** Routing's visible list: what it owns, hears, does and serves. */
import type { KindEntry } from '@switchboard/hallway';
import { configurationHandlers, defineService, rowStore } from '@switchboard/service';
import { routingSettings } from './config.ts';
import type { RoutingCommands } from './domain/commands.ts';
import { handlers } from './domain/handlers.ts';
import { defaultQueue, puttingQueue } from './domain/queue-handlers.ts';
import type { RoutingConfiguration } from './domain/queues.ts';
import type { QueueDefinition, RoutingKinds } from './domain/state.ts';
import { reservationTimer } from './domain/work-steps.ts';
import { customerReactions } from './doors/events/customer-360.ts';
import { intakeReactions } from './doors/events/intake.ts';
import { agentListRoutes, agentRoutes } from './doors/http/agents.ts';
import { queueRoutes } from './doors/http/queues.ts';
import { reservationRoutes } from './doors/http/reservations.ts';
import { workItemRoutes } from './doors/http/work-items.ts';
import { matcher } from './store/matcher.ts';
import { loadConfiguration } from './store/queues.ts';
import { agentTable, caseWorkTable, deskTable, queueTable, reservationTable, workItemTable } from './store/schema.ts';

/** In lock order. */
const kinds: readonly KindEntry<RoutingKinds>[] = [
  { kind: 'queue', store: rowStore(queueTable) },
  { kind: 'caseWork', store: rowStore(caseWorkTable), awaited: true },
  { kind: 'agent', store: rowStore(agentTable) },
  { kind: 'desk', store: rowStore(deskTable) },
  { kind: 'workItem', store: rowStore(workItemTable) },
  { kind: 'reservation', store: rowStore(reservationTable) },
];

const queue = configurationHandlers<RoutingKinds, 'queue', QueueDefinition>({
  kind: 'queue',
  fixed: [defaultQueue],
  says: ({ id, version, definition }, change) => [
    {
      type: 'switchboard.routing.v1.QueueChanged',
      subject: id,
      sequence: version,
      data: { id, version, definition: { id, ...definition }, removed: change === 'removed' },
    },
  ],
});

export const routing = defineService<typeof routingSettings, RoutingKinds, RoutingCommands, RoutingConfiguration>({
  name: 'routing',
  description: 'Agents, queues, work items and reservations: who serves whom, and when.',
  settings: routingSettings,
  migrations: new URL('../migrations/', import.meta.url),
  build: () => ({
    definition: {
      service: 'routing',
      kinds,
      handlers: { ...handlers, 'put-queue': puttingQueue(queue.put), 'remove-queue': queue.remove },
      reactions: { ...intakeReactions, ...customerReactions },
      timers: { [reservationTimer]: ({ id }) => ({ type: 'expire-reservation', data: { reservationId: id } }) },
      jobs: [matcher],
      configuration: { load: loadConfiguration, kinds: ['queue'] },
    },
    routes: [queueRoutes, agentRoutes, agentListRoutes, workItemRoutes, reservationRoutes],
  }),
});
