/** What an item asks for beyond its queue, as it changes on its way. */
import type { CaseWork, WorkItem, WorkTerms } from './state.ts';

/** Why an item goes to another queue. */
export interface Move {
  readonly now: Date;
  /** The first two: another queue takes the case now. */
  readonly reason: 'chosen-again' | 'queue-removed' | 'overflow' | 'closed' | 'stale' | 'transferred';
}

/** Its steps begin anew there, its age is kept. What was sent somewhere stays, and does not come back by itself. */
export function termsElsewhere({ terms, queueId }: WorkItem, { now, reason }: Move): WorkTerms {
  const enteredAt = now.toISOString();
  if (reason === 'chosen-again' || reason === 'queue-removed') return { ...terms, enteredAt };
  const passed = reason === 'transferred' ? [] : [...(terms?.passed ?? []), queueId];
  return { ...terms, enteredAt, passed, sent: true };
}

/** With the promise about the case, unless that was due before the item came: then it was about something else. */
export function withPromise(
  { terms, enqueuedAt }: Pick<WorkItem, 'terms' | 'enqueuedAt'>,
  promise: Pick<NonNullable<CaseWork['promise']>, 'dueAt'> | undefined,
): WorkTerms | undefined {
  const isOld = promise === undefined || Date.parse(promise.dueAt) <= Date.parse(enqueuedAt);
  return isOld || terms?.dueAt !== undefined ? terms : { ...terms, dueAt: promise.dueAt };
}
