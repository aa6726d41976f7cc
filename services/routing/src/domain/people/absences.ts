/** When agents are not there, and who stands in. */
import { isDeepStrictEqual } from 'node:util';
import { next, reject } from '@switchboard/hallway';
import type { Answer, Handlers, Need, OutgoingEvent, World } from '@switchboard/hallway';
import { nextSpan, spanOf } from './absence-times.ts';
import type { Fault } from './absence-times.ts';
import {
  absenceChanged,
  absenceTimer,
  followAbsences,
  giveBack,
  keptUntil,
  needsOfTurn,
  timersOf,
  withoutSpan,
  withSpan,
} from './absence-turns.ts';
import type { Scene } from './absence-turns.ts';
import type { RoutingCommands } from '../commands.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { staleness } from '../queues/staleness.ts';
import { absenceKey } from './state.ts';
import type { Absence, AbsenceDefinition } from './state.ts';
import type { RoutingKinds } from '../state.ts';

type Commands = Pick<RoutingCommands, 'put-absence' | 'remove-absence'>;

/** What `put-absence` answers. */
export interface AbsenceReply {
  readonly absence: Absence;
  readonly created: boolean;
}

export const absenceHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'put-absence': {
    needs: ({ data: { agentId, name, definition } }) => [
      // Locked: whoever removes the agent removes the absences.
      { kind: 'agent', id: agentId },
      { kind: 'desk', id: agentId, mode: 'read' },
      ...substituteOf(definition),
      { kind: 'absence', id: absenceKey(agentId, name) },
    ],
    decide: ({ data }, world, context): Answer<RoutingKinds> => {
      const { agentId, name, definition, ifMatch } = data;
      const id = absenceKey(agentId, name);
      const [agent, desk] = [world.get('agent', agentId), world.get('desk', agentId)];
      if (agent === undefined || desk === undefined)
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
      if (known !== undefined && isDeepStrictEqual(known.definition, definition)) return { reply: reply(known, false) };
      const times = { ...(nextSpan(definition, span, context.now) ?? span), updatedAt: context.now.toISOString() };
      const absence =
        known === undefined
          ? { id, version: 1, agentId, name, definition, ...times }
          : next(known, { definition, ...times });
      return put({ agent, desk, absence, world, context }, known === undefined);
    },
  },
  'remove-absence': {
    // Whoever goes on holiday after all gets back what was moved.
    needs: ({ data }, world) => needsOfTurn(data, world),
    decide: ({ data: { agentId, name, ifMatch } }, world, context) => {
      const absence = world.get('absence', absenceKey(agentId, name));
      const [agent, desk] = [world.get('agent', agentId), world.get('desk', agentId)];
      if (absence === undefined || agent === undefined || desk === undefined)
        return reject('not-found', 'unknown-id', `${agentId} has no absence ${name}`);
      const stale = staleness(name, ifMatch, absence.version);
      if (stale !== undefined) return stale;
      const own = followAbsences(agent, desk, withoutSpan(agent, name, context.now));
      const back =
        absence.acting === undefined ||
        agent.status !== 'available' ||
        keptUntil(agent, absence, context.now) !== undefined
          ? undefined
          : giveBack({ agent, desk, absence, world, context }, absence.acting);
      const desks = [...(back?.desks.values() ?? [])].map((state) => ({ kind: 'desk', state }) as const);
      return {
        changes: [...own.changes, { kind: 'absence', remove: absence.id }, ...(back?.changes ?? []), ...desks],
        events: [...own.events, ...(back?.events ?? []), absenceRemoved(absence)],
        timers: [...(back?.timers ?? []), { cancel: { kind: absenceTimer, id: absence.id } }],
      };
    },
  },
};

/** An absence that has begun and is over by what was put, or the other way round, turns at once. */
function put({ agent, desk, absence, context }: Scene, created: boolean): Answer<RoutingKinds> {
  const own = followAbsences(agent, desk, withSpan(agent, absence, context.now));
  const hasBegun = absence.acting !== undefined && absence.acting.isOver !== true;
  const isOut = Date.parse(absence.startsAt) > context.now.getTime();
  const { id, agentId, name } = absence;
  const data = { agentId, name };
  return {
    changes: [...own.changes, { kind: 'absence', state: absence }],
    events: [...own.events, absenceChanged(absence)],
    timers:
      hasBegun && isOut
        ? [{ set: { kind: absenceTimer, id, due: context.now, data } }]
        : timersOf(absence, context.now),
    reply: reply(absence, created),
  };
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
