/** What escalations wait for. */
import type { TimerChange } from '@switchboard/hallway';
import type { Escalation, Lost } from './state.ts';

/** Something happened to a clock that ladders may be about. */
export const WATCH_TIMER = 'escalation-watch';
export const STEP_TIMER = 'escalation-step';
export const DIGEST_TIMER = 'escalation-digest';
/** A ladder was put: clocks that are broken already are looked at, page by page. */
export const SWEEP_TIMER = 'escalation-sweep';
export const CLOSE_TIMER = 'escalation-close';

export function watchTimer(
  clock: { readonly id: string; readonly caseId: string },
  ladderIds: readonly string[],
  due: Date,
): TimerChange {
  const data = { clockId: clock.id, caseId: clock.caseId, ladderIds };
  return { set: { kind: WATCH_TIMER, id: clock.id, due, data } };
}

export function stepTimer(
  { id, clockId, caseId }: Pick<Escalation, 'id' | 'clockId' | 'caseId'>,
  due: string,
): TimerChange {
  return { set: { kind: STEP_TIMER, id, due: new Date(due), data: { escalationId: id, clockId, caseId } } };
}

export function noStepTimer(id: string): TimerChange {
  return { cancel: { kind: STEP_TIMER, id } };
}

/** One for each instant: a later digest does not put off an earlier one. Goes on after an escalation where there are many. */
export function digestTimer(ladderId: string, due: string, after?: string): TimerChange {
  const id = `${ladderId}@${due}${after === undefined ? '' : ` after ${after}`}`;
  return { set: { kind: DIGEST_TIMER, id, due: new Date(due), data: { ladderId, due, after } } };
}

/** One a ladder: put once more, it begins anew. */
export function sweepTimer(ladderId: string, after: Lost | undefined, due: Date): TimerChange {
  return { set: { kind: SWEEP_TIMER, id: ladderId, due, data: { ladderId, after } } };
}

export function closeTimer(ladderId: string, due: Date): TimerChange {
  return { set: { kind: CLOSE_TIMER, id: ladderId, due, data: { ladderId } } };
}
