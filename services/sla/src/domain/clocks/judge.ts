/** Begins and ends clocks as their conditions say: those of step promises, and those that refine a target's own course. */
import { cancel } from './clock.ts';
import { moveKey, patchExtras } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { allTerms } from './slots.ts';
import { begunSince, heldSince, isKnownSince, turnsOf, turnsSince } from './turns.ts';
import { meetKey } from '../cases/stints.ts';
import type { Asking } from '../policies/conditions.ts';
import type { CaseClocks } from '../cases/state.ts';
import type { ClockConditions, Terms } from '../policies/state.ts';

interface Judged {
  readonly key: string;
  readonly conditions: ClockConditions;
  readonly ask: Asking;
  /** Since when it is owed; a step promise is owed from when its conditions come to hold. */
  readonly owedSince?: string;
  /** Nobody does anything for the case any more. */
  readonly isOver?: boolean;
  /** It was not promised before this fact. */
  readonly isNew: boolean;
}

/** Whether what is promised now was not before: by other terms, or since there was no time at the priority of then. */
export function isNewlyPromised(
  { was }: Pick<Ledger, 'was'>,
  terms: Terms,
  promisedAt: (priority: number) => boolean,
): boolean {
  return was.version > 0 && (!allTerms(was).includes(terms) || !promisedAt(was.priority));
}

/**
 * Ends the clock that conditions end, or reset.
 * @returns when a clock may begin, if there is none; `undefined`: there is none, and none may begin.
 */
export function judge(ledger: Ledger, judged: Judged): string | undefined {
  const { key, conditions, ask, owedSince, isOver = false, isNew } = judged;
  const turns = turnsOf(ledger, judged);
  const had = ledger.clocks.has(key);
  const canceled = heldSince(turns, (then) => then.holds(conditions.cancel));
  const stopped = canceled === undefined ? heldSince(turns, (then) => then.holds(conditions.stop)) : undefined;
  if (canceled !== undefined) moveKey(ledger, key, cancel, canceled);
  else if (stopped !== undefined) meetKey(ledger, key, stopped);
  else if (isOver) moveKey(ledger, key, cancel);
  if (canceled !== undefined || stopped !== undefined || isOver) {
    idle(ledger, key, owedSince);
    return undefined;
  }
  if (comesToReset(ledger, { key, conditions, ask }) && had) {
    meetKey(ledger, key);
    idle(ledger, key, owedSince);
  }
  if (ledger.clocks.has(key)) return ledger.at.toISOString();
  const before = isNew && !had ? sinceWhen(ledger, judged) : undefined;
  const since = before === undefined ? heldSince(turns, (then) => mayBegin(conditions, then)) : before.since;
  if (since === undefined) idle(ledger, key, owedSince);
  const isIdle = owedSince === undefined || ledger.state.extras?.idle?.[key] === owedSince;
  return since === undefined || isIdle || before !== undefined ? since : owedSince;
}

/**
 * What is promised only now counts from when it would have begun, had it been promised from the first.
 * @returns `undefined`: what the case was then is not known
 */
function sinceWhen(
  { state, at }: Ledger,
  { conditions, ask, owedSince }: Judged,
): { since: string | undefined } | undefined {
  const first = owedSince ?? openedAt(state) ?? at.toISOString();
  if (!isKnownSince(state, first, conditions)) return undefined;
  return { since: begunSince(turnsSince(state, first, ask), conditions) };
}

const openedAt = ({ labels }: CaseClocks): string | undefined => labels?.[0]?.at;

const mayBegin = ({ start, stop, cancel: cancels }: ClockConditions, ask: Asking): boolean =>
  (start === undefined || ask.holds(start)) && !ask.holds(stop) && !ask.holds(cancels);

/** Something is owed, and conditions let nothing count for it: what begins later begins when they do. */
function idle(ledger: Ledger, key: string, owedSince: string | undefined): void {
  const { idle: known } = ledger.state.extras ?? {};
  if (owedSince === undefined || known?.[key] === owedSince) return;
  patchExtras(ledger, { idle: { ...known, [key]: owedSince } });
}

/** Nothing is owed any more. */
export function forget(ledger: Ledger, key: string): void {
  const { idle: known } = ledger.state.extras ?? {};
  if (known?.[key] === undefined) return;
  const { [key]: _, ...others } = known;
  patchExtras(ledger, { idle: Object.keys(others).length === 0 ? undefined : others });
}

/** `reset` counts when it comes to hold, not for as long as it does. */
function comesToReset(
  ledger: Ledger,
  { key, conditions: { reset, start }, ask }: Pick<Judged, 'key' | 'conditions' | 'ask'>,
): boolean {
  if (reset === undefined) return false;
  const held = ledger.state.extras?.reset ?? [];
  const holds = ask.holds(reset);
  if (holds === held.includes(key)) return false;
  const now = holds ? [...held, key] : held.filter((other) => other !== key);
  patchExtras(ledger, { reset: now.length === 0 ? undefined : now });
  return holds && (start === undefined || ask.holds(start));
}
