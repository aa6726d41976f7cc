/** What people do to an item by hand: its priority and age are set, it is transferred. Its arrival stays what it was. */
import { reject } from '@switchboard/hallway';
import type { Context, Decision, Handlers, Need, Rejection, World } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import { queueOf } from '../queues/queues.ts';
import type { Queue, RoutingConfiguration } from '../queues/queues.ts';
import type { RoutingKinds } from '../state.ts';
import type { WorkItem, WorkTerms } from './state.ts';
import { announce, AVOID_MS, isUnfinished, reservationTimer, takeBack } from './work-steps.ts';
import type { Step } from './work-steps.ts';

type Commands = Pick<RoutingCommands, 'adjust-work' | 'transfer-work'>;
type At = Context<RoutingConfiguration>;
type Routed = Decision<RoutingKinds> | Rejection;

export const adjustHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'adjust-work': {
    needs: ({ data }, world) => needsOfItem(data.workItemId, world),
    decide: ({ data }, world, context) => {
      const item = world.get('workItem', data.workItemId);
      if (item === undefined) return unknown(data.workItemId);
      if (!isUnfinished(item)) return isOver(item);
      const { priority = item.terms?.priority, ageAdjustmentMs = item.terms?.ageAdjustmentMs } = data;
      return adjust(item, { priority, ageAdjustmentMs }, world, context);
    },
  },
  'transfer-work': {
    needs: ({ data }, world) => [
      ...needsOfItem(data.workItemId, world),
      ...(data.agentId === undefined ? [] : [{ kind: 'agent', id: data.agentId, mode: 'read' } as const]),
    ],
    decide: ({ data }, world, context) => {
      const item = world.get('workItem', data.workItemId);
      if (item === undefined) return unknown(data.workItemId);
      if (!isUnfinished(item)) return isOver(item);
      if (data.onlyAgent !== undefined && data.onlyAgent !== item.agentId)
        return reject('forbidden', 'forbidden', 'Another agent has the work item, or nobody');
      const queue = queueOf(context.configuration, data.queueId ?? item.queueId);
      if (queue === undefined) return notThere('queueId', `there is no queue ${data.queueId ?? item.queueId}`);
      if (data.agentId !== undefined && world.get('agent', data.agentId) === undefined)
        return notThere('agentId', `there is no agent ${data.agentId}`);
      return transfer(item, { data, queue }, world, context);
    },
  },
};

function needsOfItem(id: string, world: World<RoutingKinds>): Need<RoutingKinds>[] {
  const item = world.get('workItem', id);
  if (item === undefined) return [{ kind: 'workItem', id, mode: 'read' }];
  const needs: Need<RoutingKinds>[] = [
    { kind: 'caseWork', id: item.caseId },
    { kind: 'workItem', id },
  ];
  if (item.agentId !== undefined && item.reservationId !== undefined && isUnfinished(item))
    needs.push({ kind: 'desk', id: item.agentId }, { kind: 'reservation', id: item.reservationId });
  return needs;
}

function adjust(
  item: WorkItem,
  said: Pick<WorkTerms, 'priority' | 'ageAdjustmentMs'>,
  world: World<RoutingKinds>,
  { configuration, now }: At,
): Routed {
  if (item.status !== 'pending')
    return reject('conflict', 'not-pending', `The work item is ${item.status}: it does not wait`);
  const { priority, ageAdjustmentMs } = item.terms ?? {};
  if (priority === said.priority && ageAdjustmentMs === said.ageAdjustmentMs) return { reply: item };
  const queue = queueOf(configuration, item.queueId) ?? { ...configuration.fallback, id: item.queueId };
  const told = { ...item, terms: { ...item.terms, ...said } };
  const step = announce(told, caseOf(item, world), queue, { now, reason: 'chosen-again' });
  return { changes: [{ kind: 'workItem', state: step.item }], events: step.events, reply: step.item };
}

interface Transfer {
  readonly data: RoutingCommands['transfer-work'];
  readonly queue: Queue;
}

/** Whoever has it gives it back; it waits anew in the queue, as old as it is. */
function transfer(item: WorkItem, { data, queue }: Transfer, world: World<RoutingKinds>, context: At): Routed {
  const { now } = context;
  const work = caseOf(item, world);
  const { agentId, ownerForMs } = data;
  const until = new Date(now.getTime() + ownerForMs).toISOString();
  const owner = agentId === undefined ? undefined : { agentId, until };
  const terms: WorkTerms = { ...item.terms, owner, enteredAt: now.toISOString(), passed: [], sent: true };
  const waits = (state: WorkItem): Step => announce({ ...state, terms }, work, queue, { now, reason: 'transferred' });
  if (item.status === 'pending') {
    const step = waits(item);
    return { changes: [{ kind: 'workItem', state: step.item }], events: step.events, reply: step.item };
  }
  const desk = world.get('desk', item.agentId ?? '');
  const reservation = world.get('reservation', item.reservationId ?? '');
  if (desk === undefined || reservation === undefined) throw new Error(`who holds ${item.id} is not there`);
  const back = takeBack({ item, reservation, desk, work }, { as: 'canceled', reason: 'transferred' }, now);
  const step = waits({ ...back.item, avoid: withAvoided(back.item, reservation.agentId, now) });
  // Who had accepted it worked: they are idle from now on, not since before.
  const idleSince = item.status === 'reserved' || desk.idleSince === undefined ? desk.idleSince : now.toISOString();
  return {
    changes: [
      { kind: 'desk', state: { ...back.desk, idleSince } },
      { kind: 'workItem', state: step.item },
      { kind: 'reservation', state: back.reservation },
    ],
    events: [back.event, ...step.events],
    timers: [{ cancel: { kind: reservationTimer, id: reservation.id } }],
    reply: step.item,
  };
}

/** Who gave it away is asked last. */
function withAvoided({ avoid }: WorkItem, agentId: string, now: Date): WorkItem['avoid'] {
  const until = new Date(now.getTime() + AVOID_MS).toISOString();
  return [...avoid.filter((one) => one.agentId !== agentId), { agentId, until }];
}

function caseOf({ id, caseId }: WorkItem, world: World<RoutingKinds>) {
  const work = world.get('caseWork', caseId);
  if (work === undefined) throw new Error(`the case of ${id} is not there`);
  return work;
}

const unknown = (id: string): Rejection => reject('not-found', 'unknown-id', `There is no work item ${id}`);
const notThere = (field: string, reason: string): Rejection =>
  reject('not-found', 'unknown-id', `${field}: ${reason}`, [{ field, reason }]);
const isOver = ({ status }: WorkItem): Rejection =>
  reject('conflict', 'work-over', `The work item is ${status}: there is nothing left to do`);
