/** How a callback goes on: a pure function of the callback and of what happened. */
import type { EventData } from '@switchboard/contracts';
import { parseDuration } from '@switchboard/calendar';
import { next, reject } from '@switchboard/hallway';
import type { OutgoingEvent, Rejection, TimerChange } from '@switchboard/hallway';
import { isOpenCallback } from './state.ts';
import type { Callback, CallbackAttempt, CallbackWindow } from './state.ts';

export const callbackTimer = 'callback';

export interface CallbackTimer {
  readonly callbackId: string;
  readonly what: 'due' | 'over';
}

export type CallbackHappening =
  | { readonly type: 'due' }
  /** Its window is over; `idle`: nobody is calling, whoever was. */
  | { readonly type: 'over'; readonly idle?: boolean }
  /** An agent took the work. */
  | { readonly type: 'taken'; readonly workItemId: string }
  /** Who took the work has lost it: it waits again. */
  | { readonly type: 'lost'; readonly workItemId: string }
  /** An agent completed the work. */
  | { readonly type: 'worked'; readonly workItemId: string; readonly agentId: string }
  | {
      readonly type: 'attempted';
      readonly outcome: string;
      readonly agentId?: string | undefined;
      readonly note?: string | undefined;
    }
  | { readonly type: 'reschedule'; readonly windows: readonly CallbackWindow[] }
  | { readonly type: 'cancel'; readonly reason: string };

export interface CallbackAround {
  readonly now: Date;
  newId(): string;
}

export interface CallbackProgress {
  readonly callback: Callback;
  readonly events: readonly OutgoingEvent[];
  readonly timers: readonly TimerChange[];
  /** Work to be begun, offered from `offerFrom` on. */
  readonly begun?: { readonly workItemId: string; readonly offerFrom: string } | undefined;
  /** `done`: who holds it has done what there was to do. */
  readonly ended?: { readonly workItemId: string; readonly as: 'done' | 'canceled' } | undefined;
}

/** Reached: somebody spoke with the customer. */
export const REACHED = 'reached';

/** The first time, from `from` on, at which a window is open, and until when. None left: `undefined`. */
export function slotFrom(
  windows: readonly CallbackWindow[],
  from: Date,
): { readonly at: string; readonly until?: string } | undefined {
  if (windows.length === 0) return { at: from.toISOString() };
  const open = windows.find(({ to }) => Date.parse(to) > from.getTime());
  if (open === undefined) return undefined;
  const at = Math.max(from.getTime(), Date.parse(open.from));
  return { at: new Date(at).toISOString(), until: open.to };
}

export function windowsOver(): Rejection {
  const reason = 'all of them are over already';
  return reject('invalid', 'invalid-body', `windows: ${reason}`, [{ field: 'windows', reason }]);
}

type Patch = Partial<Omit<Callback, 'id' | 'version'>>;
interface Told {
  readonly from: string;
  readonly attempt?: CallbackAttempt | undefined;
}

/** A new one: its work waits, with its place, until its first window opens. */
export function requestCallback(blank: Callback, around: CallbackAround): CallbackProgress {
  return schedule(blank, { from: around.now, told: { from: '' } }, around);
}

/** `undefined`: it changes nothing. */
export function happenTo(
  callback: Callback,
  what: CallbackHappening,
  around: CallbackAround,
): CallbackProgress | Rejection | undefined {
  const { status, workItemId } = callback;
  if (!isOpenCallback(callback)) {
    const isAsked = what.type === 'attempted' || what.type === 'reschedule';
    const isOther = what.type === 'cancel' && status !== 'canceled';
    return isAsked || isOther ? reject('conflict', 'conflict', `The callback is ${status}`) : undefined;
  }
  switch (what.type) {
    case 'due':
      return status === 'scheduled' ? progress(callback, { status: 'due' }, {}) : undefined;
    case 'over':
      return status === 'calling' && what.idle !== true ? undefined : windowOver(callback, around);
    case 'taken':
      return what.workItemId === workItemId ? taken(callback, around) : undefined;
    case 'lost':
      return what.workItemId === workItemId ? lost(callback, around) : undefined;
    case 'worked': {
      if (what.workItemId !== workItemId) return undefined;
      const attempt = { at: around.now.toISOString(), outcome: REACHED, agentId: what.agentId };
      return end(callback, { status: 'completed', attempts: [...callback.attempts, attempt] }, { around, attempt });
    }
    case 'attempted':
      return attempted(callback, what, around);
    case 'reschedule':
      if (status === 'calling') return reject('conflict', 'conflict', 'Somebody is calling');
      if (slotFrom(what.windows, around.now) === undefined) return windowsOver();
      return schedule(
        { ...callback, terms: { ...callback.terms, windows: what.windows } },
        { from: around.now, told: { from: status } },
        around,
      );
    case 'cancel':
      return end(callback, { status: 'canceled', reason: what.reason }, { around, ended: 'canceled' });
  }
}

/** An agent has it: they call now, or the customer is on the line already. */
function taken(callback: Callback, around: CallbackAround): CallbackProgress {
  if (callback.terms.order === 'customer-first') return end(callback, { status: 'completed' }, { around });
  return progress(callback, { status: 'calling', nextAt: undefined }, {});
}

/** Nobody calls any more. Its window is over meanwhile: it waits for the next one, with its place, or has expired. */
function lost(callback: Callback, around: CallbackAround): CallbackProgress | undefined {
  const { status, terms, until } = callback;
  // Where the customer goes first, they hold the line.
  if (status !== 'calling' || terms.order !== 'agent-first') return undefined;
  if (until !== undefined && Date.parse(until) <= around.now.getTime()) return windowOver(callback, around);
  return progress(callback, { status: 'due' }, {});
}

