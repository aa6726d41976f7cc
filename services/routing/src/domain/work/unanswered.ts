/**
 * Work whose agent took it and leaves the customer without an answer moves on. The customer waits from what they wrote
 * first and nobody has answered; what they write after that does not begin the wait anew.
 */
import { next, nothing } from '@switchboard/hallway';
import type { Answer, Context, Handlers, Need, TimerChange, World } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import type { Agent } from '../people/state.ts';
import { absentAt } from '../people/substitutes.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import type { RoutingKinds } from '../state.ts';
import { deskChanges, idleFrom, offerOfHold, releaseAll } from './release.ts';
import type { CaseWork, Reservation, WorkItem } from './state.ts';
import { isOver } from './work-steps.ts';

type Commands = Pick<RoutingCommands, 'note-answer' | 'move-unanswered'>;
type At = Context<RoutingConfiguration>;

export const unansweredTimer = 'work-unanswered';
/** Whether who wraps up is there to end it, while something is unheard. */
export const unheardTimer = 'wrap-up-unheard';

/** How often that is looked at, ms. */
const LOOK_MS = 5 * 60_000;
/** How long it may wait for who is there, ms, where the queue has no most for wrap-up. */
const UNHEARD_MS = 30 * 60_000;

/** From now on the agent's answer is waited for. Absent: nobody waits, or for ever. */
export function answerDue({ id, unansweredMs }: Reservation, now: Date): TimerChange[] {
  if (unansweredMs === undefined) return [];
  return [{ set: { kind: unansweredTimer, id, due: new Date(now.getTime() + unansweredMs) } }];
}

/** Only a case's own item is about what the customer writes. */
export const isWaitedFor = (item: WorkItem, work: CaseWork): boolean =>
  item.id === work.workItemId && work.waitingSince !== undefined;

/** The customer wrote while the case's item was being wrapped up, and waits until that is done. */
export const isUnheard = (item: WorkItem, work: CaseWork): boolean =>
  item.id === work.workItemId && work.unheardSince !== undefined && !isOver(work);

/** From the first message on; what is overdue is looked at now. */
export function unheardDue(reservationId: string, since: string, now: Date): TimerChange {
  return lookAt(reservationId, Math.max(now.getTime(), Date.parse(since) + LOOK_MS));
}

const lookAt = (id: string, due: number): TimerChange => ({ set: { kind: unheardTimer, id, due: new Date(due) } });

interface Wrapping {
  readonly reservationId: string;
  readonly since: string;
  /** The queue's most for wrap-up. */
  readonly wrapUpMs: number | undefined;
  readonly agent: Agent | undefined;
}

/** When to look again; `undefined`: it has waited long enough, or for nobody, who wraps up being offline or absent. */
export function nextLook({ reservationId, since, wrapUpMs, agent }: Wrapping, now: Date): TimerChange | undefined {
  const until = Date.parse(since) + (wrapUpMs ?? UNHEARD_MS);
  const at = now.getTime();
  const isThere = agent !== undefined && agent.status !== 'offline' && absentAt(agent.absences ?? [], at).length === 0;
  return isThere && at < until ? lookAt(reservationId, Math.min(until, at + LOOK_MS)) : undefined;
}

export const unansweredHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'note-answer': {
    needs: ({ data }) => [{ kind: 'caseWork', id: data.caseId }],
    decide: ({ data }, world): Answer<RoutingKinds> => {
      const work = world.get('caseWork', data.caseId);
      if (work === undefined) return { waitFor: { kind: 'caseWork', id: data.caseId } };
      if (work.waitingSince === undefined && work.unheardSince === undefined) return nothing;
      const heard = { waitingSince: undefined, unheardSince: undefined };
      return { changes: [{ kind: 'caseWork', state: next(work, heard) }] };
    },
  },
  'move-unanswered': {
    needs: ({ data }, world) => needsOf(data.reservationId, world),
    decide: ({ data }, world, context): Answer<RoutingKinds> => moveOn(data.reservationId, world, context),
  },
};

function needsOf(id: string, world: World<RoutingKinds>): Need<RoutingKinds>[] {
  const reservation = world.get('reservation', id);
  if (reservation === undefined) return [{ kind: 'reservation', id, mode: 'read' }];
  return [
    { kind: 'caseWork', id: reservation.caseId },
    { kind: 'desk', id: reservation.agentId },
    { kind: 'workItem', id: reservation.workItemId },
    { kind: 'reservation', id },
  ];
}

/** Its age is kept, and the agent is asked last. What is being wrapped up has been done: it stays. */
function moveOn(id: string, world: World<RoutingKinds>, context: At): Answer<RoutingKinds> {
  const reservation = world.get('reservation', id);
  const desk = world.get('desk', reservation?.agentId ?? '');
  const hold = desk?.holds.find(({ reservationId }) => reservationId === id);
  if (reservation?.status !== 'accepted' || desk === undefined || hold === undefined) return nothing;
  const offer = offerOfHold(desk, hold, world);
  if (!isWaitedFor(offer.item, offer.work)) return nothing;
  const ending = { as: 'canceled', reason: 'unanswered', avoids: true } as const;
  const { desks, changes, events, timers } = releaseAll([offer], { ending }, context);
  const left = idleFrom(desks.get(desk.id) ?? desk, context.now);
  return { changes: [...changes, ...deskChanges([left])], events, timers };
}
