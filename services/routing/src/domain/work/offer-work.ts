/** The matcher's offer, decided again under lock: the matcher may be behind, this may not be wrong. */
import { next, reject } from '@switchboard/hallway';
import type { Change, Context, Handlers, OutgoingEvent, Rejection } from '@switchboard/hallway';
import { fits } from '../people/capacity.ts';
import type { RoutingCommands } from '../commands.ts';
import { packed } from '../matching/packed.ts';
import { dutyAt } from '../people/duty.ts';
import { kindOf } from '../people/pauses.ts';
import { queueOf } from '../queues/queues.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { itemSnapshot, reservationSnapshot } from '../snapshots.ts';
import type { Agent, Desk } from '../people/state.ts';
import type { Reservation, WorkItem } from './state.ts';
import type { RoutingKinds } from '../state.ts';
import { reservationTimer } from './work-steps.ts';
import { emptyRoster } from '../people/working-time.ts';

type Commands = Pick<RoutingCommands, 'offer-work'>;

export const offerHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'offer-work': {
    // Looked at first, so that all rows are locked together, in the order of kinds.
    needs: ({ data }, world) => {
      const item = world.get('workItem', data.workItemId);
      if (item === undefined) return [{ kind: 'workItem', id: data.workItemId, mode: 'read' }];
      return [
        { kind: 'agent', id: data.agentId },
        { kind: 'desk', id: data.agentId },
        { kind: 'caseWork', id: item.caseId, mode: 'read' },
        { kind: 'workItem', id: item.id },
      ];
    },
    decide: ({ data }, world, context) => {
      const agent = world.get('agent', data.agentId);
      const desk = world.get('desk', data.agentId);
      const item = world.get('workItem', data.workItemId);
      const work = item === undefined ? undefined : world.get('caseWork', item.caseId);
      if (agent === undefined || desk === undefined || item === undefined || work === undefined)
        return reject('not-found', 'unknown-id', 'The agent or the work item is not there');
      const kind = kindOf(item, work);
      const refusal = refusalOf(data, { agent, desk, item, kind }, context);
      if (refusal !== undefined) return refusal;
      const reservation = { ...reserve(item, agent, context), workKind: kind, ...choiceOf(data) };
      const reserved = next(item, { status: 'reserved', agentId: agent.id, reservationId: reservation.id });
      const { id: reservationId } = reservation;
      const { id: workItemId, caseId, channel } = item;
      const hold = { reservationId, workItemId, caseId, channel, kind, accepted: false };
      const event: OutgoingEvent = {
        type: 'switchboard.routing.v1.WorkOffered',
        subject: item.id,
        sequence: reserved.version,
        data: { item: itemSnapshot(reserved, work), reservation: reservationSnapshot(reservation) },
      };
      return {
        changes: [
          { kind: 'desk', state: next(desk, { holds: [...desk.holds, hold] }) },
          { kind: 'workItem', state: reserved },
          { kind: 'reservation', state: reservation },
          ...decisionOf(data, reservation),
        ],
        events: [event],
        timers: [{ set: { kind: reservationTimer, id: reservationId, due: new Date(reservation.expiresAt) } }],
      };
    },
  },
};

/** What an integer holds: 24 days. */
const MOST_MS = 2 ** 31 - 1;

/** Kept beside the reservation, which it would only burden: it is read when somebody asks why. */
function decisionOf(
  { record }: Commands['offer-work'],
  { id, workItemId, agentId, createdAt }: Reservation,
): Change<RoutingKinds>[] {
  if (record === undefined) return [];
  const { queueId, arm, waitedMs } = record;
  const figures = { queueId, arm, waitedMs: Math.min(waitedMs, MOST_MS) };
  const about = { id, version: 1, workItemId, agentId, decidedAt: createdAt };
  return [{ kind: 'decision', state: { ...about, ...figures, record: packed(record) } }];
}

/** Kept for as long as the reservation, while the decision's record may be gone: what training needs are read from. */
const choiceOf = ({ record }: Commands['offer-work']): Pick<Reservation, 'eligible' | 'unfit'> => ({
  eligible: record?.eligible,
  unfit: record?.removed.reduce((sum, { reason, count }) => (reason === 'requirements' ? sum + count : sum), 0),
});

interface Proposed {
  readonly agent: Agent;
  readonly desk: Desk;
  readonly item: WorkItem;
  /** What it counts as. */
  readonly kind: string | undefined;
}

/** Same versions as the matcher saw: then the requirements it found true still are. */
function refusalOf(
  { itemVersion, agentVersion }: Commands['offer-work'],
  { agent, desk, item, kind }: Proposed,
  { now, configuration }: Context<RoutingConfiguration>,
): Rejection | undefined {
  if (item.status !== 'pending') return reject('conflict', 'not-pending', `The work item is ${item.status}`);
  if (item.version !== itemVersion) return reject('conflict', 'outdated', 'The work item changed meanwhile');
  if (agent.status !== 'available') return reject('conflict', 'not-available', `The agent is ${agent.status}`);
  if (agent.version !== agentVersion) return reject('conflict', 'outdated', 'The agent changed meanwhile');
  const onDuty = { ...agent.definition, absences: agent.absences };
  if (!dutyAt(onDuty, configuration.roster ?? emptyRoster, now.getTime()).on)
    return reject('conflict', 'off-duty', 'The agent is not at work, or not for long enough');
  if (!fits(agent.definition, desk.holds, { channel: item.channel, kind }))
    return reject('conflict', 'no-capacity', `The agent has no room for more on ${item.channel}`);
  const avoided = item.avoid.find(({ agentId }) => agentId === agent.id);
  if (avoided !== undefined && Date.parse(avoided.until) > now.getTime())
    return reject('conflict', 'avoided', `The agent is left alone with it until ${avoided.until}`);
  return undefined;
}

function reserve(item: WorkItem, agent: Agent, context: Context<RoutingConfiguration>): Reservation {
  const { configuration, now } = context;
  const { reservationTimeoutMs } = queueOf(configuration, item.queueId) ?? configuration.fallback;
  return {
    id: context.newId(),
    version: 1,
    workItemId: item.id,
    caseId: item.caseId,
    agentId: agent.id,
    status: 'pending',
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + reservationTimeoutMs).toISOString(),
  };
}
