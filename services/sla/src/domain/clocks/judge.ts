/** Begins and ends clocks as their conditions say: those of step promises, and those that refine a target's own course. */
import { cancel } from './clock.ts';
import { moveKey, patchExtras } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { heldSince, turnsOf } from './turns.ts';
import { meetKey } from '../cases/stints.ts';
import type { Asking } from '../policies/conditions.ts';
import type { ClockConditions } from '../policies/state.ts';

interface Judged {
  readonly key: string;
  readonly conditions: ClockConditions;
  readonly ask: Asking;
  /** Since when it is owed; a step promise is owed from when its conditions come to hold. */
  readonly owedSince?: string;
  /** Nobody does anything for the case any more. */
  readonly isOver?: boolean;
}

/**
 * Ends the clock that conditions end, or reset.
 * @returns when a clock may begin, if there is none; `undefined`: there is none, and none may begin.
 */
export function judge(ledger: Ledger, judged: Judged): string | undefined {
  const { key, conditions, ask, owedSince, isOver = false } = judged;
  const turns = turnsOf(ledger, judged);
  const canceled = heldSince(turns, (then) => then.holds(conditions.cancel));
  const stopped = canceled === undefined ? heldSince(turns, (then) => then.holds(conditions.stop)) : undefined;
  if (canceled !== undefined) moveKey(ledger, key, cancel, laterOf(ledger, key, canceled));
  else if (stopped !== undefined) meetKey(ledger, key, laterOf(ledger, key, stopped));
  else if (isOver) moveKey(ledger, key, cancel);
  if (canceled !== undefined || stopped !== undefined || isOver) {
    idle(ledger, key, owedSince);
    return undefined;
  }
  if (comesToReset(ledger, { key, conditions, ask }) && ledger.clocks.has(key)) {
    meetKey(ledger, key);
    idle(ledger, key, owedSince);
  }
  if (ledger.clocks.has(key)) return ledger.at.toISOString();
  const since = heldSince(turns, (then) => mayBegin(conditions, then));
  if (since === undefined) idle(ledger, key, owedSince);
  const isIdle = owedSince === undefined || ledger.state.extras?.idle?.[key] === owedSince;
  return since === undefined || isIdle ? since : owedSince;
}

const mayBegin = ({ start, stop, cancel: cancels }: ClockConditions, ask: Asking): boolean =>
  (start === undefined || ask.holds(start)) && !ask.holds(stop) && !ask.holds(cancels);

/** A clock does not end before it began. */
function laterOf({ clocks }: Ledger, key: string, at: string): string {
  const startedAt = clocks.get(key)?.startedAt ?? at;
  return at > startedAt ? at : startedAt;
}

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
