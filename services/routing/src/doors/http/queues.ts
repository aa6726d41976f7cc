/** Queues: configuration. */
import { configurationRoutes } from '@switchboard/service';
import type { Db, Egress } from '@switchboard/service';
import { checkQueue } from '../../domain/queues/check.ts';
import type { Fault } from '../../domain/queues/check.ts';
import type { QueueDefinition } from '../../domain/queues/definition.ts';
import { calendarWarnings } from '../../domain/queues/lint-queues.ts';
import { queueTable } from '../../store/schema.ts';
import { loadCalendars } from '../../store/working-time-queries.ts';
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
    readAlong: (db, states) =>
      withWarnings(
        db,
        states.map(({ definition }) => definition as QueueDefinition),
      ),
  });

/** With what became of the calendars that they open by since they were put. */
async function withWarnings(db: Db, definitions: readonly QueueDefinition[]): Promise<readonly QueueDefinition[]> {
  if (definitions.every(({ schedule }) => schedule?.calendarId === undefined)) return definitions;
  const calendars = await loadCalendars(db);
  return definitions.map((definition) => {
    const warnings = calendarWarnings(definition, calendars);
    return warnings.length === 0 ? definition : { ...definition, warnings };
  });
}

function checkEngine({ engine }: QueueDefinition, { egress, secrets }: EngineTerms): Fault[] {
  if (engine === undefined) return [];
  const refusal = egress.refusal(engine.url);
  const faults = refusal === undefined ? [] : [{ field: 'engine.url', reason: refusal }];
  if (secrets.has(engine.secretId)) return faults;
  return [...faults, { field: 'engine.secretId', reason: 'names none of ENGINE_SECRETS' }];
}
