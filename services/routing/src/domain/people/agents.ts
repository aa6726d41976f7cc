/** Agents: who they are. */
import { isDeepStrictEqual } from 'node:util';
import { next, reject } from '@switchboard/hallway';
import type { Change, Handlers, Need, OutgoingEvent, World } from '@switchboard/hallway';
import { absenceRemoved } from './absences.ts';
import { exceeded, ruleFaults } from './capacity.ts';
import type { RoutingCommands } from '../commands.ts';
import { idleFaults } from './pauses.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { agentSnapshot } from '../snapshots.ts';
import { staleness } from '../queues/staleness.ts';
import type { Agent, Desk } from './state.ts';
import type { RoutingKinds } from '../state.ts';
import { workRuleFaults } from './working-time.ts';

type Commands = Pick<RoutingCommands, 'put-agent' | 'remove-agent'>;

/** What `put-agent` and what is about presence answer. */
export interface AgentReply {
  readonly agent: Agent;
  readonly desk: Desk;
  readonly created: boolean;
}

const needs = (id: string): Need<RoutingKinds>[] => [
  { kind: 'agent', id },
  { kind: 'desk', id },
];

export const agentHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'put-agent': {
    needs: ({ data }) => needs(data.id),
    decide: ({ data: { id, definition, ifMatch } }, world) => {
      const known = bothOf(id, world);
      const refusal = staleness(id, ifMatch, known?.agent.revision);
      if (refusal !== undefined) return refusal;
      const wrong = [...ruleFaults(definition), ...idleFaults(definition), ...workRuleFaults(definition)];
      if (wrong.length > 0)
        return reject(
          'invalid',
          'invalid-body',
          wrong.map(({ field, reason }) => `${field}: ${reason}`).join('; '),
          wrong,
        );
      if (known === undefined) {
        const agent: Agent = { id, version: 1, definition, revision: 1, status: 'offline' };
        const desk: Desk = { id, version: 1, holds: [] };
        return {
          changes: [
            { kind: 'agent', state: agent },
            { kind: 'desk', state: desk },
          ],
          events: [agentChanged(agent, desk)],
          reply: reply(agent, desk, true),
        };
      }
      const { agent, desk } = known;
      if (isDeepStrictEqual(agent.definition, definition)) return { reply: reply(agent, desk) };
      const faults = exceeded(definition, desk.holds);
      if (faults.length > 0)
        return reject('conflict', 'capacity-in-use', `${id} holds more than that at the moment`, faults);
      const replaced = next(agent, { definition, revision: agent.revision + 1 });
      return {
        changes: [{ kind: 'agent', state: replaced }],
        events: [agentChanged(replaced, desk)],
        reply: reply(replaced, desk),
      };
    },
  },
  'remove-agent': {
    needs: ({ data }, world) => [
      ...needs(data.id),
      { kind: 'agentAbsences', id: data.id, mode: 'read' },
      ...absencesOf(data.id, world).map((id): Need<RoutingKinds> => ({ kind: 'absence', id })),
    ],
    decide: ({ data: { id, ifMatch } }, world) => {
      const known = bothOf(id, world);
      if (known === undefined) return reject('not-found', 'unknown-id', `There is no agent ${id}`);
      const refusal = staleness(id, ifMatch, known.agent.revision);
      if (refusal !== undefined) return refusal;
      if (known.desk.holds.length > 0) return reject('conflict', 'agent-has-work', `The agent ${id} still holds work`);
      const sequence = known.agent.version + 1;
      const gone = absencesOf(id, world).flatMap((key) => world.get('absence', key) ?? []);
      return {
        changes: [
          { kind: 'agent', remove: id },
          ...gone.map((absence): Change<RoutingKinds> => ({ kind: 'absence', remove: absence.id })),
          { kind: 'desk', remove: id },
        ],
        events: [
          ...gone.map(absenceRemoved),
          { type: 'switchboard.routing.v1.AgentRemoved', subject: id, sequence, data: { agentId: id } },
        ],
      };
    },
  },
};

const absencesOf = (id: string, world: World<RoutingKinds>): readonly string[] =>
  world.get('agentAbsences', id)?.absenceKeys ?? [];

function bothOf(id: string, world: World<RoutingKinds>): { readonly agent: Agent; readonly desk: Desk } | undefined {
  const agent = world.get('agent', id);
  const desk = world.get('desk', id);
  return agent === undefined || desk === undefined ? undefined : { agent, desk };
}

const reply = (agent: Agent, desk: Desk, created = false): AgentReply => ({ agent, desk, created });

/** An agent's definition, or when they are not there. */
function agentChanged(agent: Agent, desk: Desk): OutgoingEvent {
  return {
    type: 'switchboard.routing.v1.AgentChanged',
    subject: agent.id,
    sequence: agent.version,
    data: { agent: agentSnapshot(agent, desk) },
  };
}
