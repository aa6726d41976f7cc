/** Callbacks: asked for on a case, tried by agents or a dialler, over with their case. */
import { parseDuration } from '@switchboard/calendar';
import { next, nothing, reject } from '@switchboard/hallway';
import type { Answer, Context, Decision, Handler, Handlers, Message, Need, World } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import { beginWork, endWork, needsOfItem } from '../work/extra-work.ts';
import { joined, seenAfter } from '../work/joined.ts';
import { queueOf } from '../queues/queues.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import type { CaseWork } from '../work/state.ts';
import { isOver as isCaseOver } from '../work/work-steps.ts';
import type { RoutingKinds } from '../state.ts';
import { happenTo, requestCallback, slotFrom, windowsOver } from './progress.ts';
import type { CallbackHappening, CallbackProgress } from './progress.ts';
import { isOpenCallback } from './state.ts';
import type { Callback, CallbackTerms } from './state.ts';

type Commands = Pick<RoutingCommands, 'request-callback' | 'advance-callback'>;
type At = Context<RoutingConfiguration>;
type Surroundings = { readonly work: CaseWork; readonly world: World<RoutingKinds>; readonly context: At };

/** Callbacks there may ever be on one case. */
const MOST = 200;
const KIND = 'callback';

export const callbackHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'request-callback': {
    needs: ({ data: { caseId, terms } }, world) => {
      const ownItem = world.get('caseWork', caseId)?.workItemId;
      const { owner } = terms;
      return [
        { kind: 'caseWork', id: caseId },
        ...(ownItem === undefined ? [] : needsOfItem(ownItem, world)),
        ...(owner === undefined
          ? []
          : [{ kind: 'agent', id: owner.agentId, mode: 'read' } satisfies Need<RoutingKinds>]),
      ];
    },
    decide: ({ data }, world, context): Answer<RoutingKinds> => {
      const { caseId, to, terms } = data;
      const work = world.get('caseWork', caseId);
      if (work === undefined) return unknown('caseId', `There is no case ${caseId}`);
      const { owner, queueId } = terms;
      if (owner !== undefined && world.get('agent', owner.agentId) === undefined)
        return unknown('agentId', `There is no agent ${owner.agentId}`);
      if (queueId !== undefined && queueOf(context.configuration, queueId) === undefined)
        return unknown('queueId', `There is no queue ${queueId}`);
      const { callbackIds = [], case: matter } = work;
      if (matter.status === 'closed') return reject('conflict', 'conflict', 'The case is closed');
      // It would be over at once, and what waits would have left the queue for nothing.
      if (slotFrom(terms.windows, context.now) === undefined) return windowsOver();
      if (callbackIds.length >= MOST) return reject('conflict', 'conflict', 'The case has too many callbacks already');
      return request(data.terms, to ?? work.contactPoint, { work, world, context });
    },
  },
  'advance-callback': {
    needs: ({ data: { callbackId, what } }, world) => {
      const agentId = what.type === 'attempted' ? what.agentId : undefined;
      const caller: Need<RoutingKinds>[] = agentId === undefined ? [] : [{ kind: 'agent', id: agentId, mode: 'read' }];
      return [...caller, ...needsOfCallback(callbackId, world)];
    },
    decide: ({ data: { callbackId, what, onlyAgent } }, world, context): Answer<RoutingKinds> => {
      const callback = world.get('callback', callbackId);
      const work = callback === undefined ? undefined : world.get('caseWork', callback.caseId);
      if (callback === undefined || work === undefined) {
        const isTimer = what.type === 'due' || what.type === 'over';
        return isTimer ? nothing : reject('not-found', 'unknown-id', `There is no callback ${callbackId}`);
      }
      const item = world.get('workItem', callback.workItemId ?? '');
      // Of several who are asked, none has it.
      const holder = item?.further === undefined ? item?.agentId : undefined;
      if (onlyAgent !== undefined && holder !== onlyAgent && callback.terms.owner?.agentId !== onlyAgent)
        return reject('forbidden', 'forbidden', 'The callback is not in the hands of this agent');
      const caller = what.type === 'attempted' ? what.agentId : undefined;
      if (caller !== undefined && onlyAgent !== undefined && caller !== onlyAgent)
        return reject('forbidden', 'forbidden', 'An agent tells of their own attempts alone');
      if (caller !== undefined && world.get('agent', caller) === undefined)
        return unknown('agentId', `There is no agent ${caller}`);
      const told = toldOf(what, { holder, idle: isWithNobody(callback, world) });
      const progress = happenTo(callback, told, context);
      if (progress === undefined) return { reply: callback };
      return 'rejected' in progress ? progress : decided(progress, { work, world, context });
    },
  },
};

