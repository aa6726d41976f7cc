/** What agents do with their reservations. */
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
  TimerChange,
  World,
} from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import { idleFrom as restart, idleMsOf, pauseEnded } from '../people/pauses.ts';
import { queueOf } from '../queues/queues.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { itemSnapshot, reservationSnapshot } from '../snapshots.ts';
import type { AgentDefinition, Desk } from '../people/state.ts';
import { needsOfHolders, offersOf, rescind } from './release.ts';
import { heldBy } from './state.ts';
import type { CaseWork, Reservation, WorkItem } from './state.ts';
import type { RoutingKinds } from '../state.ts';
import { answerDue, isUnheard, isWaitedFor, nextLook, unheardTimer } from './unanswered.ts';
import { queueWork, reservationTimer, returnToQueue, wrapUpTimer } from './work-steps.ts';
import type { Offer } from './work-steps.ts';

type Commands = Pick<
  RoutingCommands,
  | 'accept-reservation'
  | 'reject-reservation'
  | 'wrap-up-reservation'
  | 'complete-reservation'
  | 'end-wrap-up'
  | 'end-unheard'
>;
type At = Context<RoutingConfiguration>;
/** `agent`: whose it is, as they are defined. */
type Held = Offer & { readonly agent?: AgentDefinition | undefined };
type Surroundings = At & { readonly world: World<RoutingKinds> };
type Act<D> = (offer: Held, context: Surroundings, data: D) => Answer<RoutingKinds>;

/** The case is locked where what is known of it decides, or the item will be announced again with its facts. */
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

/** Who accepts takes it from everybody else who is asked: they are looked at first, so that all is locked together. */
function needsOfAccept(id: string, world: World<RoutingKinds>): Need<RoutingKinds>[] {
  const { offeredTo, workItemId, unansweredMs } = world.get('reservation', id) ?? {};
  // Who answers, or writes, at this very moment does so before or after: the answer is waited for, or not.
  const facts = unansweredMs === undefined ? 'read' : 'lock';
  if (offeredTo === undefined || workItemId === undefined) return needs(id, world, facts);
  const item = world.get('workItem', workItemId);
  if (item === undefined) return [{ kind: 'workItem', id: workItemId, mode: 'read' }];
  return [...needs(id, world, facts), ...(item.status === 'reserved' ? needsOfHolders(item) : [])];
}

/** What the customer wrote while it was wrapped up becomes work of the case. */
const needsOfEnd = (id: string, world: World<RoutingKinds>): Need<RoutingKinds>[] =>
  needs(id, world, world.get('reservation', id)?.status === 'wrapping' ? 'lock' : 'read');

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
  act: Act<Commands[T]>,
  needed: (id: string, world: World<RoutingKinds>) => Need<RoutingKinds>[] = (id, world) => needs(id, world, 'read'),
): Handler<RoutingKinds, RoutingConfiguration, Message<T, Commands[T]>> {
  return {
    needs: ({ data }, world) => needed(data.reservationId, world),
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
      return act({ ...offerOf(reservation, world), agent }, { ...context, world }, data);
    },
  };
}

