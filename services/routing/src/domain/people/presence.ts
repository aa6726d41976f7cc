/** Whether agents are there: what they say, and what their silence says. */
import { parseDuration } from '@switchboard/calendar';
import { next, nothing, reject } from '@switchboard/hallway';
import type {
  Answer,
  Context,
  Decision,
  Handlers,
  Need,
  OutgoingEvent,
  TimerChange,
  World,
} from '@switchboard/hallway';
import { absenceTimer } from './absence-turns.ts';
import type { AgentReply } from './agents.ts';
import type { RoutingCommands } from '../commands.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { joined, seenAfter } from '../work/joined.ts';
import { deskChanges, needsOfHold, offerOfHold, releaseAll } from '../work/release.ts';
import { completed } from '../work/reservations.ts';
import { isUnheard } from '../work/unanswered.ts';
import { agentSnapshot } from '../snapshots.ts';
import { absenceKey } from './state.ts';
import type { Agent, Desk, Hold, Presence } from './state.ts';
import type { RoutingKinds } from '../state.ts';
import { emptyRoster, workRulesOf } from './working-time.ts';

type Commands = Pick<RoutingCommands, 'set-presence' | 'record-heartbeat' | 'lose-agent' | 'release-lost-work'>;
type At = Context<RoutingConfiguration>;
type RoutingWorld = World<RoutingKinds>;

/** Who said nothing for longer than they promised is lost. */
export const heartbeatTimer = 'agent-heartbeat';
/** Who stays lost for so long loses what they hold. */
export const lostWorkTimer = 'agent-lost-work';

/** Why an agent is offline who did not say so. */
const LOST = 'heartbeat-lost';

const bothOf = (id: string): Need<RoutingKinds>[] => [
  { kind: 'agent', id },
  { kind: 'desk', id },
];

/** Looked at first, so that all is locked together. */
function needsOfHolds(agentId: string, world: RoutingWorld, which: (hold: Hold) => boolean): Need<RoutingKinds>[] {
  const desk = world.get('desk', agentId);
  if (desk === undefined) return [{ kind: 'desk', id: agentId, mode: 'read' }];
  return [...bothOf(agentId), ...desk.holds.filter(which).flatMap(needsOfHold)];
}

const isOffered = ({ accepted }: Hold): boolean => !accepted;

export const presenceHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'set-presence': {
    needs: ({ data: { agentId, status } }, world) =>
      status === 'offline' ? needsOfHolds(agentId, world, isOffered) : bothOf(agentId),
    decide: ({ data }, world, context) => {
      const agent = world.get('agent', data.agentId);
      const desk = world.get('desk', data.agentId);
      if (agent === undefined || desk === undefined)
        return reject('not-found', 'unknown-id', `There is no agent ${data.agentId}`);
      const to = { status: data.status, heartbeat: data.status === 'offline' ? undefined : data.heartbeat };
      return become({ agent, desk, world }, { ...to, statusReason: data.reason }, context);
    },
  },
  'record-heartbeat': {
    needs: ({ data }) => [
      { kind: 'agent', id: data.agentId, mode: 'read' },
      { kind: 'desk', id: data.agentId, mode: 'read' },
    ],
    decide: ({ data: { agentId } }, world, { now }): Answer<RoutingKinds> => {
      const agent = world.get('agent', agentId);
      const desk = world.get('desk', agentId);
      if (agent === undefined || desk === undefined)
        return reject('not-found', 'unknown-id', `There is no agent ${agentId}`);
      if (agent.heartbeat === undefined)
        return reject('conflict', 'not-watched', `${agentId} is ${agent.status}, and no heartbeat is expected`);
      return { timers: watch(agent, now), reply: reply(agent, desk) };
    },
  },
  'lose-agent': {
    needs: ({ data }, world) => needsOfHolds(data.agentId, world, isOffered),
    decide: ({ data: { agentId } }, world, context) => {
      const agent = world.get('agent', agentId);
      const desk = world.get('desk', agentId);
      if (agent?.heartbeat === undefined || desk === undefined) return nothing;
      return become({ agent, desk, world }, { status: 'offline', heartbeat: undefined, statusReason: LOST }, context);
    },
  },
  'release-lost-work': {
    needs: ({ data }, world) => needsOfHolds(data.agentId, world, ({ accepted }) => accepted),
    decide: ({ data: { agentId } }, world, context) => {
      const agent = world.get('agent', agentId);
      const desk = world.get('desk', agentId);
      if (agent?.statusReason !== LOST || desk === undefined) return nothing;
      const all = desk.holds.filter(({ accepted }) => accepted).map((hold) => offerOfHold(desk, hold, world));
      const held = all.filter(({ reservation }) => reservation.status === 'accepted');
      // What is being wrapped up has been done for the customer: it stays, unless they have written since.
      const unheard = all.filter(
        ({ reservation, item, work }) => reservation.status === 'wrapping' && isUnheard(item, work),
      );
      if (held.length === 0 && unheard.length === 0) return nothing;
      const released = releaseAll(held, { ending: { as: 'canceled', reason: 'agent-lost' } }, context);
      const { changes, events, timers } = released;
      const first = { changes: [...changes, ...deskChanges([released.desks.get(agentId) ?? desk])], events, timers };
      return unheard.reduce((sum: Decision<RoutingKinds>, { desk: { holds }, reservation: { id } }) => {
        const seen = seenAfter(sum, world);
        const [left, hold] = [seen.get('desk', agentId), holds.find(({ reservationId }) => reservationId === id)];
        if (left === undefined || hold === undefined) return sum;
        return joined(sum, completed(offerOfHold(left, hold, seen), context));
      }, first);
    },
  },
};

