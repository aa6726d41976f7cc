/** Ladders as decisions look them up, and which of them are about a clock. */
import type { Calendar } from '@switchboard/calendar';
import { bind, evaluate, ladderLanguage } from '@switchboard/rules';
import type { Bound, Expression } from '@switchboard/rules';
import type { CaseClocks } from '../cases/state.ts';
import type { ClockState } from '../clocks/state.ts';
import type { LadderDefinition } from './state.ts';

type Variable = 'case' | 'contact' | 'customer' | 'clock';
export type LadderExpression = Expression<Variable>;
export type LadderFacts = Bound<Variable>;

/** A ladder, compiled. */
export interface CompiledLadder {
  readonly id: string;
  readonly version: number;
  readonly definition: LadderDefinition;
  readonly match: LadderExpression;
  readonly critical: LadderExpression;
  /** The hours that are not quiet; absent: none are. */
  readonly loud?: Calendar | undefined;
}

/** Orders ladders as they are looked at: by `order`, then id. */
export function byOrder(a: CompiledLadder, b: CompiledLadder): number {
  return a.definition.order - b.definition.order || (a.id < b.id ? -1 : 1);
}

export interface Chosen {
  readonly ladder: CompiledLadder;
  /** Why it could not be decided whether the ladder is about the clock. */
  readonly error?: string;
}

/** The first ladder that is about the clock, and those after it while they say `continue`; with those that cannot tell. */
export function chooseLadders(ladders: readonly CompiledLadder[], facts: LadderFacts): readonly Chosen[] {
  const chosen: Chosen[] = [];
  for (const ladder of ladders) {
    const verdict = evaluate(ladder.match, facts);
    if (typeof verdict === 'object') chosen.push({ ladder, error: verdict.error });
    if (verdict !== true) continue;
    chosen.push({ ladder });
    if (!ladder.definition.continue) break;
  }
  return chosen;
}

/** What cannot be decided is told at once: rather too early than not at all. */
export function isCritical({ critical }: CompiledLadder, facts: LadderFacts): boolean {
  return evaluate(critical, facts) !== false;
}

/** What conditions see: the kept facts, with what the case and the clock are now. */
export function factsOf(clock: ClockState, state: CaseClocks | undefined): LadderFacts {
  const { case: matter = {}, contact = {}, customer = {} } = keptFacts(state);
  const now = state === undefined ? {} : { id: state.id, status: state.status, priority: state.priority };
  const known = state?.customerId ?? clock.customerId;
  return bind(ladderLanguage, {
    case: { id: clock.caseId, ...matter, ...now },
    contact,
    customer: { ...(known === undefined ? {} : { id: known }), ...customer },
    clock: {
      id: clock.id,
      target: clock.target,
      policyId: clock.policyId,
      status: clock.status,
      team: clock.team ?? state?.team,
    },
  });
}

interface Kept {
  readonly case?: Readonly<Record<string, unknown>>;
  readonly contact?: Readonly<Record<string, unknown>>;
  readonly customer?: object | undefined;
}

/** Of cases that were there before the first ladder nothing is kept. */
export const keptFacts = (state: CaseClocks | undefined): Kept => (state?.extras?.facts ?? {}) as Kept;