export const reservationHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'accept-reservation': action((offer, { now, world, configuration }) => {
    const { reservation, desk, work } = offer;
    if (reservation.status === 'accepted') return { reply: reservation };
    if (reservation.status !== 'pending') return notPossible('accepted', reservation);
    const holds = desk.holds.map((hold) =>
      hold.reservationId === reservation.id ? { ...hold, accepted: true } : hold,
    );
    const idleMs = offer.agent && idleMsOf(offer.agent, { channel: offer.item.channel, kind: reservation.workKind });
    const { unansweredMs = queueOf(configuration, offer.item.queueId)?.unansweredMs } = reservation;
    const taken = { acceptedAt: now.toISOString(), unansweredMs };
    const kept = { ...reservation, ...(idleMs === undefined ? {} : { idleMs }), ...taken };
    const due = isWaitedFor(offer.item, work) ? answerDue(kept, now) : [];
    const own = { ...offer.item, ...heldBy([{ agentId: desk.id, reservationId: reservation.id }]) };
    const step = advance({ ...offer, item: own, reservation: kept }, { item: 'assigned', reservation: 'accepted' });
    const others = offersOf(offer.item, work, world).filter((one) => one.reservation.id !== reservation.id);
    const lost = rescind(others, step.item, desk.id);
    return {
      ...step.decision,
      changes: [
        { kind: 'desk', state: next(desk, { holds, idleSince: idleSince(desk, now), missed: undefined }) },
        { kind: 'workItem', state: lost.item },
        { kind: 'reservation', state: step.decision.reply },
        ...lost.changes,
      ],
      events: [
        {
          type: 'switchboard.routing.v1.WorkAccepted',
          ...step.saying,
          data: { ...step.saying.data, team: offer.agent?.team },
        },
        ...lost.events,
      ],
      timers: [
        { cancel: { kind: reservationTimer, id: reservation.id } },
        ...lost.timers,
        ...restart(kept, now),
        ...due,
      ],
    };
  }, needsOfAccept),
  'reject-reservation': action(
    (offer, context, { reason, note }) => {
      if (offer.reservation.status !== 'pending') return notPossible('rejected', offer.reservation);
      const { refusalReasons } = queueOf(context.configuration, offer.item.queueId) ?? {};
      if (reason !== undefined && refusalReasons?.includes(reason) === false) return noSuchReason(refusalReasons);
      const back = returnToQueue(offer, { as: 'rejected', reason, note }, context);
      // Who answers is there.
      const desk: Desk = { ...back.desk, missed: undefined };
      const { events, timers, reservation } = back;
      return { changes: [{ kind: 'desk', state: desk }, ...back.changes], events, timers, reply: reservation };
    },
    (id, world) => needs(id, world, 'lock'),
  ),
  'wrap-up-reservation': action((offer, { now, configuration }) => {
    const { reservation } = offer;
    if (reservation.status === 'wrapping') return { reply: reservation };
    if (reservation.status !== 'accepted') return notPossible('wrapped up', reservation);
    // Wrapping up takes room, which paused work has given back.
    if ((reservation.activity ?? 'active') !== 'active')
      return reject('conflict', 'reservation-paused', 'A reservation that is paused is resumed first');
    const step = advance(offer, { item: 'wrapping', reservation: 'wrapping' });
    const { wrapUpMs } = queueOf(configuration, offer.item.queueId) ?? {};
    return {
      ...step.decision,
      changes: step.changes,
      timers: wrapUpMs === undefined ? [] : [wrapUpEnds(reservation, wrapUpMs, now)],
      events: [{ type: 'switchboard.routing.v1.WorkWrappingUp', ...step.saying }],
    };
  }),
  'end-wrap-up': {
    needs: ({ data }, world) => needsOfEnd(data.reservationId, world),
    decide: ({ data }, world, context) => {
      const reservation = world.get('reservation', data.reservationId);
      return reservation?.status === 'wrapping' ? completed(offerOf(reservation, world), context) : nothing;
    },
  },
  'end-unheard': {
    needs: ({ data }, world) => needsOfEnd(data.reservationId, world),
    decide: ({ data: { reservationId } }, world, context): Answer<RoutingKinds> => {
      const reservation = world.get('reservation', reservationId);
      if (reservation?.status !== 'wrapping') return nothing;
      const offer = offerOf(reservation, world);
      const { unheardSince: since } = offer.work;
      if (since === undefined || !isUnheard(offer.item, offer.work)) return nothing;
      const { wrapUpMs } = queueOf(context.configuration, offer.item.queueId) ?? {};
      const agent = world.get('agent', reservation.agentId);
      const look = nextLook({ reservationId, since, wrapUpMs, agent }, context.now);
      return look === undefined ? completed(offer, context) : { timers: [look] };
    },
  },
  'complete-reservation': action((offer, context) => {
    const { reservation } = offer;
    if (reservation.status !== 'accepted' && reservation.status !== 'wrapping')
      return notPossible('completed', reservation);
    return completed(offer, context);
  }, needsOfEnd),
};

const wrapUpEnds = ({ id }: Reservation, ms: number, now: Date): TimerChange => ({
  set: { kind: wrapUpTimer, id, due: new Date(now.getTime() + ms) },
});

/** The agent is done. What the customer wrote while it was wrapped up waits anew; the case has to be locked for that. */
export function completed(offer: Offer, context: At): Decision<RoutingKinds> {
  const { reservation, desk } = offer;
  const { now } = context;
  const holds = desk.holds.filter((hold) => hold.reservationId !== reservation.id);
  const done = { ...reservation, ...pauseEnded(reservation, now), endedAt: now.toISOString() };
  const step = advance({ ...offer, reservation: done }, { item: 'completed', reservation: 'completed' });
  const again = unheard(offer, context);
  return {
    ...step.decision,
    changes: [
      { kind: 'desk', state: next(desk, { holds, idleSince: idleSince(desk, now) }) },
      ...step.changes,
      ...again.changes,
    ],
    events: [{ type: 'switchboard.routing.v1.WorkCompleted', ...step.saying }, ...again.events],
    timers:
      reservation.status === 'wrapping' ? [{ cancel: { kind: wrapUpTimer, id: reservation.id } }, ...again.timers] : [],
  };
}

/** One item, however often they wrote, as old as the first message; who served them is preferred. */
function unheard({ item, reservation, desk, work }: Offer, context: At) {
  if (reservation.status !== 'wrapping' || !isUnheard(item, work)) return { changes: [], events: [], timers: [] };
  const heard = next(work, { unheardSince: undefined });
  const again = queueWork(heard, work.contact, context, { lastAgentId: desk.id, since: work.unheardSince });
  return {
    changes: [{ kind: 'caseWork', state: again.work } as const, { kind: 'workItem', state: again.item } as const],
    events: again.events,
    timers: [{ cancel: { kind: unheardTimer, id: reservation.id } } satisfies TimerChange],
  };
}

/** Item and reservation go forward together. */
function advance(
  { item, reservation, work }: Pick<Offer, 'item' | 'reservation'> & { readonly work: CaseWork },
  to: { readonly item: WorkItem['status']; readonly reservation: Reservation['status'] },
) {
  const moved = next(item, { status: to.item });
  const answered = next(reservation, { status: to.reservation });
  return {
    item: moved,
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

function noSuchReason(known: readonly string[]): Rejection {
  const reason = `must be one of ${known.join(', ')}`;
  return reject('invalid', 'invalid-body', `reason: ${reason}`, [{ field: 'reason', reason }]);
}

const idleSince = (desk: Desk, now: Date): string | undefined =>
  desk.idleSince === undefined ? undefined : now.toISOString();

function notPossible(what: string, { status }: Reservation): Rejection {
  return reject('conflict', 'reservation-not-open', `A reservation that is ${status} cannot be ${what}`);
}