/** What happened, with what is known here of who was calling. */
function toldOf(
  what: CallbackHappening,
  { holder, idle }: { readonly holder: string | undefined; readonly idle: boolean },
): CallbackHappening {
  if (what.type === 'attempted') return { ...what, agentId: what.agentId ?? holder };
  return what.type === 'over' ? { ...what, idle } : what;
}

const unknown = (field: string, detail: string) =>
  reject('not-found', 'unknown-id', detail, [{ field, reason: 'names nothing that is there' }]);

function request(
  terms: Omit<CallbackTerms, 'to'>,
  to: string,
  { work, world, context }: Surroundings,
): Answer<RoutingKinds> {
  const own = world.get('workItem', work.workItemId ?? '');
  // Whoever waited in the queue waits no more: the callback has their place.
  const isWaiting = own?.status === 'pending' || own?.status === 'reserved';
  const now = context.now.toISOString();
  const blank: Callback = {
    ...{ id: context.newId(), version: 1, caseId: work.id, status: 'due', terms: { ...terms, to }, attempts: [] },
    ...{ arrivedAt: isWaiting ? own.enqueuedAt : now, createdAt: now },
  };
  const progress = requestCallback(blank, context);
  const known = next(work, { callbackIds: [...(work.callbackIds ?? []), blank.id] });
  const left = endWork(
    isWaiting ? [own.id] : [],
    { as: 'canceled', reason: 'callback-requested' },
    {
      ...{ work: known, world, now: context.now },
    },
  );
  const begun = decided(progress, { work: known, world, context });
  return joined({ ...left, changes: [{ kind: 'caseWork', state: known }, ...left.changes] }, begun);
}

/** The callback and its open work. It is looked at first, so that all is locked together. */
function needsOfCallback(id: string, world: World<RoutingKinds>): Need<RoutingKinds>[] {
  const callback = world.get('callback', id);
  if (callback === undefined) return [{ kind: 'callback', id, mode: 'read' }];
  const items = callback.workItemId === undefined ? [] : needsOfItem(callback.workItemId, world);
  const caseWork: Need<RoutingKinds> = { kind: 'caseWork', id: callback.caseId, mode: 'read' };
  if (items.some(({ mode }) => mode === 'read')) return [caseWork, ...items];
  return [caseWork, ...items, { kind: 'callback', id }];
}

function decided(
  { callback, events, timers, begun, ended }: CallbackProgress,
  { work, world, context }: Surroundings,
): Decision<RoutingKinds> {
  const how = { as: ended?.as ?? 'canceled', reason: callback.reason ?? 'callback-over' } as const;
  const over = endWork(ended === undefined ? [] : [ended.workItemId], how, { work, world, now: context.now });
  const item = begun === undefined ? undefined : beginWork(work, orderOf(callback, begun), context);
  return {
    changes: [
      ...over.changes,
      ...(item === undefined ? [] : [{ kind: 'workItem', state: item.item } as const]),
      { kind: 'callback', state: callback },
    ],
    events: [...over.events, ...events, ...(item?.events ?? [])],
    timers: [...over.timers, ...timers],
    reply: callback,
  };
}

