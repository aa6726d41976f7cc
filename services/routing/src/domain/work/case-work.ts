/** What cases make of work: a contact queues an item, the case's changes follow it. */
import { isDeepStrictEqual } from 'node:util';
import { next, nothing } from '@switchboard/hallway';
import type { Answer, Context, Decision, Handlers, Need, TimerChange, World } from '@switchboard/hallway';
import type { CaseNews, RoutingCommands } from '../commands.ts';
import { touchTimer } from '../people/pauses.ts';
import { chooseQueue, queueOf } from '../queues/queues.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { factsOf } from './state.ts';
import type { CaseWork, Promised, WorkItem } from './state.ts';
import type { RoutingKinds } from '../state.ts';
import { withdrawn } from './extra-work.ts';
import { deskChanges, needsOfHolders, offersOf } from './release.ts';
import { answerDue, unheardDue } from './unanswered.ts';
import { announce, cancelWork, isUnfinished, queueWork } from './work-steps.ts';
import type { Step } from './work-steps.ts';

type Routed = Answer<RoutingKinds>;
type At = Context<RoutingConfiguration>;
type Commands = Pick<
  RoutingCommands,
  'take-contact' | 'follow-case' | 'attribute-case' | 'follow-promise' | 'move-work'
>;

/** The case first, since it may have to be made; the item is looked at before it is locked together with its offer. */
function needsOfCase(caseId: string, world: World<RoutingKinds>): Need<RoutingKinds>[] {
  const needs: Need<RoutingKinds>[] = [{ kind: 'caseWork', id: caseId }];
  const itemId = world.get('caseWork', caseId)?.workItemId;
  if (itemId === undefined) return needs;
  const item = world.get('workItem', itemId);
  if (item === undefined) return [...needs, { kind: 'workItem', id: itemId, mode: 'read' }];
  needs.push({ kind: 'workItem', id: itemId });
  if (item.status === 'reserved') needs.push(...needsOfHolders(item));
  if (item.status === 'assigned' && item.reservationId !== undefined)
    needs.push({ kind: 'reservation', id: item.reservationId, mode: 'read' });
  return needs;
}

function itemOf(work: CaseWork, world: World<RoutingKinds>): WorkItem | undefined {
  return work.workItemId === undefined ? undefined : world.get('workItem', work.workItemId);
}

