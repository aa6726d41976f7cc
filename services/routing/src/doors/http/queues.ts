/** Queues: configuration. */
import { configurationRoutes } from '@switchboard/service';
import type { Egress } from '@switchboard/service';
import { checkQueue } from '../../domain/queues/check.ts';
import type { Fault } from '../../domain/queues/check.ts';
import type { QueueDefinition } from '../../domain/queues/definition.ts';
import { queueTable } from '../../store/schema.ts';
import { queueBody, shownQueue } from './queue-shapes.ts';

export interface EngineTerms {
  readonly egress: Pick<Egress, 'refusal'>;
  /** Id -> secret. */
  readonly secrets: ReadonlyMap<string, string>;
}

export const queueRoutes = (terms: EngineTerms) =>
  configurationRoutes({
    path: '/v1/queues',
    kind: 'queue',
    table: queueTable,
    body: queueBody,
    resource: shownQueue,
    read: 'work:read',
    write: 'work:write',
    check: (definition) => [...checkQueue(definition), ...checkEngine(definition, terms)],
  });

function checkEngine({ engine }: QueueDefinition, { egress, secrets }: EngineTerms): Fault[] {
  if (engine === undefined) return [];
  const refusal = egress.refusal(engine.url);
  const faults = refusal === undefined ? [] : [{ field: 'engine.url', reason: refusal }];
  if (secrets.has(engine.secretId)) return faults;
  return [...faults, { field: 'engine.secretId', reason: 'names none of ENGINE_SECRETS' }];
}
