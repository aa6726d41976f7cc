/** What people do to an item by hand: its priority and age are set, it is transferred. Its arrival stays what it was. */
import { next, reject } from '@switchboard/hallway';
import type { Context, Decision, Handlers, Need, Rejection, World } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import { queueOf } from '../queues/queues.ts';
import type { Queue, RoutingConfiguration } from '../queues/queues.ts';
import type { RoutingKinds } from '../state.ts';
import { deskChanges, idleFrom, needsOfHolders, offersOf, takeFromAll } from './release.ts';
import { isWith } from './state.ts';
import type { WorkItem, WorkTerms } from './state.ts';
import { announce, isUnfinished } from './work-steps.ts';
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
      if (data.onlyAgent !== undefined && !isWith(item, data.onlyAgent))
        return reject('forbidden', 'forbidden', 'Another agent has the work item, or nobody');
      if (!isUnfinished(item)) return isOver(item);
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
  return isUnfinished(item) ? [...needs, ...needsOfHolders(item)] : needs;
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
  // Who gave it away is asked last.
  const ending = { as: 'canceled', reason: 'transferred', avoids: true } as const;
  const back = takeFromAll(offersOf(item, work, world), ending, now);
  const step = waits(back.item ?? item);
  // Whoever gets it reads what was written while it was wrapped up.
  const heard =
    item.id === work.workItemId && work.unheardSince !== undefined
      ? [{ kind: 'caseWork', state: next(work, { unheardSince: undefined }) } as const]
      : [];
  const desks = [...back.desks.values()].map((desk) => (item.status === 'reserved' ? desk : idleFrom(desk, now)));
  return {
    changes: [...heard, ...deskChanges(desks), { kind: 'workItem', state: step.item }, ...back.changes],
    events: [...back.events, ...step.events],
    timers: back.timers,
    reply: step.item,
  };
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
