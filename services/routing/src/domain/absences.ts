/** When agents are not there, and who stands in. */
import { isDeepStrictEqual } from 'node:util';
import { dayStart } from '@switchboard/calendar';
import { next, reject } from '@switchboard/hallway';
import type { Answer, Handlers, Need, OutgoingEvent, World } from '@switchboard/hallway';
import type { RoutingCommands } from './commands.ts';
import type { RoutingConfiguration } from './queues.ts';
import { absenceSnapshot } from './snapshots.ts';
import { staleness } from './staleness.ts';
import { absenceKey } from './state.ts';
import type { Absence, AbsenceDefinition, RoutingKinds } from './state.ts';

type Commands = Pick<RoutingCommands, 'put-absence' | 'remove-absence'>;

/** What `put-absence` answers. */
export interface AbsenceReply {
  readonly absence: Absence;
  readonly created: boolean;
}

interface Fault {
  readonly field: string;
  readonly reason: string;
}

interface Span {
  readonly startsAt: string;
  readonly endsAt: string;
}

export const absenceHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'put-absence': {
    needs: ({ data: { agentId, name, definition } }) => [
      // Locked: whoever removes the agent removes the absences.
      { kind: 'agent', id: agentId },
      ...substituteOf(definition),
      { kind: 'absence', id: absenceKey(agentId, name) },
    ],
    decide: ({ data }, world, { now }): Answer<RoutingKinds> => {
      const { agentId, name, definition, ifMatch } = data;
      const id = absenceKey(agentId, name);
      if (world.get('agent', agentId) === undefined)
        return reject('not-found', 'unknown-id', `There is no agent ${agentId}`);
      const known = world.get('absence', id);
      const stale = staleness(name, ifMatch, known?.version);
      if (stale !== undefined) return stale;
      const span = spanOf(definition);
      const faults = [...('faults' in span ? span.faults : []), ...faultsOfSubstitute(agentId, definition)];
      if ('faults' in span || faults.length > 0)
        return reject('invalid', 'invalid-body', faults.map(line).join('; '), faults);
      const unknown = unknownSubstitute(definition, world);
      if (unknown !== undefined) return reject('not-found', 'unknown-id', unknown.reason, [unknown]);
      const updatedAt = now.toISOString();
      if (known === undefined) return put({ id, version: 1, agentId, name, definition, ...span, updatedAt }, true);
      if (isDeepStrictEqual(known.definition, definition)) return { reply: reply(known, false) };
      return put(next(known, { definition, ...span, updatedAt }), false);
    },
  },
  'remove-absence': {
    needs: ({ data: { agentId, name } }) => [{ kind: 'absence', id: absenceKey(agentId, name) }],
    decide: ({ data: { agentId, name, ifMatch } }, world) => {
      const absence = world.get('absence', absenceKey(agentId, name));
      if (absence === undefined) return reject('not-found', 'unknown-id', `${agentId} has no absence ${name}`);
      const stale = staleness(name, ifMatch, absence.version);
      if (stale !== undefined) return stale;
      return { changes: [{ kind: 'absence', remove: absence.id }], events: [absenceRemoved(absence)] };
    },
  },
};

function put(absence: Absence, created: boolean): Answer<RoutingKinds> {
  const event: OutgoingEvent = {
    type: 'switchboard.routing.v1.AgentAbsenceChanged',
    subject: absence.id,
    sequence: absence.version,
    data: { absence: absenceSnapshot(absence) },
  };
  return { changes: [{ kind: 'absence', state: absence }], events: [event], reply: reply(absence, created) };
}

export function absenceRemoved({ id, version, agentId, name }: Absence): OutgoingEvent {
  return {
    type: 'switchboard.routing.v1.AgentAbsenceRemoved',
    subject: id,
    sequence: version + 1,
    data: { agentId, absenceId: name },
  };
}

const reply = (absence: Absence, created: boolean): AbsenceReply => ({ absence, created });
const line = ({ field, reason }: Fault): string => `${field}: ${reason}`;
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

function substituteOf({ substitute }: AbsenceDefinition): Need<RoutingKinds>[] {
  return substitute === undefined ? [] : [{ kind: 'agent', id: substitute, mode: 'read' }];
}

function faultsOfSubstitute(agentId: string, { substitute }: AbsenceDefinition): Fault[] {
  return substitute === agentId ? [{ field: 'substitute', reason: 'must be somebody else' }] : [];
}

function unknownSubstitute({ substitute }: AbsenceDefinition, world: World<RoutingKinds>): Fault | undefined {
  if (substitute === undefined || world.get('agent', substitute) !== undefined) return undefined;
  return { field: 'substitute', reason: `there is no agent ${substitute}` };
}

/** The instants an absence lasts between. Days are days of the time zone, the last one included. */
export function spanOf({ from, to, timeZone }: AbsenceDefinition): Span | { readonly faults: readonly Fault[] } {
  const fault = (field: string, reason: string) => ({ faults: [{ field, reason }] });
  if (isDay(from) !== isDay(to)) return fault('to', 'must be a day if from is one, and an instant if from is one');
  if (!isDay(from)) {
    if (timeZone !== undefined) return fault('timeZone', 'is for days: instants carry their own offset');
    return from < to ? { startsAt: from, endsAt: to } : fault('to', 'must be later than from');
  }
  if (timeZone === undefined) return fault('timeZone', 'is needed to know when a day begins, as in Europe/Vienna');
  if (dayStart('2026-01-01', timeZone) === undefined) return fault('timeZone', `'${timeZone}' is no IANA time zone`);
  const startsAt = dayStart(from, timeZone);
  if (startsAt === undefined) return fault('from', 'there is no such day');
  const endsAt = dayStart(to, timeZone, 1);
  if (endsAt === undefined) return fault('to', 'there is no such day');
  if (startsAt >= endsAt) return fault('to', 'must not be before from');
  return { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() };
}