export const caseWorkHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'take-contact': {
    needs: ({ data }, world) => needsOfCase(data.case.facts.id, world),
    decide: ({ data }, world, context) => {
      const known = world.get('caseWork', data.case.facts.id);
      if (known !== undefined) return data.opens ? nothing : takeContact(known, data, { world, context });
      if (!data.opens) return { waitFor: { kind: 'caseWork', id: data.case.facts.id } };
      return open(data, context);
    },
  },
  'follow-case': {
    needs: ({ data }, world) => needsOfCase(data.case.facts.id, world),
    decide: ({ data }, world, context) => {
      const known = world.get('caseWork', data.case.facts.id);
      if (known === undefined) return { waitFor: { kind: 'caseWork', id: data.case.facts.id } };
      if (data.case.version <= known.caseVersion) return nothing;
      // Whose case is over waits for no answer.
      const heard = isOver(data.case) ? { waitingSince: undefined, unheardSince: undefined } : {};
      const work = next(known, { case: data.case.facts, caseVersion: data.case.version, ...heard });
      const item = itemOf(known, world);
      if (isOver(data.case) && item !== undefined) return callOff(item, work, { world, context });
      return withStep(work, refresh(item, { before: known, after: work }, context));
    },
  },
  'attribute-case': {
    needs: ({ data }, world) => needsOfCase(data.caseId, world),
    decide: ({ data }, world, context) => {
      const known = world.get('caseWork', data.caseId);
      if (known === undefined) return { waitFor: { kind: 'caseWork', id: data.caseId } };
      return attribute(known, data.customer, { world, context });
    },
  },
  'follow-promise': {
    needs: ({ data }, world) => needsOfCase(data.caseId, world),
    decide: ({ data }, world, context) => {
      const known = world.get('caseWork', data.caseId);
      if (known === undefined) return { waitFor: { kind: 'caseWork', id: data.caseId } };
      if (!isNewer(data.promise, known.promise)) return nothing;
      const work = next(known, { promise: data.promise });
      return withStep(work, refresh(itemOf(known, world), { before: known, after: work }, context));
    },
  },
  'move-work': {
    needs: ({ data }, world) => {
      const item = world.get('workItem', data.workItemId);
      if (item === undefined) return [{ kind: 'workItem', id: data.workItemId, mode: 'read' }];
      return [
        { kind: 'caseWork', id: item.caseId },
        { kind: 'workItem', id: item.id },
      ];
    },
    decide: ({ data }, world, { configuration, now }) => {
      const item = world.get('workItem', data.workItemId);
      const work = item === undefined ? undefined : world.get('caseWork', item.caseId);
      if (item?.status !== 'pending' || work === undefined) return nothing;
      const { to } = data;
      if (to !== undefined) {
        const queue = queueOf(configuration, to.queueId);
        if (item.version !== data.itemVersion || queue === undefined || queue.id === item.queueId) return nothing;
        const same = next(work, {});
        return withStep(same, announce(item, same, queue, { now, reason: to.reason }));
      }
      if (queueOf(configuration, item.queueId) !== undefined) return nothing;
      const choice = chooseQueue(configuration, next(work, {}), item.id);
      return withStep(choice.work, announce(item, choice.work, choice.queue, { now, reason: 'queue-removed' }));
    },
  },
};

function open({ case: news, contact, contactPoint }: RoutingCommands['take-contact'], context: At): Routed {
  const work: CaseWork = {
    id: news.facts.id,
    version: 1,
    caseVersion: news.version,
    case: news.facts,
    contact,
    contactPoint,
    choiceDue: false,
    waitingSince: context.now.toISOString(),
  };
  const queued = queueWork(work, contact, context);
  return withStep(queued.work, queued);
}

function takeContact(
  known: CaseWork,
  { case: news, contact }: RoutingCommands['take-contact'],
  { world, context }: Surroundings,
): Routed {
  const fresh = news.version > known.caseVersion;
  const now = context.now.toISOString();
  const item = itemOf(known, world);
  const heard = {
    waitingSince: known.waitingSince ?? now,
    // Who wraps up is done with the customer: what is written now is for afterwards.
    unheardSince: item?.status === 'wrapping' ? (known.unheardSince ?? now) : undefined,
  };
  const work = next(known, { ...heard, ...(fresh ? { case: news.facts, caseVersion: news.version, contact } : {}) });
  const last = item?.agentId;
  if (isUnfinished(item))
    return {
      ...withStep(work, refresh(item, { before: known, after: work }, context)),
      timers: heardAgain(item, { before: known, after: work }, world, context.now),
    };
  // A contact reopens a resolved case; one that comes late tells nothing about a case that was resolved since.
  if (work.case.status === 'closed' || (!fresh && work.case.status === 'resolved')) return withStep(work, undefined);
  const queued = queueWork(work, contact, context, { lastAgentId: last });
  return withStep(queued.work, queued);
}

/**
 * The customer is heard again: what is paused for their silence wakes, and what is not waits anew for silence. What is
 * being wrapped up may not be so for ever.
 */
function heardAgain(
  { status, reservationId = '' }: WorkItem,
  { before, after }: { readonly before: CaseWork; readonly after: CaseWork },
  world: World<RoutingKinds>,
  now: Date,
): TimerChange[] {
  if (after.unheardSince !== undefined) return [unheardDue(reservationId, after.unheardSince, now)];
  const held = status === 'assigned' ? world.get('reservation', reservationId) : undefined;
  if (held === undefined) return [];
  // Who waits already waits from what they wrote first.
  const answer = before.waitingSince === undefined ? answerDue(held, now) : [];
  if (held.activity !== 'paused' && held.idleMs === undefined) return answer;
  return [...answer, { set: { kind: touchTimer, id: held.id, due: now } }];
}

