/** The matcher's offer, decided again under lock: the matcher may be behind, this may not be wrong. */
import { next, reject } from '@switchboard/hallway';
import type {
  Change,
  Context,
  Decision,
  Handlers,
  Need,
  OutgoingEvent,
  Rejection,
  TimerChange,
  World,
} from '@switchboard/hallway';
import { fits } from '../people/capacity.ts';
import type { RoutingCommands } from '../commands.ts';
import { packed } from '../matching/packed.ts';
import { dutyAt } from '../people/duty.ts';
import { kindOf } from '../people/pauses.ts';
import { hasShare, withShare } from '../queues/fairness.ts';
import { queueOf } from '../queues/queues.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { itemSnapshot, reservationSnapshot } from '../snapshots.ts';
import type { DecisionRecord } from '../matching/record.ts';
import type { Desk } from '../people/state.ts';
import { heldBy } from './state.ts';
import type { Asked, CaseWork, Reservation, WorkItem } from './state.ts';
import type { RoutingKinds } from '../state.ts';
import { reservationTimer } from './work-steps.ts';
import { emptyRoster } from '../people/working-time.ts';

type Commands = Pick<RoutingCommands, 'offer-work'>;
type At = Context<RoutingConfiguration>;

/** What an offer answers: who was asked. */
export interface OfferReply {
  readonly asked: readonly string[];
}

export const offerHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'offer-work': {
    // Looked at first, so that all rows are locked together, in the order of kinds.
    needs: ({ data }, world) => {
      const { workItemId } = data;
      const { caseId } = world.get('workItem', workItemId) ?? data;
      if (caseId === undefined) return [{ kind: 'workItem', id: workItemId, mode: 'read' }];
      return [
        ...candidatesOf(data).flatMap(({ agentId }): Need<RoutingKinds>[] => [
          { kind: 'agent', id: agentId },
          { kind: 'desk', id: agentId },
        ]),
        { kind: 'caseWork', id: caseId, mode: 'read' },
        { kind: 'workItem', id: workItemId },
      ];
    },
    decide: ({ data }, world, context) => {
      const item = world.get('workItem', data.workItemId);
      const work = item === undefined ? undefined : world.get('caseWork', item.caseId);
      if (item === undefined || work === undefined)
        return reject('not-found', 'unknown-id', 'The work item is not there');
      const refusal = refusalOfItem(item, data);
      if (refusal !== undefined) return refusal;
      const kind = kindOf(item, work);
      const asked: Proposed[] = [];
      const refusals: Rejection[] = [];
      const { offersAtOnce = 1 } = queueOf(context.configuration, item.queueId) ?? {};
      for (const candidate of candidatesOf(data)) {
        if (asked.length >= offersAtOnce) break;
        const found = proposed(candidate, { item, kind, world }, context);
        if ('rejected' in found) refusals.push(found);
        else if (!asked.some(({ desk }) => desk.id === found.desk.id)) asked.push(found);
      }
      const [first] = refusals;
      if (asked.length === 0 && first !== undefined) return first;
      return offered(asked, { item, work, kind }, context);
    },
  },
};

/** What an integer holds: 24 days. */
const MOST_MS = 2 ** 31 - 1;
type Candidate = Pick<Commands['offer-work'], 'agentId' | 'agentVersion' | 'record'>;

const candidatesOf = ({ agentId, agentVersion, record, others = [] }: Commands['offer-work']): Candidate[] => [
  { agentId, agentVersion, record },
  ...others,
];

interface Proposed {
  readonly desk: Desk;
  readonly record: DecisionRecord | undefined;
}

interface About {
  readonly item: WorkItem;
  readonly work: CaseWork;
  /** What it counts as. */
  readonly kind: string | undefined;
}

