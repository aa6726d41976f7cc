/** Work items of a case beside its own: they are begun by a plan or a callback, and ended by it. */
import { next } from '@switchboard/hallway';
import type { Change, Context, Need, OutgoingEvent, TimerChange, World } from '@switchboard/hallway';
import { pauseEnded } from '../people/pauses.ts';
import { chooseQueue, queueOf } from '../queues/queues.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { itemSnapshot, reservationSnapshot } from '../snapshots.ts';
import type { CaseWork, WorkItem } from './state.ts';
import type { Desk } from '../people/state.ts';
import type { RoutingKinds } from '../state.ts';
import { deskChanges, idleFrom, needsOfHolders, offersOf, takeFromAll } from './release.ts';
import { cancelWork, isUnfinished, reservationTimer, workQueued } from './work-steps.ts';
import type { Offer } from './work-steps.ts';

type At = Context<RoutingConfiguration>;
type Kept = Pick<WorkItem, 'id' | 'channel' | 'kind' | 'terms' | 'planStep' | 'callbackId' | 'enqueuedAt'>;

export interface Begun {
  readonly item: WorkItem;
  readonly events: readonly OutgoingEvent[];
}

/** `queueId`: where it is to wait; absent, or gone: where the case's own work would. */
export function beginWork(work: CaseWork, order: Kept & { readonly queueId?: string | undefined }, at: At): Begun {
  const { queueId, ...kept } = order;
  const stated = queueId === undefined ? undefined : queueOf(at.configuration, queueId);
  const queue = stated ?? chooseQueue(at.configuration, work, order.id).queue;
  const item: WorkItem = {
    ...kept,
    version: 1,
    caseId: work.id,
    queueId: queue.id,
    status: 'pending',
    priority: order.terms?.priority ?? work.case.priority,
    avoid: [],
  };
  return { item, events: [workQueued(item, work, queue)] };
}

/** What has to be locked before an item can be ended, however far it is. It is looked at first. */
export function needsOfItem(id: string, world: World<RoutingKinds>): Need<RoutingKinds>[] {
  const item = world.get('workItem', id);
  if (item === undefined) return [{ kind: 'workItem', id, mode: 'read' }];
  if (!isUnfinished(item)) return [];
  return [{ kind: 'workItem', id }, ...needsOfHolders(item)];
}

interface EndedWork {
  readonly changes: readonly Change<RoutingKinds>[];
  readonly events: readonly OutgoingEvent[];
  readonly timers: readonly TimerChange[];
}

/** `done`: whoever holds an item has done it; the others, and all that are `canceled`, are no longer needed. */
export interface EndOfWork {
  readonly as: 'done' | 'canceled';
  readonly reason: string;
}

/** Ends items however far they are; nobody holds them any more. Items that are over already are left alone. */
export function endWork(
  ids: readonly string[],
  how: EndOfWork,
  { work, world, now }: { readonly work: CaseWork; readonly world: World<RoutingKinds>; readonly now: Date },
): EndedWork {
  const desks = new Map<string, Desk>();
  const changes: Change<RoutingKinds>[] = [];
  const events: OutgoingEvent[] = [];
  const timers: TimerChange[] = [];
  for (const id of ids) {
    const item = world.get('workItem', id);
    if (!isUnfinished(item)) continue;
    const offers = offersOf(item, work, world).map((offer) => ({
      ...offer,
      desk: desks.get(offer.desk.id) ?? offer.desk,
    }));
    const [held] = offers;
    const ended =
      how.as === 'done' && held !== undefined && item.status !== 'reserved'
        ? completed(held, now)
        : withdrawn(offers, { item, work, reason: how.reason }, now);
    for (const desk of ended.desks) desks.set(desk.id, desk);
    changes.push({ kind: 'workItem', state: ended.item }, ...ended.changes);
    events.push(...ended.events);
    timers.push(...ended.timers);
  }
  return { changes: [...deskChanges(desks.values()), ...changes], events, timers };
}

interface Unneeded {
  readonly item: WorkItem;
  readonly work: CaseWork;
  readonly reason: string;
}

/** Nobody needs it any more: who was asked, or has it, is told, and then everybody. */
export function withdrawn(offers: readonly Offer[], { item, work, reason }: Unneeded, now: Date) {
  const back = takeFromAll(offers, { as: 'canceled', reason }, now);
  const canceled = cancelWork(back.item ?? item, work, reason);
  return {
    item: canceled.item,
    desks: [...back.desks.values()],
    changes: back.changes,
    events: [...back.events, ...canceled.events],
    timers: back.timers,
  };
}

function completed({ item, reservation, desk, work }: Offer, now: Date) {
  const done = next(item, { status: 'completed' });
  const ended = { ...pauseEnded(reservation, now), endedAt: now.toISOString() };
  const answered = next(reservation, { status: 'completed', ...ended });
  const event: OutgoingEvent = {
    type: 'switchboard.routing.v1.WorkCompleted',
    subject: item.id,
    sequence: done.version,
    data: { item: itemSnapshot(done, work), reservation: reservationSnapshot(answered) },
  };
  const holds = desk.holds.filter((hold) => hold.reservationId !== reservation.id);
  const changes: Change<RoutingKinds>[] = [{ kind: 'reservation', state: answered }];
  const timers: TimerChange[] = [{ cancel: { kind: reservationTimer, id: reservation.id } }];
  return { item: done, desks: [idleFrom(next(desk, { holds }), now)], changes, events: [event], timers };
}
