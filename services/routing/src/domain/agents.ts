/** Agents: who they are and whether they are there. */
import { isDeepStrictEqual } from 'node:util';
import { next, reject } from '@switchboard/hallway';
import type { Change, Decision, Handlers, Need, OutgoingEvent, TimerChange, World } from '@switchboard/hallway';
import { absenceRemoved } from './absences.ts';
import type { RoutingCommands } from './commands.ts';
import type { RoutingConfiguration } from './queues.ts';
import { agentSnapshot } from './snapshots.ts';
import { staleness } from './staleness.ts';
import type { Agent, Desk, Presence, RoutingKinds } from './state.ts';
import { returnToQueue } from './work-steps.ts';

type Commands = Pick<RoutingCommands, 'put-agent' | 'remove-agent' | 'set-presence'>;

/** What `put-agent` and `set-presence` answer. */
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
      if (known === undefined) {
        const agent: Agent = { id, version: 1, definition, revision: 1, status: 'offline' };
        const desk: Desk = { id, version: 1, holds: [] };
        return {
          changes: [
            { kind: 'agent', state: agent },
            { kind: 'desk', state: desk },
          ],
          events: [changed(agent, desk)],
          reply: reply(agent, desk, true),
        };
      }
      const { agent, desk } = known;
      if (isDeepStrictEqual(agent.definition, definition)) return { reply: reply(agent, desk) };
      const replaced = next(agent, { definition, revision: agent.revision + 1 });
      return {
        changes: [{ kind: 'agent', state: replaced }],
        events: [changed(replaced, desk)],
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
  'set-presence': {
    needs: ({ data }, world) => needsOfPresence(data, world),
    decide: ({ data: { agentId, status } }, world, context) => {
      const known = bothOf(agentId, world);
      if (known === undefined) return reject('not-found', 'unknown-id', `There is no agent ${agentId}`);
      if (known.agent.status === status) return { reply: reply(known.agent, known.desk) };
      const agent = next(known.agent, { status });
      const idleSince = status === 'available' ? context.now.toISOString() : undefined;
      let desk = next(known.desk, { idleSince });
      const changes: Change<RoutingKinds>[] = [{ kind: 'agent', state: agent }];
      const events: OutgoingEvent[] = [];
      const timers: TimerChange[] = [];
      for (const offer of status === 'offline' ? offersOf(desk, world) : []) {
        const back = returnToQueue({ ...offer, desk }, { as: 'canceled', reason: 'agent-offline' }, context);
        desk = back.desk;
        changes.push(...back.changes);
        events.push(...back.events);
        timers.push(...back.timers);
      }
      events.push(presenceChanged(agent, desk, known.agent.status));
      return {
        changes: [...changes, { kind: 'desk', state: desk }],
        events,
        timers,
        reply: reply(agent, desk),
      } satisfies Decision<RoutingKinds>;
    },
  },
};

/** Who goes offline gives back what is offered and not answered yet. Looked at first, so that all is locked together. */
function needsOfPresence(
  { agentId, status }: RoutingCommands['set-presence'],
  world: World<RoutingKinds>,
): Need<RoutingKinds>[] {
  if (status !== 'offline') return needs(agentId);
  const desk = world.get('desk', agentId);
  if (desk === undefined) return [{ kind: 'desk', id: agentId, mode: 'read' }];
  const offered = desk.holds.filter((hold) => !hold.accepted);
  return [
    ...needs(agentId),
    ...offered.flatMap(({ caseId, workItemId, reservationId }): Need<RoutingKinds>[] => [
      { kind: 'caseWork', id: caseId },
      { kind: 'workItem', id: workItemId },
      { kind: 'reservation', id: reservationId },
    ]),
  ];
}

function offersOf(desk: Desk, world: World<RoutingKinds>) {
  return desk.holds.flatMap((hold) => {
    if (hold.accepted) return [];
    const work = world.get('caseWork', hold.caseId);
    const item = world.get('workItem', hold.workItemId);
    const reservation = world.get('reservation', hold.reservationId);
    if (work === undefined || item === undefined || reservation === undefined)
      throw new Error(`what reservation ${hold.reservationId} is about is not there`);
    return [{ work, item, reservation }];
  });
}

const absencesOf = (id: string, world: World<RoutingKinds>): readonly string[] =>
  world.get('agentAbsences', id)?.absenceKeys ?? [];

function bothOf(id: string, world: World<RoutingKinds>): { readonly agent: Agent; readonly desk: Desk } | undefined {
  const agent = world.get('agent', id);
  const desk = world.get('desk', id);
  return agent === undefined || desk === undefined ? undefined : { agent, desk };
}

const reply = (agent: Agent, desk: Desk, created = false): AgentReply => ({ agent, desk, created });

function changed(agent: Agent, desk: Desk): OutgoingEvent {
  return {
    type: 'switchboard.routing.v1.AgentChanged',
    subject: agent.id,
    sequence: agent.version,
    data: { agent: agentSnapshot(agent, desk) },
  };
}

function presenceChanged(agent: Agent, desk: Desk, from: Presence): OutgoingEvent {
  return {
    type: 'switchboard.routing.v1.AgentPresenceChanged',
    subject: agent.id,
    sequence: agent.version,
    data: { agent: agentSnapshot(agent, desk), from },
  };
}
