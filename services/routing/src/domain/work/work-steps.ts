/** The steps a work item takes, each with the events that announce it. */
import { next } from '@switchboard/hallway';
import type { Change, Context, OutgoingEvent, TimerChange } from '@switchboard/hallway';
import { withoutShare } from '../queues/fairness.ts';
import { chooseQueue, queueOf } from '../queues/queues.ts';
import type { Queue, RoutingConfiguration } from '../queues/queues.ts';
import { itemSnapshot, reservationSnapshot } from '../snapshots.ts';
import { factsOf, heldBy, holdersOf } from './state.ts';
import type { CaseWork, ContactFacts, Reservation, WorkItem } from './state.ts';
import type { Desk } from '../people/state.ts';
import type { RoutingKinds } from '../state.ts';
import { termsElsewhere, withPromise } from './terms.ts';
import type { Move } from './terms.ts';

/** How long who rejected or missed an offer is left alone with it, ms. */
const AVOID_MS = 30_000;

export const reservationTimer = 'reservation-timeout';
export const wrapUpTimer = 'wrap-up';

export interface Step {
  readonly item: WorkItem;
  readonly events: readonly OutgoingEvent[];
}

/** Everything one offer touches. */
export interface Offer {
  readonly item: WorkItem;
  readonly reservation: Reservation;
  readonly desk: Desk;
  readonly work: CaseWork;
}

/** Why an offer ended without the agent taking it. */
export type Ending =
  | { readonly as: 'rejected'; readonly reason?: string | undefined; readonly note?: string | undefined }
  | { readonly as: 'timeout' }
  /** `avoids`: who loses it is asked last, as if they had refused it. */
  | { readonly as: 'canceled'; readonly reason: string; readonly avoids?: true };

export const isUnfinished = (item: WorkItem | undefined): item is WorkItem =>
  item !== undefined && item.status !== 'completed' && item.status !== 'canceled';

interface Arrival {
  /** Who served the case before. */
  readonly lastAgentId?: string | undefined;
  /** When it came, where that was earlier: it is as old, but its steps, and what makes it stale, begin now. Absent: now. */
  readonly since?: string | undefined;
}

/** A new item for the newest contact of a case, which knows it from here on. */
export function queueWork(
  before: CaseWork,
  contact: ContactFacts,
  context: Context<RoutingConfiguration>,
  { lastAgentId, since }: Arrival = {},
): Step & { readonly work: CaseWork } {
  const id = context.newId();
  const now = context.now.toISOString();
  const late = since === undefined || since >= now ? {} : { enteredAt: now, offerFrom: now };
  const terms = { ...(lastAgentId === undefined ? {} : { preferredAgentId: lastAgentId }), ...late };
  const { queue, work } = chooseQueue(context.configuration, before, id);
  const item: WorkItem = {
    id,
    version: 1,
    caseId: work.id,
    queueId: queue.id,
    status: 'pending',
    channel: contact.channel,
    priority: work.case.priority,
    enqueuedAt: since ?? now,
    avoid: [],
    terms: Object.keys(terms).length === 0 ? undefined : terms,
  };
  return { item, events: [workQueued(item, work, queue)], work: { ...work, workItemId: item.id, choiceDue: false } };
}

/** A pending item is announced with today's facts and priority, after it moved where another queue is meant. */
export function announce(item: WorkItem, work: CaseWork, queue: Queue, { now, reason }: Move): Step {
  const events: OutgoingEvent[] = [];
  let current = item;
  if (queue.id !== item.queueId) {
    current = next(current, { queueId: queue.id, terms: termsElsewhere(item, { now, reason }) });
    events.push({
      type: 'switchboard.routing.v1.WorkMoved',
      subject: item.id,
      sequence: current.version,
      data: { item: itemSnapshot(current, work), fromQueueId: item.queueId, reason },
    });
  }
  current = next(current, { priority: current.terms?.priority ?? work.case.priority });
  events.push(workQueued(current, work, queue));
  return { item: current, events };
}

export function workQueued(item: WorkItem, work: CaseWork, { team }: Pick<Queue, 'team'>): OutgoingEvent {
  const facts = factsOf(work);
  return {
    type: 'switchboard.routing.v1.WorkQueued',
    subject: item.id,
    sequence: item.version,
    data: {
      item: itemSnapshot(item, work),
      caseFacts: facts.case,
      contactFacts: facts.contact,
      customerFacts: facts.customer,
      avoid: item.avoid,
      team: item.terms?.team ?? team,
      terms: withPromise(item, work.promise),
    },
  };
}

/**
 * Ends an offer that was not taken: the agent's capacity is free again. The item is pending with its age, or stays
 * reserved for the others who are asked.
 */