function orderOf(
  { id, terms, arrivedAt }: Callback,
  { workItemId, offerFrom }: NonNullable<CallbackProgress['begun']>,
) {
  const { owner, requirements, team, priority, queueId, channel } = terms;
  const span = owner?.span === undefined ? undefined : parseDuration(owner.span);
  const until = span === undefined ? undefined : new Date(Date.parse(offerFrom) + span).toISOString();
  return {
    ...{ id: workItemId, queueId, channel, kind: KIND, callbackId: id },
    // The place in the queue is that of the one who asked first.
    enqueuedAt: arrivedAt,
    terms: { requirements, team, priority, offerFrom, owner: owner && { agentId: owner.agentId, until } },
  };
}

type Act = Handler<RoutingKinds, RoutingConfiguration, Message<string, RoutingCommands['accept-reservation']>>;

/** Who takes or completes the work of a callback moves it on, in the same transaction. */
export function movingCallbacks(act: Act, type: 'taken' | 'worked'): Act {
  const callbackOf = (reservationId: string, world: World<RoutingKinds>): string | undefined => {
    const reservation = world.get('reservation', reservationId);
    return world.get('workItem', reservation?.workItemId ?? '')?.callbackId;
  };
  return {
    needs: (message, world) => {
      const wanted = act.needs(message, world);
      const id = callbackOf(message.data.reservationId, world);
      return id === undefined ? wanted : [...wanted, { kind: 'callback', id }];
    },
    decide: (message, world, context) => {
      const answer = act.decide(message, world, context);
      const id = callbackOf(message.data.reservationId, world);
      const callback = id === undefined ? undefined : world.get('callback', id);
      const work = callback === undefined ? undefined : world.get('caseWork', callback.caseId);
      const reservation = world.get('reservation', message.data.reservationId);
      if ('rejected' in answer || 'waitFor' in answer || (answer.changes ?? []).length === 0) return answer;
      if (callback === undefined || work === undefined || reservation === undefined) return answer;
      const { workItemId, agentId } = reservation;
      const progress = happenTo(callback, { type, workItemId, agentId }, context);
      if (progress === undefined || 'rejected' in progress) return answer;
      return joined(answer, decided(progress, { work, world, context }));
    },
  };
}

type Losing = 'release-lost-work' | 'turn-absence' | 'remove-absence' | 'transfer-work';
type Release<T extends Losing> = Handler<RoutingKinds, RoutingConfiguration, Message<T, RoutingCommands[T]>>;

/**
 * Who loses the work of a callback that they had taken gives it back, in the same transaction: it has windows to keep.
 * Handed on by hand it goes on, but not after its window.
 */
export function losingCallbacks<T extends Losing>(release: Release<T>): Release<T> {
  return {
    needs: (message, world) => {
      const wanted = release.needs(message, world);
      const items = wanted.flatMap(({ kind, id, mode }) => (kind === 'workItem' && mode !== 'read' ? [id] : []));
      const ids = new Set(items.flatMap((id) => world.get('workItem', id)?.callbackId ?? []));
      return [...wanted, ...[...ids].map((id) => ({ kind: 'callback', id }) as const)];
    },
    decide: (message, world, context) => {
      const answer = release.decide(message, world, context);
      if ('rejected' in answer || 'waitFor' in answer) return answer;
      const items = (answer.changes ?? []).flatMap((one) =>
        one.kind === 'workItem' && 'state' in one && one.state.status === 'pending' ? [one.state] : [],
      );
      return items.reduce((sum: Decision<RoutingKinds>, item) => {
        const { status } = world.get('workItem', item.id) ?? {};
        if (status !== 'assigned' && status !== 'wrapping') return sum;
        const seen = seenAfter(sum, world);
        const callback = seen.get('callback', item.callbackId ?? '');
        const work = seen.get('caseWork', item.caseId);
        if (callback === undefined || work === undefined) return sum;
        const isGoingOn = message.type === 'transfer-work' && !isPastWindow(callback, context.now);
        const lost = isGoingOn ? undefined : lostBy(callback, item.id, { work, world: seen, context });
        if (lost === undefined) return sum;
        const both = joined(sum, lost);
        // Whoever handed it on is told what became of it.
        return sum.reply === item ? { ...both, reply: seenAfter(both, world).get('workItem', item.id) } : both;
      }, answer);
    },
  };
}

