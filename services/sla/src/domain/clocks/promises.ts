/**
 * Step promises: clocks of their own, whose conditions are looked at with every change of the case. One begins when
 * `start` holds and neither `stop` nor `cancel` does.
 */
import { brokenPromise, cancel, start } from './clock.ts';
import type { Asking } from '../policies/conditions.ts';
import { promisedFor, timeOf } from './demand.ts';
import { follow } from './follow.ts';
import { isNewlyPromised, judge } from './judge.ts';
import { keep, moveKey, sceneOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { keyOf, slotOf } from './slots.ts';
import { lifeOf } from './turns.ts';
import type { StepPromise, Terms } from '../policies/state.ts';

interface Aligned {
  readonly terms: Terms;
  readonly promise: StepPromise;
  readonly ask: Asking;
}

export function alignPromise(ledger: Ledger, { terms, promise, ask }: Aligned): void {
  const { state, context } = ledger;
  const key = keyOf(terms.policyId, slotOf(promise.name));
  const time = timeOf(promise.target, state.priority);
  const promised =
    promisedFor({ terms, state, ask, configuration: context.configuration }, time, promise.warnAt) ??
    brokenPromise(ledger.clocks.get(key));
  if (promised === undefined) {
    moveKey(ledger, key, cancel);
    return;
  }
  const isNew = isNewlyPromised(ledger, terms, (priority) => timeOf(promise.target, priority) !== undefined);
  // Nobody does anything for a closed case any more.
  const begin = judge(ledger, { key, conditions: promise, ask, isOver: state.status === 'closed', isNew });
  if (begin === undefined) return;
  const pauses = (status: string): boolean => promise.pauseIn?.includes(status) ?? false;
  const clock = ledger.clocks.get(key);
  if (clock !== undefined) {
    follow(ledger, { key, clock, promised, pauses, conditions: promise, ask });
    return;
  }
  const relative = promised.relative !== undefined;
  const { since, life } = lifeOf({ state: ledger.state, ask, begin, relative, conditions: promise, pauses });
  const born = { target: 'promise' as const, name: promise.name, startedAt: since, ...life };
  keep(ledger, key, start({ id: context.newId(), caseId: state.id, ...born }, promised, sceneOf(ledger)));
}