interface There {
  readonly agent: Agent;
  readonly desk: Desk;
  readonly world: RoutingWorld;
}

type Being = Pick<Agent, 'status' | 'heartbeat' | 'statusReason'>;

/** Who goes offline gives back what is offered and not answered yet. */
function become({ agent, desk, world }: There, to: Being, context: At): Answer<RoutingKinds> {
  const isSame =
    agent.status === to.status && agent.heartbeat === to.heartbeat && agent.statusReason === to.statusReason;
  // Who is lost and says that they are offline is not there again: what they hold moves on all the same.
  const staysLost = agent.statusReason === LOST && to.status === 'offline';
  if (isSame || staysLost) return { timers: watch(agent, context.now), reply: reply(agent, desk) };
  const statusSince = agent.status === to.status ? agent.statusSince : context.now.toISOString();
  const changed = next(agent, { ...to, statusSince });
  const idle =
    agent.status === to.status
      ? desk
      : next(desk, {
          ...(to.status === 'available'
            ? { idleSince: context.now.toISOString(), missed: undefined }
            : { idleSince: undefined }),
        });
  const offers =
    to.status === 'offline' ? desk.holds.filter(isOffered).map((hold) => offerOfHold(idle, hold, world)) : [];
  const reason = to.statusReason === LOST ? 'agent-lost' : 'agent-offline';
  const back = releaseAll(offers, { ending: { as: 'canceled', reason } }, context);
  const left = back.desks.get(desk.id) ?? idle;
  return {
    changes: [
      { kind: 'agent', state: changed },
      ...back.changes,
      ...(left === desk ? [] : [{ kind: 'desk', state: left } as const]),
    ],
    events: [...back.events, presenceChanged(changed, left, agent.status)],
    timers: [...back.timers, ...timersOf(agent, changed, context)],
    reply: reply(changed, left),
  };
}

/** Who watches them from now on, and what waited for them to be back. */
function timersOf(before: Agent, agent: Agent, { now, configuration }: At): TimerChange[] {
  const timers: TimerChange[] = [...watch(agent, now)];
  if (agent.heartbeat === undefined && before.heartbeat !== undefined)
    timers.push({ cancel: { kind: heartbeatTimer, id: agent.id } });
  const { lostWorkAfter } = workRulesOf(agent.definition, configuration.roster ?? emptyRoster);
  if (agent.statusReason === LOST && lostWorkAfter !== undefined)
    timers.push({ set: { kind: lostWorkTimer, id: agent.id, due: after(now, lostWorkAfter) } });
  else if (before.statusReason === LOST) timers.push({ cancel: { kind: lostWorkTimer, id: agent.id } });
  if (agent.status === 'available')
    for (const { absenceId, restores } of agent.absences ?? [])
      if (restores === true) timers.push(giveBackNow(agent.id, absenceId, now));
  return timers;
}

const giveBackNow = (agentId: string, name: string, due: Date): TimerChange => ({
  set: { kind: absenceTimer, id: absenceKey(agentId, name), due, data: { agentId, name } },
});

const after = (now: Date, duration: string): Date => new Date(now.getTime() + (parseDuration(duration) ?? 0));

function watch({ id, heartbeat }: Agent, now: Date): TimerChange[] {
  return heartbeat === undefined ? [] : [{ set: { kind: heartbeatTimer, id, due: after(now, heartbeat) } }];
}

const reply = (agent: Agent, desk: Desk): AgentReply => ({ agent, desk, created: false });

export function presenceChanged(agent: Agent, desk: Desk, from: Presence): OutgoingEvent {
  return {
    type: 'switchboard.routing.v1.AgentPresenceChanged',
    subject: agent.id,
    sequence: agent.version,
    data: { agent: agentSnapshot(agent, desk), from },
  };
}
