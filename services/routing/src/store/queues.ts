/** Queues out of their definitions: expressions compiled once, for decisions and for the matcher alike. */
import { parseDuration } from '@switchboard/calendar';
import type { Sql } from '@switchboard/hallway';
import { bind, compile, evaluate, matchLanguage, requirementsLanguage } from '@switchboard/rules';
import { defaultQueue } from '../domain/queue-handlers.ts';
import type { Queue, RoutingConfiguration } from '../domain/queues.ts';
import type { QueueDefinition } from '../domain/state.ts';

const TIMEOUT_MS = 30_000;

/** An expression that does not compile (it did when it was saved) holds for nothing. */
export function compileQueue(id: string, { match, requirements, reservationTimeout, team }: QueueDefinition): Queue {
  const takes = compile(matchLanguage, match);
  const needed = requirements === undefined ? undefined : compile(requirementsLanguage, requirements);
  return {
    id,
    reservationTimeoutMs: parseDuration(reservationTimeout) ?? TIMEOUT_MS,
    team,
    takes: (facts) => takes.ok && evaluate(takes.expression, bind(matchLanguage, facts)),
    servedBy:
      needed &&
      ((facts, agent) =>
        needed.ok && evaluate(needed.expression, bind(requirementsLanguage, { ...facts, agent })) === true),
  };
}

/** Every queue, in the order in which they are tried. */
export async function loadQueues(sql: Sql): Promise<Queue[]> {
  const rows = await sql.query<{ id: string; definition: QueueDefinition }>('select id, definition from queue');
  return rows
    .sort((a, b) => a.definition.order - b.definition.order || (a.id < b.id ? -1 : 1))
    .map(({ id, definition }) => compileQueue(id, definition));
}

const anybody: QueueDefinition = { order: 100, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' };

export async function loadConfiguration(sql: Sql): Promise<RoutingConfiguration> {
  const all = await loadQueues(sql);
  return {
    queues: all.filter(({ id }) => id !== defaultQueue),
    fallback: all.find(({ id }) => id === defaultQueue) ?? compileQueue(defaultQueue, anybody),
  };
}
