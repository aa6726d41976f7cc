/** Offers that nobody answered: they go back, and who misses too many in a row counts as away. */
import { next, nothing } from '@switchboard/hallway';
import type { Answer, Handlers, Need, World } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import { presenceChanged } from '../people/presence.ts';
import type { Agent, Desk } from '../people/state.ts';
import { emptyRoster, workRulesOf } from '../people/working-time.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import type { RoutingKinds } from '../state.ts';
import { deskChanges, needsOfHold, offerOfHold, releaseAll } from './release.ts';

type Commands = Pick<RoutingCommands, 'expire-reservation'>;

/** Why an agent is away who did not say so. */
const MISSED = 'missed-offers';

export const missedHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'expire-reservation': {
    needs: ({ data }, world) => needsOf(data.reservationId, world),
    decide: ({ data }, world, context): Answer<RoutingKinds> => {
      const reservation = world.get('reservation', data.reservationId);
      const agent = world.get('agent', reservation?.agentId ?? '');
      const desk = world.get('desk', reservation?.agentId ?? '');
      if (reservation?.status !== 'pending' || agent === undefined || desk === undefined) return nothing;
      // Who said that they are away is not missed.
      const missed = agent.status === 'available' ? (desk.missed ?? 0) + 1 : (desk.missed ?? 0);
      const { awayAfterMissed } = workRulesOf(agent.definition, context.configuration.roster ?? emptyRoster);
      const goes = agent.status === 'available' && awayAfterMissed !== undefined && missed >= awayAfterMissed;
      const offers = desk.holds
        .filter((hold) => hold.reservationId === reservation.id || (goes && !hold.accepted))
        .map((hold) => offerOfHold(desk, hold, world));
      const back = releaseAll(
        offers,
        {
          ending: (offer) =>
            offer.reservation.id === reservation.id ? { as: 'timeout' } : { as: 'canceled', reason: 'agent-away' },
        },
        context,
      );
      const left: Desk = { ...(back.desks.get(desk.id) ?? desk), missed };
      const { changes, events, timers } = back;
      if (!goes) return { changes: [...changes, ...deskChanges([left])], events, timers };
      const away = awayOf(agent, left, context.now);
      return { changes: [...changes, ...away.changes], events: [...events, away.event], timers };
    },
  },
};

/** With all that is offered to the agent: it may go back as well. The desk is looked at first, to lock all together. */
function needsOf(id: string, world: World<RoutingKinds>): Need<RoutingKinds>[] {
  const reservation = world.get('reservation', id);
  if (reservation === undefined) return [{ kind: 'reservation', id, mode: 'read' }];
  if (reservation.status !== 'pending') return [{ kind: 'reservation', id }];
  const { agentId } = reservation;
  const desk = world.get('desk', agentId);
  if (desk === undefined) return [{ kind: 'desk', id: agentId, mode: 'read' }];
  return [
    { kind: 'agent', id: agentId },
    { kind: 'desk', id: agentId },
    { kind: 'reservation', id },
    ...desk.holds.filter(({ accepted }) => !accepted).flatMap(needsOfHold),
  ];
}

function awayOf(agent: Agent, desk: Desk, now: Date) {
  const away = next(agent, { status: 'away', statusReason: MISSED, statusSince: now.toISOString() });
  const left: Desk = { ...desk, idleSince: undefined, missed: undefined };
  return {
    changes: [{ kind: 'agent', state: away } as const, ...deskChanges([left])],
    event: presenceChanged(away, left, agent.status),
  };
}
