/** Several offers or assignments end at once: what agents held waits again, its age kept. */
import type { Change, Context, Need, OutgoingEvent, TimerChange, World } from '@switchboard/hallway';
import type { Preferred } from '../people/rules.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import type { CaseWork } from './state.ts';
import type { Desk, Hold } from '../people/state.ts';
import type { RoutingKinds } from '../state.ts';
import { returnToQueue } from './work-steps.ts';
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

/** Everything a hold is about. */
export function offerOfHold(desk: Desk, hold: Hold, world: RoutingWorld): Offer {
  const work = world.get('caseWork', hold.caseId);
  const item = world.get('workItem', hold.workItemId);
  const reservation = world.get('reservation', hold.reservationId);
  if (work === undefined || item === undefined || reservation === undefined)
    throw new Error(`what reservation ${hold.reservationId} is about is not there`);
  return { desk, work, item, reservation };
}

/** Ends them one after the other; those of one case and of one agent build on each other. */
export function releaseAll(
  offers: readonly Offer[],
  { ending, preferred }: { readonly ending: Ending; readonly preferred?: Preferred | undefined },
  context: Context<RoutingConfiguration>,
): Released {
  const desks = new Map<string, Desk>();
  const cases = new Map<string, CaseWork>();
  const changes: Change<RoutingKinds>[] = [];
  const events: OutgoingEvent[] = [];
  const timers: TimerChange[] = [];
  for (const offer of offers) {
    const desk = desks.get(offer.desk.id) ?? offer.desk;
    const work = cases.get(offer.work.id) ?? offer.work;
    const item = preferred === undefined ? offer.item : { ...offer.item, preferred };
    const back = returnToQueue({ ...offer, desk, work, item }, ending, context);
    desks.set(desk.id, back.desk);
    for (const change of back.changes) {
      if (change.kind === 'caseWork' && 'state' in change) cases.set(change.state.id, change.state);
      else changes.push(change);
    }
    events.push(...back.events);
    timers.push(...back.timers);
  }
  for (const state of cases.values()) changes.unshift({ kind: 'caseWork', state });
  return { desks, changes, events, timers };
}