function windowOver(callback: Callback, around: CallbackAround): CallbackProgress {
  const from = new Date(Math.max(around.now.getTime(), Date.parse(callback.until ?? '') || 0));
  return schedule(callback, { from, told: { from: callback.status } }, around);
}

function attempted(
  callback: Callback,
  { outcome, agentId, note }: Extract<CallbackHappening, { type: 'attempted' }>,
  around: CallbackAround,
): CallbackProgress | Rejection | undefined {
  const { status, terms, workItemId } = callback;
  if (status === 'scheduled') return reject('conflict', 'conflict', 'The callback is not due yet');
  const isAgentFirst = terms.order === 'agent-first';
  if (isAgentFirst && status !== 'calling') return reject('conflict', 'conflict', 'No agent has taken the callback');
  const attempt: CallbackAttempt = { at: around.now.toISOString(), outcome, agentId, note };
  const attempts = [...callback.attempts, attempt];
  if (outcome === REACHED) {
    // Who was called first holds the line until an agent is found: the place in the queue was kept for that.
    if (!isAgentFirst) {
      // Still on the line.
      if (workItemId !== undefined) return undefined;
      const begun = { workItemId: around.newId(), offerFrom: around.now.toISOString() };
      const changed: Patch = { status: 'calling', attempts, workItemId: begun.workItemId, nextAt: undefined };
      return { ...progress(callback, changed, { attempt }), begun };
    }
    return end(callback, { status: 'completed', attempts }, { around, attempt });
  }
  if (attempts.length >= terms.attempts)
    return end(callback, { status: 'failed', attempts, reason: outcome }, { around, attempt, ended: 'done' });
  const from = new Date(around.now.getTime() + (parseDuration(terms.gap) ?? 0));
  const again = schedule({ ...callback, attempts }, { from, told: { from: status, attempt }, reason: outcome }, around);
  return { ...again, ended: endedOf(callback, 'done') };
}

interface Scheduling {
  readonly from: Date;
  readonly told: Told;
  readonly reason?: string;
}

/** Waits for the next window; where there is none any more, it has expired. */
function schedule(callback: Callback, { from, told, reason }: Scheduling, around: CallbackAround): CallbackProgress {
  const { terms, attempts } = callback;
  const slot = slotFrom(terms.windows, from);
  if (slot === undefined) {
    const expired = { status: 'expired', reason: reason ?? 'windows-over', attempts, terms } as const;
    return end(callback, expired, { around, ...told, ended: 'canceled' });
  }
  const isDue = Date.parse(slot.at) <= around.now.getTime();
  const workItemId = terms.order === 'agent-first' ? around.newId() : undefined;
  const patch: Patch = {
    ...{ status: isDue ? 'due' : 'scheduled', nextAt: isDue ? undefined : slot.at, until: slot.until },
    ...{ workItemId, reason, attempts, terms },
  };
  const isNew = told.from === '';
  const changed = isNew ? { ...callback, ...patch } : next(callback, patch);
  return {
    callback: changed,
    events: [tell(changed, told)],
    timers: [timer(changed, 'due', isDue ? undefined : slot.at), timer(changed, 'over', slot.until)],
    begun: workItemId === undefined ? undefined : { workItemId, offerFrom: slot.at },
    ended: isNew ? undefined : endedOf(callback, 'canceled'),
  };
}

function progress(callback: Callback, patch: Patch, told: Partial<Told>): CallbackProgress {
  const changed = next(callback, patch);
  return { callback: changed, events: [tell(changed, { from: callback.status, ...told })], timers: [] };
}

interface Ending {
  readonly around: CallbackAround;
  readonly attempt?: CallbackAttempt | undefined;
  /** What becomes of its work; absent: whoever has it goes on with it. */
  readonly ended?: 'done' | 'canceled';
}

function end(callback: Callback, patch: Patch, { around, attempt, ended }: Ending): CallbackProgress {
  const over: Patch = { ...patch, endedAt: around.now.toISOString(), nextAt: undefined, until: undefined };
  const { callback: changed, events } = progress(callback, over, { attempt });
  return {
    callback: changed,
    events,
    timers: [timer(changed, 'due', undefined), timer(changed, 'over', undefined)],
    ended: ended === undefined ? undefined : endedOf(callback, ended),
  };
}

const endedOf = ({ workItemId }: Callback, as: 'done' | 'canceled') =>
  workItemId === undefined ? undefined : { workItemId, as };

function timer({ id: callbackId }: Callback, what: CallbackTimer['what'], at: string | undefined): TimerChange {
  const id = `${callbackId}/${what}`;
  if (at === undefined) return { cancel: { kind: callbackTimer, id } };
  const data: CallbackTimer = { callbackId, what };
  return { set: { kind: callbackTimer, id, due: new Date(at), data } };
}

type Snapshot = EventData<'switchboard.routing.v1.CallbackChanged'>['callback'];

function snapshot({ terms, attempts, ...state }: Callback): Snapshot {
  const { id, version, caseId, status, arrivedAt, nextAt, workItemId, reason } = state;
  const { channel, to, order, owner, windows } = terms;
  return {
    ...{ id, version, caseId, channel, to, status, order, arrivedAt, ownerId: owner?.agentId },
    ...{ windows: [...windows], nextAt, workItemId, reason, attempts: attempts.length },
    attemptsLeft: isOpenCallback({ status }) ? terms.attempts - attempts.length : 0,
  };
}

const tell = (callback: Callback, { from, attempt }: Told): OutgoingEvent => ({
  type: 'switchboard.routing.v1.CallbackChanged',
  subject: callback.id,
  sequence: callback.version,
  data: { callback: snapshot(callback), from, attempt },
});
