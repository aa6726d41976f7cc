/** A small service, built as the five are: what the bootstrap's own tests run. */
import { z } from 'zod';
import { appendStore, rowStore } from '../../database/row-store.ts';
import { defineService } from '../../definition.ts';
import type { Built } from '../../definition.ts';
import { configurationHandlers } from '../../http/configuration-handlers.ts';
import { credit, openAccount } from './domain.ts';
import type { ExampleCommands, ExampleKinds, Queue } from './domain.ts';
import { accountRoutes, otherRoutes, queueRoutes } from './routes.ts';
import { accounts, entries, queues } from './schema.ts';

const queueHandlers = configurationHandlers<ExampleKinds, 'queue', Queue>({
  kind: 'queue',
  fixed: ['default'],
  says: ({ id, version, definition }, change) => [
    {
      type: 'switchboard.routing.v1.QueueChanged',
      subject: id,
      sequence: version,
      data: { id, definition: { ...definition }, version, removed: change === 'removed' },
    },
  ],
});

const queueStore = rowStore(queues);

export const example = defineService({
  name: 'routing',
  description: 'Accounts that are opened and credited',
  settings: { EXAMPLE_GREETING: z.string().min(3).default('hello') },
  migrations: new URL('./migrations/', import.meta.url),
  build: (): Built<ExampleKinds, ExampleCommands, undefined> => ({
    definition: {
      service: 'routing',
      kinds: [
        { kind: 'account', store: rowStore(accounts) },
        { kind: 'entry', store: appendStore(entries) },
        { kind: 'queue', store: queueStore },
      ],
      handlers: {
        'open-account': openAccount,
        credit,
        'put-queue': queueHandlers.put,
        'remove-queue': queueHandlers.remove,
      },
      reactions: {},
      timers: {},
      configuration: { kinds: ['queue'], load: () => Promise.resolve(undefined) },
    },
    routes: [accountRoutes, otherRoutes, queueRoutes],
  }),
});
