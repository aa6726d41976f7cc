/** Queues out of their table. */
import type { Sql } from '@switchboard/hallway';
import { compileQueue } from '../domain/queues/compile-queue.ts';
import type { QueueDefinition } from '../domain/queues/definition.ts';
import { defaultQueue } from '../domain/queues/handlers.ts';
import type { Queue, RoutingConfiguration } from '../domain/queues/queues.ts';
import type { Roster } from '../domain/people/working-time.ts';
import { loadRoster } from './working-time-queries.ts';

/** Every queue, in the order in which they are tried. */
export async function loadQueues(sql: Sql, calendars: Roster['calendars']): Promise<Queue[]> {
  const rows = await sql.query<{ id: string; version: number; definition: QueueDefinition }>(
    'select id, version, definition from queue',
  );
  return rows
    .sort((a, b) => a.definition.order - b.definition.order || (a.id < b.id ? -1 : 1))
    .map(({ id, version, definition }) => compileQueue(id, definition, version, calendars));
}

const anybody: QueueDefinition = { order: 100, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' };

export async function loadConfiguration(sql: Sql): Promise<RoutingConfiguration> {
  const { roster } = await loadRoster(sql);
  const all = await loadQueues(sql, roster.calendars);
  return {
    queues: all.filter(({ id }) => id !== defaultQueue),
    roster,
    fallback: all.find(({ id }) => id === defaultQueue) ?? compileQueue(defaultQueue, anybody),
  };
}
