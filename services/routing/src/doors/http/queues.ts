/** Queues: configuration. */
import { parseDuration } from '@switchboard/calendar';
import { compile, matchLanguage, requirementsLanguage } from '@switchboard/rules';
import { configurationRoutes } from '@switchboard/service';
import type { FieldError } from '@switchboard/service';
import type { QueueDefinition } from '../../domain/state.ts';
import { queueTable } from '../../store/schema.ts';
import { queueBody } from './shapes.ts';

const SHORTEST_MS = 1000;
const LONGEST_MS = 24 * 3_600_000;

export const queueRoutes = configurationRoutes({
  path: '/v1/queues',
  kind: 'queue',
  table: queueTable,
  body: queueBody,
  read: 'work:read',
  write: 'work:write',
  check: faultsOf,
});

function faultsOf({ match, requirements, reservationTimeout }: QueueDefinition): FieldError[] {
  const compiled = [
    compile(matchLanguage, match, 'match'),
    ...(requirements === undefined ? [] : [compile(requirementsLanguage, requirements, 'requirements')]),
  ];
  const faults = compiled.flatMap((result) => (result.ok ? [] : result.errors));
  const errors = faults.map(({ field, reason }) => ({ field: field ?? 'match', reason }));
  const timeout = parseDuration(reservationTimeout) ?? 0;
  if (timeout < SHORTEST_MS || timeout > LONGEST_MS)
    errors.push({ field: 'reservationTimeout', reason: 'must be from one second to one day' });
  return errors;
}