const isPastWindow = ({ until }: Callback, now: Date): boolean =>
  until !== undefined && Date.parse(until) <= now.getTime();

/** Of a case that is over nobody is called any more, and work that is left of a call is not needed either. */
function lostBy(callback: Callback, workItemId: string, around: Surroundings): Decision<RoutingKinds> | undefined {
  const { work, world, context } = around;
  const reason = `case-${work.case.status}`;
  const isOver = isCaseOver(work);
  if (isOver && callback.workItemId !== workItemId) return undefined;
  if (isOver && !isOpenCallback(callback))
    return endWork([workItemId], { as: 'canceled', reason }, { work, world, now: context.now });
  const what: CallbackHappening = isOver ? { type: 'cancel', reason } : { type: 'lost', workItemId };
  const progress = happenTo(callback, what, context);
  return progress === undefined || 'rejected' in progress ? undefined : decided(progress, around);
}

type Follow = Handler<RoutingKinds, RoutingConfiguration, Message<string, RoutingCommands['follow-case']>>;

/** Nobody is calling: it is not taken, or who took it has lost it. Where the customer goes first, they hold the line. */
function isWithNobody({ status, terms, workItemId = '' }: Callback, world: World<RoutingKinds>): boolean {
  const item = world.get('workItem', workItemId);
  const waits = item?.status === 'pending' || item?.status === 'reserved';
  return status !== 'calling' || (terms.order === 'agent-first' && waits);
}

/** A case that is resolved or closed calls off its callbacks, but for those on which somebody is calling. */
export function endingCallbacks(follow: Follow): Follow {
  const isOver = ({ data }: Parameters<Follow['decide']>[0]) => ['resolved', 'closed'].includes(data.case.facts.status);
  const openOf = ({ callbackIds = [] }: CaseWork, world: World<RoutingKinds>): Callback[] =>
    callbackIds.flatMap((id) => {
      const callback = world.get('callback', id);
      return callback !== undefined && isOpenCallback(callback) && isWithNobody(callback, world) ? [callback] : [];
    });
  const worked = ({ callbackIds = [] }: CaseWork, world: World<RoutingKinds>): Need<RoutingKinds>[] =>
    callbackIds.flatMap((id) => {
      const { status, workItemId } = world.get('callback', id) ?? {};
      return status !== 'calling' || workItemId === undefined ? [] : needsOfItem(workItemId, world);
    });
  return {
    needs: (message, world) => {
      const wanted = follow.needs(message, world);
      const work = world.get('caseWork', message.data.case.facts.id);
      if (work === undefined || !isOver(message)) return wanted;
      const looked = (work.callbackIds ?? []).map((id): Need<RoutingKinds> => ({ kind: 'callback', id, mode: 'read' }));
      return [
        ...[...wanted, ...looked, ...worked(work, world)],
        ...openOf(work, world).flatMap(({ id }) => needsOfCallback(id, world)),
      ];
    },
    decide: (message, world, context) => {
      const answer = follow.decide(message, world, context);
      const before = world.get('caseWork', message.data.case.facts.id);
      if ('rejected' in answer || 'waitFor' in answer || before === undefined || !isOver(message)) return answer;
      const work = answer.changes?.flatMap((one) => (one.kind === 'caseWork' && 'state' in one ? [one.state] : []))[0];
      if (work === undefined) return answer;
      const what: CallbackHappening = { type: 'cancel', reason: `case-${message.data.case.facts.status}` };
      return openOf(before, world).reduce((sum: Decision<RoutingKinds>, callback) => {
        const progress = happenTo(callback, what, context);
        if (progress === undefined || 'rejected' in progress) return sum;
        return joined(sum, decided(progress, { work, world: seenAfter(sum, world), context }));
      }, answer);
    },
  };
}
