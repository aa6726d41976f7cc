/** What agents do with their reservations, and what time does. */
import { next, nothing, reject } from '@switchboard/hallway';
import type {
  Answer,
  Context,
  Decision,
  Handler,
  Handlers,
  Message,
  Need,
  Rejection,
  World,
} from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import { idleFrom as restart, idleMsOf, pauseEnded } from '../people/pauses.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { itemSnapshot, reservationSnapshot } from '../snapshots.ts';
import type { AgentDefinition, Desk } from '../people/state.ts';
import type { CaseWork, Reservation, WorkItem } from './state.ts';
import type { RoutingKinds } from '../state.ts';
import { reservationTimer, returnToQueue } from './work-steps.ts';
import type { Offer } from './work-steps.ts';

type Commands = Pick<
  RoutingCommands,
  'accept-reservation' | 'reject-reservation' | 'expire-reservation' | 'wrap-up-reservation' | 'complete-reservation'
>;
type Data = Commands['accept-reservation'];
type At = Context<RoutingConfiguration>;
/** `agent`: whose it is, as they are defined. */
type Act = (offer: Offer & { readonly agent?: AgentDefinition | undefined }, context: At) => Answer<RoutingKinds>;

/** The case is locked where the item will be announced again with its facts. */
function needs(id: string, world: World<RoutingKinds>, facts: 'lock' | 'read'): Need<RoutingKinds>[] {
  const reservation = world.get('reservation', id);
  if (reservation === undefined) return [{ kind: 'reservation', id, mode: 'read' }];
  return [
    { kind: 'agent', id: reservation.agentId, mode: 'read' },
    { kind: 'desk', id: reservation.agentId },
    { kind: 'caseWork', id: reservation.caseId, mode: facts },
    { kind: 'workItem', id: reservation.workItemId },
    { kind: 'reservation', id },
  ];
}

function offerOf(reservation: Reservation, world: World<RoutingKinds>): Offer {
  const desk = world.get('desk', reservation.agentId);
  const work = world.get('caseWork', reservation.caseId);
  const item = world.get('workItem', reservation.workItemId);
  if (desk === undefined || work === undefined || item === undefined)
    throw new Error(`what reservation ${reservation.id} is about is not there`);
  return { reservation, desk, work, item };
}

/** An agent's own action. `act` decides by the reservation's status; the wrong agent and unknown ids are refused. */
function action<T extends keyof Commands>(
  act: Act,
  facts: 'lock' | 'read' = 'read',
): Handler<RoutingKinds, RoutingConfiguration, Message<T, Data>> {
  return {
    needs: ({ data }, world) => needs(data.reservationId, world, facts),
    decide: ({ data }, world, context) => {
      const reservation = world.get('reservation', data.reservationId);
      if (reservation === undefined)
        return reject('not-found', 'unknown-id', `There is no reservation ${data.reservationId}`);
      if (data.onlyAgent !== undefined && data.onlyAgent !== reservation.agentId)
        return reject('forbidden', 'forbidden', 'The reservation is for another agent');
      // Who is removed holds nothing: whatever it was, it is over.
      if (world.get('desk', reservation.agentId) === undefined)
        return reject('conflict', 'reservation-not-open', `The agent ${reservation.agentId} is no longer there`);
      const agent = world.get('agent', reservation.agentId)?.definition;
      return act({ ...offerOf(reservation, world), agent }, context);
    },
  };
}