/** Resolved or closed: what nobody has taken yet is called off, with the offer that may be out. */
function callOff(item: WorkItem, work: CaseWork, { world, context }: Surroundings): Routed {
  const reason = `case-${work.case.status}`;
  if (item.status === 'pending') return withStep(work, cancelWork(item, work, reason));
  if (item.status !== 'reserved') return withStep(work, undefined);
  const over = withdrawn(offersOf(item, work, world), { item, work, reason }, context.now);
  return {
    changes: [...deskChanges(over.desks), caseChange(work), itemChange(over.item), ...over.changes],
    events: over.events,
    timers: over.timers,
  };
}

function attribute(
  known: CaseWork,
  customer: RoutingCommands['attribute-case']['customer'],
  { world, context }: Surroundings,
): Routed {
  const older = known.customer?.facts.id === customer.facts.id && known.customer.version >= customer.version;
  const item = itemOf(known, world);
  const attributed = next(known, {
    customer: older ? known.customer : customer,
    choiceDue: known.choiceDue || item?.status === 'reserved',
  });
  if (item?.status !== 'pending') return withStep(attributed, undefined);
  if (item.terms?.sent === true)
    return withStep(attributed, refresh(item, { before: known, after: attributed }, context));
  const { queue, work } = chooseQueue(context.configuration, attributed, item.id);
  const moved =
    queue.id === item.queueId ? undefined : announce(item, work, queue, { now: context.now, reason: 'chosen-again' });
  return withStep(work, moved ?? refresh(item, { before: known, after: work }, context));
}

/** Announces a pending item again where that may change who gets it or when. */
export function refresh(
  item: WorkItem | undefined,
  { before, after }: { readonly before: CaseWork; readonly after: CaseWork },
  { configuration, now }: At,
): Step | undefined {
  if (item?.status !== 'pending') return undefined;
  const queue = queueOf(configuration, item.queueId) ?? chooseQueue(configuration, after, item.id).queue;
  const asks = queue.servedBy !== undefined || queue.targets !== undefined;
  const isPicky = asks && !isDeepStrictEqual(factsOf(before), factsOf(after));
  const isPromised = queue.ranking?.promise !== undefined && before.promise?.dueAt !== after.promise?.dueAt;
  const priority = item.terms?.priority ?? after.case.priority;
  const isAsHeavy = before.case.reason === after.case.reason;
  if (!isPicky && !isPromised && isAsHeavy && priority === item.priority) return undefined;
  return announce(item, after, queue, { now, reason: 'chosen-again' });
}

/** Of one clock its later version; else of two that began together the earlier promise, else the later one. */
function isNewer(promise: Promised, known: Promised | undefined): boolean {
  if (known === undefined) return true;
  if (promise.clockId === known.clockId) return promise.version > known.version;
  if (promise.startedAt === known.startedAt) return promise.dueAt < known.dueAt;
  return promise.startedAt > known.startedAt;
}

interface Surroundings {
  readonly world: World<RoutingKinds>;
  readonly context: At;
}

const isOver = ({ facts }: CaseNews): boolean => facts.status === 'resolved' || facts.status === 'closed';
const caseChange = (state: CaseWork) => ({ kind: 'caseWork', state }) as const;
const itemChange = (state: WorkItem) => ({ kind: 'workItem', state }) as const;

function withStep(work: CaseWork, step: Step | undefined): Decision<RoutingKinds> {
  if (step === undefined) return { changes: [caseChange(work)] };
  return { changes: [caseChange(work), itemChange(step.item)], events: step.events };
}
