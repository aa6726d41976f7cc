/**
 * Promises of an answer that conditions ended. Answers and what conditions look at are told by several topics, in no
 * common order: whichever was earlier counts.
 */
import { cancelAfterAll, meetAfterAll } from '../clocks/clock.ts';
import type { Moved, Scene } from '../clocks/clock.ts';
import { moveAgain, patchExtras } from '../clocks/ledger.ts';
import type { Ledger } from '../clocks/ledger.ts';
import { allTerms } from '../clocks/slots.ts';
import type { ClockState } from '../clocks/state.ts';
import { isKnownSince, turnsOf } from '../clocks/turns.ts';
import type { Asking } from '../policies/conditions.ts';
import type { ClockConditions, PlainTarget, Terms } from '../policies/state.ts';
import { viewOf } from './views.ts';
import type { View } from './views.ts';

/** Remembered for what is told late. */
const MOST = 10;

export function rememberEnded(ledger: Ledger, clockId: string): void {
  const { ended = [] } = ledger.state.extras ?? {};
  patchExtras(ledger, { ended: [...ended, clockId].slice(-MOST) });
}

const clockOf = ({ touched, world }: Ledger, id: string): ClockState | undefined =>
  touched.get(id) ?? world.get('clock', id);

const endOf = ({ metAt, canceledAt }: ClockState): string => metAt ?? canceledAt ?? '';

/** Answered, whatever ended it before. What conditions began only after the answer need not have been promised. */
export function answeredAt(clock: ClockState, scene: Scene): Moved {
  const began = new Date(clock.startedAt);
  return began > scene.at ? cancelAfterAll(clock, { ...scene, at: began }) : meetAfterAll(clock, scene);
}

/** What conditions ended was kept, where an answer came before that; one that was earlier still may be told later. */
export function answerEnded(ledger: Ledger, at: string, views: readonly View[]): void {
  for (const id of ledger.state.extras?.ended ?? []) {
    const clock = clockOf(ledger, id);
    const terms = allTerms(ledger.state).find(({ policyId }) => policyId === clock?.policyId);
    if (clock === undefined || !views.includes(viewOf(terms ?? {})) || at >= endOf(clock)) continue;
    if (at >= clock.startedAt || isBegunLater(clock, terms)) moveAgain(ledger, id, at, answeredAt);
  }
}

/** A condition may have begun it after what it is about, and an answer in between; that is told once. */
function isBegunLater({ target, startedAt, canceledAt }: ClockState, terms: Terms | undefined): boolean {
  return target !== 'promise' && terms?.conditionsByTarget?.[target]?.start !== undefined && canceledAt !== startedAt;
}

function endingOf({ stop, cancel }: ClockConditions, ask: Asking | undefined) {
  if (ask?.holds(cancel) === true) return cancelAfterAll;
  return ask?.holds(stop) === true ? meetAfterAll : undefined;
}

/** What ended was ended by conditions before that, as is told only now. */
export function endAnswered(
  ledger: Ledger,
  { terms, target, ask }: { terms: Terms; target: PlainTarget; ask: Asking },
) {
  const conditions = terms.conditionsByTarget?.[target] ?? {};
  const at = ledger.at.toISOString();
  const { answered, ended = [] } = ledger.state.extras ?? {};
  const before = [...new Set([...(answered?.clockIds ?? []), ...ended])].filter((id) => {
    const clock = clockOf(ledger, id);
    if (clock?.policyId !== terms.policyId || clock.target !== target) return false;
    return clock.startedAt <= at && at < endOf(clock);
  });
  if (before.length === 0 || !isKnownSince(ledger.state, at, conditions)) return;
  // What holds only since a later instant ended nothing at this one.
  const then = turnsOf(ledger, { ask, conditions }).find((turn) => turn.at === at)?.ask;
  const change = endingOf(conditions, then);
  if (change === undefined) return;
  for (const id of before) {
    moveAgain(ledger, id, at, change);
    if (!ended.includes(id)) rememberEnded(ledger, id);
  }
  if (answered === undefined) return;
  const clockIds = answered.clockIds.filter((id) => !before.includes(id));
  patchExtras(ledger, { answered: clockIds.length === 0 ? undefined : { ...answered, clockIds } });
}