export const reservationHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'accept-reservation': action((offer, { now }) => {
    const { reservation, desk } = offer;
    if (reservation.status === 'accepted') return { reply: reservation };
    if (reservation.status !== 'pending') return notPossible('accepted', reservation);
    const holds = desk.holds.map((hold) =>
      hold.reservationId === reservation.id ? { ...hold, accepted: true } : hold,
    );
    const idleMs = offer.agent && idleMsOf(offer.agent, { channel: offer.item.channel, kind: reservation.workKind });
    const kept = idleMs === undefined ? reservation : { ...reservation, idleMs };
    const step = advance(
      { ...offer, reservation: { ...kept, acceptedAt: now.toISOString() } },
      { item: 'assigned', reservation: 'accepted' },
    );
    return {
      ...step.decision,
      changes: [{ kind: 'desk', state: next(desk, { holds, idleSince: idleFrom(desk, now) }) }, ...step.changes],
      events: [
        {
          type: 'switchboard.routing.v1.WorkAccepted',
          ...step.saying,
          data: { ...step.saying.data, team: offer.agent?.team },
        },
      ],
      timers: [{ cancel: { kind: reservationTimer, id: reservation.id } }, ...restart(kept, now)],
    };
  }),
  'reject-reservation': action((offer, context) => {
    if (offer.reservation.status !== 'pending') return notPossible('rejected', offer.reservation);
    return returned(offer, { as: 'rejected' }, context);
  }, 'lock'),
  'expire-reservation': {
    needs: ({ data }, world) => needs(data.reservationId, world, 'lock'),
    decide: ({ data }, world, context) => {
      const reservation = world.get('reservation', data.reservationId);
      if (reservation?.status !== 'pending') return nothing;
      return returned(offerOf(reservation, world), { as: 'timeout' }, context);
    },
  },
  'wrap-up-reservation': action((offer) => {
    const { reservation } = offer;
    if (reservation.status === 'wrapping') return { reply: reservation };
    if (reservation.status !== 'accepted') return notPossible('wrapped up', reservation);
    // Wrapping up takes room, which paused work has given back.
    if ((reservation.activity ?? 'active') !== 'active')
      return reject('conflict', 'reservation-paused', 'A reservation that is paused is resumed first');
    const step = advance(offer, { item: 'wrapping', reservation: 'wrapping' });
    return {
      ...step.decision,
      changes: step.changes,
      events: [{ type: 'switchboard.routing.v1.WorkWrappingUp', ...step.saying }],
    };
  }),
  'complete-reservation': action((offer, { now }) => {
    const { reservation, desk } = offer;
    if (reservation.status !== 'accepted' && reservation.status !== 'wrapping')
      return notPossible('completed', reservation);
    const holds = desk.holds.filter((hold) => hold.reservationId !== reservation.id);
    const step = advance(
      { ...offer, reservation: { ...reservation, ...pauseEnded(reservation, now), endedAt: now.toISOString() } },
      { item: 'completed', reservation: 'completed' },
    );
    return {
      ...step.decision,
      changes: [{ kind: 'desk', state: next(desk, { holds, idleSince: idleFrom(desk, now) }) }, ...step.changes],
      events: [{ type: 'switchboard.routing.v1.WorkCompleted', ...step.saying }],
    };
  }),
};

/** Item and reservation go forward together. */
function advance(
  { item, reservation, work }: Pick<Offer, 'item' | 'reservation'> & { readonly work: CaseWork },
  to: { readonly item: WorkItem['status']; readonly reservation: Reservation['status'] },
) {
  const moved = next(item, { status: to.item });
  const answered = next(reservation, { status: to.reservation });
  return {
    decision: { reply: answered } satisfies Decision<RoutingKinds>,
    changes: [
      { kind: 'workItem', state: moved },
      { kind: 'reservation', state: answered },
    ] as const,
    saying: {
      subject: item.id,
      sequence: moved.version,
      data: { item: itemSnapshot(moved, work), reservation: reservationSnapshot(answered) },
    },
  };
}

function returned(offer: Offer, ending: { readonly as: 'rejected' | 'timeout' }, context: At): Decision<RoutingKinds> {
  const { desk, reservation, changes, events, timers } = returnToQueue(offer, ending, context);
  return { changes: [{ kind: 'desk', state: desk }, ...changes], events, timers, reply: reservation };
}

const idleFrom = (desk: Desk, now: Date): string | undefined =>
  desk.idleSince === undefined ? undefined : now.toISOString();

function notPossible(what: string, { status }: Reservation): Rejection {
  return reject('conflict', 'reservation-not-open', `A reservation that is ${status} cannot be ${what}`);
}