/** One reservation for each; the item goes on by a version for each, told one by one. */
function offered(asked: readonly Proposed[], { item, work, kind }: About, context: At): Decision<RoutingKinds> {
  const changes: Change<RoutingKinds>[] = [];
  const events: OutgoingEvent[] = [];
  const timers: TimerChange[] = [];
  const holders: Asked[] = [];
  const fairness = queueOf(context.configuration, item.queueId)?.fairness;
  let reserved = item;
  for (const { desk, record } of asked) {
    const offeredTo = asked.length > 1 ? asked.length : undefined;
    const reservation: Reservation = {
      ...reserve(item, desk.id, context),
      ...{ workKind: kind, offeredTo, ...choiceOf(record) },
    };
    const { id: reservationId } = reservation;
    holders.push({ agentId: desk.id, reservationId });
    reserved = next(reserved, { status: 'reserved', ...heldBy(holders) });
    const { id: workItemId, caseId, channel } = item;
    const hold = { reservationId, workItemId, caseId, channel, kind, accepted: false };
    const share = { queueId: item.queueId, reservationId, at: context.now.getTime() };
    const shares = fairness === undefined ? {} : { shares: withShare(desk.shares, share, fairness) };
    changes.push(
      { kind: 'desk', state: next(desk, { holds: [...desk.holds, hold], ...shares }) },
      { kind: 'reservation', state: reservation },
      ...decisionOf(record, reservation),
    );
    events.push({
      type: 'switchboard.routing.v1.WorkOffered',
      subject: item.id,
      sequence: reserved.version,
      data: { item: itemSnapshot(reserved, work), reservation: reservationSnapshot(reservation) },
    });
    timers.push({ set: { kind: reservationTimer, id: reservationId, due: new Date(reservation.expiresAt) } });
  }
  const reply: OfferReply = { asked: holders.map(({ agentId }) => agentId) };
  return { changes: [...changes, { kind: 'workItem', state: reserved }], events, timers, reply };
}

/** Kept beside the reservation, which it would only burden: it is read when somebody asks why. */
function decisionOf(
  record: DecisionRecord | undefined,
  { id, workItemId, agentId, createdAt }: Reservation,
): Change<RoutingKinds>[] {
  if (record === undefined) return [];
  const { queueId, arm, waitedMs } = record;
  const figures = { queueId, arm, waitedMs: Math.min(waitedMs, MOST_MS) };
  const about = { id, version: 1, workItemId, agentId, decidedAt: createdAt };
  return [{ kind: 'decision', state: { ...about, ...figures, record: packed(record) } }];
}

/** Kept for as long as the reservation, while the decision's record may be gone: what training needs are read from. */
const choiceOf = (record: DecisionRecord | undefined): Pick<Reservation, 'eligible' | 'unfit'> => ({
  eligible: record?.eligible,
  unfit: record?.removed.reduce((sum, { reason, count }) => (reason === 'requirements' ? sum + count : sum), 0),
});

/** Same version as the matcher saw: then what it found true of the item still is. */
function refusalOfItem(item: WorkItem, { itemVersion }: Commands['offer-work']): Rejection | undefined {
  if (item.status !== 'pending') return reject('conflict', 'not-pending', `The work item is ${item.status}`);
  if (item.version !== itemVersion) return reject('conflict', 'outdated', 'The work item changed meanwhile');
  return undefined;
}

type Offerable = Omit<About, 'work'> & { readonly world: World<RoutingKinds> };

/** The same of the agent, who has room, is at work and is not left alone with it. */
function proposed(
  { agentId, agentVersion, record }: Candidate,
  { item, kind, world }: Offerable,
  { now, configuration }: At,
): Proposed | Rejection {
  const agent = world.get('agent', agentId);
  const desk = world.get('desk', agentId);
  if (agent === undefined || desk === undefined) return reject('not-found', 'unknown-id', 'The agent is not there');
  if (agent.status !== 'available') return reject('conflict', 'not-available', `The agent is ${agent.status}`);
  if (agent.version !== agentVersion) return reject('conflict', 'outdated', 'The agent changed meanwhile');
  const onDuty = { ...agent.definition, absences: agent.absences };
  if (!dutyAt(onDuty, configuration.roster ?? emptyRoster, now.getTime()).on)
    return reject('conflict', 'off-duty', 'The agent is not at work, or not for long enough');
  if (!fits(agent.definition, desk.holds, { channel: item.channel, kind }))
    return reject('conflict', 'no-capacity', `The agent has no room for more on ${item.channel}`);
  const { fairness } = queueOf(configuration, item.queueId) ?? {};
  const availableSince = Date.parse(agent.statusSince ?? '') || 0;
  const had = { availableSince, now: now.getTime() };
  if (fairness !== undefined && hasShare(fairness, item.queueId, desk.shares ?? [], had))
    return reject('conflict', 'had-share', `The agent has had their share of the queue ${item.queueId}`);
  const avoided = item.avoid.find((one) => one.agentId === agentId);
  if (avoided !== undefined && Date.parse(avoided.until) > now.getTime())
    return reject('conflict', 'avoided', `The agent is left alone with it until ${avoided.until}`);
  return { desk, record };
}

function reserve(item: WorkItem, agentId: string, { configuration, now, newId }: At): Reservation {
  const { reservationTimeoutMs, unansweredMs } = queueOf(configuration, item.queueId) ?? configuration.fallback;
  return {
    id: newId(),
    version: 1,
    workItemId: item.id,
    caseId: item.caseId,
    agentId,
    status: 'pending',
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + reservationTimeoutMs).toISOString(),
    unansweredMs,
  };
}
