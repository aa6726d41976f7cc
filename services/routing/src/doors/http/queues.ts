/** Queues: configuration. */
import { configurationRoutes } from '@switchboard/service';
import { checkQueue } from '../../domain/queues/check.ts';
import { queueTable } from '../../store/schema.ts';
import { queueBody, shownQueue } from './queue-shapes.ts';

export const queueRoutes = configurationRoutes({
  path: '/v1/queues',
  kind: 'queue',
  table: queueTable,
  body: queueBody,
  resource: shownQueue,
  read: 'work:read',
  write: 'work:write',
  check: checkQueue,
});
