/** Several offers or assignments end at once: what agents held waits again, its age kept, or is over. */
import { next } from '@switchboard/hallway';
import type { Change, Context, Need, OutgoingEvent, TimerChange, World } from '@switchboard/hallway';
import type { Preferred } from '../people/rules.ts';
import { withoutShare } from '../queues/fairness.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { itemSnapshot, reservationSnapshot } from '../snapshots.ts';
import { holdersOf } from './state.ts';
import type { CaseWork, WorkItem } from './state.ts';
import type { Desk, Hold } from '../people/state.ts';
import type { RoutingKinds } from '../state.ts';
import { reservationTimer, returnToQueue, takeBack } from './work-steps.ts';
import type { Ending, Offer } from './work-steps.ts';

type RoutingWorld = World<RoutingKinds>;

interface Released {
  /** Of each agent who held something: the desk, and the version it had. Answered, not changed. */
  readonly desks: ReadonlyMap<string, Desk>;
  readonly changes: readonly Change<RoutingKinds>[];
  readonly events: readonly OutgoingEvent[];
  readonly timers: readonly TimerChange[];
}

/** What has to be locked for a hold to end. */
export const needsOfHold = ({ caseId, workItemId, reservationId }: Hold): Need<RoutingKinds>[] => [
  { kind: 'caseWork', id: caseId },
  { kind: 'workItem', id: workItemId },
  { kind: 'reservation', id: reservationId },
];

/** What has to be locked, beside the item, for everybody who holds it to lose it. */
export const needsOfHolders = (item: WorkItem): Need<RoutingKinds>[] =>
  holdersOf(item).flatMap(({ agentId, reservationId }): Need<RoutingKinds>[] => [
    { kind: 'desk', id: agentId },
    { kind: 'reservation', id: reservationId },
  ]);

/** Everything a hold is about. */
export function offerOfHold(desk: Desk, hold: Hold, world: RoutingWorld): Offer {
  const work = world.get('caseWork', hold.caseId);
  const item = world.get('workItem', hold.workItemId);
  const reservation = world.get('reservation', hold.reservationId);
  if (work === undefined || item === undefined || reservation === undefined)
    throw new Error(`what reservation ${hold.reservationId} is about is not there`);
  return { desk, work, item, reservation };
}

/** Everybody who holds an item, with everything it is about. */
export function offersOf(item: WorkItem, work: CaseWork, world: RoutingWorld): Offer[] {
  return holdersOf(item).map(({ agentId, reservationId }) => {
    const desk = world.get('desk', agentId);
    const reservation = world.get('reservation', reservationId);
    if (desk === undefined || reservation === undefined) throw new Error(`who holds ${item.id} is not there`);
    return { item, work, desk, reservation };
  });
}

interface How {
  readonly ending: Ending | ((offer: Offer) => Ending);
  readonly preferred?: Preferred | undefined;
}

/** Ends them one after the other; those of one case, of one item and of one agent build on each other. */
export function releaseAll(
  offers: readonly Offer[],
  { ending, preferred }: How,
  context: Context<RoutingConfiguration>,
): Released {
  const desks = new Map<string, Desk>();
  const cases = new Map<string, CaseWork>();
  const items = new Map<string, WorkItem>();
  const changes: Change<RoutingKinds>[] = [];
  const events: OutgoingEvent[] = [];
  const timers: TimerChange[] = [];
  for (const offer of offers) {
    const desk = desks.get(offer.desk.id) ?? offer.desk;
    const work = cases.get(offer.work.id) ?? offer.work;
    const before = items.get(offer.item.id) ?? offer.item;
    const item = preferred === undefined ? before : { ...before, preferred };
    const how = typeof ending === 'function' ? ending(offer) : ending;
    const back = returnToQueue({ ...offer, desk, work, item }, how, context);
    desks.set(desk.id, back.desk);
    for (const change of back.changes) {
      if (change.kind === 'caseWork' && 'state' in change) cases.set(change.state.id, change.state);
      else if (change.kind === 'workItem' && 'state' in change) items.set(change.state.id, change.state);
      else changes.push(change);
    }
    events.push(...back.events);
    timers.push(...back.timers);
  }
  for (const state of items.values()) changes.unshift({ kind: 'workItem', state });
  for (const state of cases.values()) changes.unshift({ kind: 'caseWork', state });
  return { desks, changes, events, timers };
}

/** The item as nobody holds it any more, pending; who held it has been told. It is for the caller to say what becomes of it. */
export function takeFromAll(
  offers: readonly Offer[],
  ending: Ending,
  now: Date,
): { readonly item: WorkItem | undefined } & Released {
  const desks = new Map<string, Desk>();
  const changes: Change<RoutingKinds>[] = [];
  const events: OutgoingEvent[] = [];
  let item: WorkItem | undefined;
  for (const offer of offers) {
    const back = takeBack({ ...offer, item: item ?? offer.item }, ending, now);
    item = back.item;
    desks.set(back.desk.id, back.desk);
    changes.push({ kind: 'reservation', state: back.reservation });
    events.push(back.event);
  }
  const timers = offers.map(({ reservation: { id } }): TimerChange => ({ cancel: { kind: reservationTimer, id } }));
  return { item, desks, changes, events, timers };
}

/** Who worked until now is idle from now on, not since before. */
export const idleFrom = (desk: Desk, now: Date): Desk =>
  desk.idleSince === undefined ? desk : { ...desk, idleSince: now.toISOString() };

export const deskChanges = (desks: Iterable<Desk>): Change<RoutingKinds>[] =>
  [...desks].map((state) => ({ kind: 'desk', state }) as const);

/** Another agent took what several were asked about: the others lose it, and the item goes on, told once for each. */
export function rescind(offers: readonly Offer[], taken: WorkItem, acceptedBy: string) {
  const changes: Change<RoutingKinds>[] = [];
  const events: OutgoingEvent[] = [];
  const timers: TimerChange[] = [];
  let item = taken;
  for (const { desk, reservation, work } of offers) {
    item = next(item, {});
    const lost = next(reservation, { status: 'rescinded' });
    const holds = desk.holds.filter(({ reservationId }) => reservationId !== reservation.id);
    const shares = withoutShare(desk.shares, reservation.id);
    changes.push({ kind: 'desk', state: next(desk, { holds, shares }) }, { kind: 'reservation', state: lost });
    events.push({
      type: 'switchboard.routing.v1.WorkRescinded',
      subject: item.id,
      sequence: item.version,
      data: { item: itemSnapshot(item, work), reservation: reservationSnapshot(lost), acceptedBy },
    });
    timers.push({ cancel: { kind: reservationTimer, id: reservation.id } });
  }
  return { item, changes, events, timers };
}