export function takeBack(offer: Offer, ending: Ending, now: Date): Offer & { readonly event: OutgoingEvent } {
  const { item, reservation, desk, work } = offer;
  const why = ending.as === 'rejected' ? { reason: ending.reason, note: ending.note, endedAt: now.toISOString() } : {};
  const ended = next(reservation, { status: ending.as, ...why });
  const left = holdersOf(item).filter(({ reservationId }) => reservationId !== reservation.id);
  const isLeftAlone = ending.as !== 'canceled' || ending.avoids === true;
  const back = next(item, {
    status: left.length === 0 ? 'pending' : item.status,
    ...heldBy(left),
    avoid: isLeftAlone ? avoiding(item, reservation.agentId, now) : item.avoid,
  });
  return {
    item: back,
    reservation: ended,
    desk: next(desk, {
      holds: desk.holds.filter((hold) => hold.reservationId !== reservation.id),
      shares: withoutShare(desk.shares, reservation.id),
    }),
    work,
    event: offerEnded(back, ended, { ending, work }),
  };
}

function avoiding({ avoid }: WorkItem, agentId: string, now: Date): WorkItem['avoid'] {
  const until = new Date(now.getTime() + AVOID_MS).toISOString();
  return [...avoid.filter((one) => one.agentId !== agentId), { agentId, until }];
}

function offerEnded(
  item: WorkItem,
  reservation: Reservation,
  { ending, work }: { readonly ending: Ending; readonly work: CaseWork },
): OutgoingEvent {
  const at = { subject: item.id, sequence: item.version };
  const data = { item: itemSnapshot(item, work), reservation: reservationSnapshot(reservation) };
  switch (ending.as) {
    case 'rejected':
      return { type: 'switchboard.routing.v1.WorkRejected', ...at, data };
    case 'timeout':
      return { type: 'switchboard.routing.v1.WorkTimedOut', ...at, data };
    case 'canceled':
      return { type: 'switchboard.routing.v1.WorkWithdrawn', ...at, data: { ...data, reason: ending.reason } };
  }
}

export interface Returned {
  readonly desk: Desk;
  readonly reservation: Reservation;
  readonly changes: readonly Change<RoutingKinds>[];
  readonly events: readonly OutgoingEvent[];
  readonly timers: readonly TimerChange[];
}

/**
 * Takes an offer back and lets the item wait again, unless others are still asked. The desk is answered, not changed:
 * several may leave it at once.
 */
export function returnToQueue(offer: Offer, ending: Ending, context: Context<RoutingConfiguration>): Returned {
  const { item, reservation, desk, work, event } = takeBack(offer, ending, context.now);
  const cancel: TimerChange = { cancel: { kind: reservationTimer, id: reservation.id } };
  const ended = { kind: 'reservation', state: reservation } as const;
  if (item.status !== 'pending')
    return {
      desk,
      reservation,
      changes: [{ kind: 'workItem', state: item }, ended],
      events: [event],
      timers: [cancel],
    };
  // Of a case that is over nobody waits any more, and who had taken it does not have it either.
  if (offer.item.status === 'assigned' && item.id === work.workItemId && isOver(work)) {
    const over = cancelWork(item, work, `case-${work.case.status}`);
    const changes = [{ kind: 'workItem', state: over.item } as const, ended];
    return { desk, reservation, changes, events: [event, ...over.events], timers: [cancel] };
  }
  const { configuration } = context;
  const known = queueOf(configuration, item.queueId);
  // The choice that is due is that of the case's own item: steps of plans and callbacks were told where to wait.
  const isChoosing = work.choiceDue && item.id === work.workItemId && item.terms?.sent !== true;
  const kept = isChoosing ? undefined : known;
  const choice =
    kept === undefined
      ? chooseQueue(configuration, next(work, { choiceDue: work.choiceDue && !isChoosing }), item.id)
      : undefined;
  const waiting = announce(item, choice?.work ?? work, choice?.queue ?? kept ?? configuration.fallback, {
    now: context.now,
    reason: known === undefined ? 'queue-removed' : 'chosen-again',
  });
  const chosen = choice === undefined ? [] : [{ kind: 'caseWork', state: choice.work } as const];
  return {
    desk,
    reservation,
    changes: [...chosen, { kind: 'workItem', state: waiting.item }, ended],
    events: [event, ...waiting.events],
    timers: [cancel],
  };
}

export const isOver = ({ case: { status } }: CaseWork): boolean => status === 'resolved' || status === 'closed';

/** The item is no longer needed. */
export function cancelWork(item: WorkItem, work: CaseWork, reason: string): Step {
  const canceled = next(item, { status: 'canceled' });
  const event: OutgoingEvent = {
    type: 'switchboard.routing.v1.WorkCanceled',
    subject: item.id,
    sequence: canceled.version,
    data: { item: itemSnapshot(canceled, work), reason },
  };
  return { item: canceled, events: [event] };
}
