/** Which policies hold for a case. */
import { bind, evaluate, matchLanguage } from '@switchboard/rules';
import type { CompiledPolicy, Configuration } from '../configuration.ts';
import type { MatchFacts } from './facts.ts';
import type { CaseClocks } from '../cases/state.ts';
import type { Terms } from './state.ts';

export interface Choice {
  /** The first policy whose condition holds; more of them while they say `continue`. */
  readonly terms: readonly [Terms, ...Terms[]];
  readonly undecided?: CaseClocks['undecided'];
}

/** Policies that hold for one case at most. */
export const MOST_POLICIES = 20;

/** The policies that hold, in the order they are tried; with those that could not be decided. */
export function choosePolicies(configuration: Configuration, facts: MatchFacts): Choice {
  const bound = bind(matchLanguage, facts);
  const undecided: { policyId: string; error: string }[] = [];
  const terms: Terms[] = [];
  for (const policy of configuration.policies) {
    const verdict = evaluate(policy.match, bound);
    if (typeof verdict === 'object') undecided.push({ policyId: policy.id, error: verdict.error.slice(0, 500) });
    if (verdict !== true) continue;
    terms.push(termsOf(policy));
    if (policy.definition.continue !== true) break;
    if (terms.length === MOST_POLICIES) {
      const error = `policies after it were not looked at: ${String(MOST_POLICIES)} hold already`;
      undecided.push({ policyId: policy.id, error });
      break;
    }
  }
  const [first, ...others] = terms;
  if (first === undefined) throw new Error('no policy holds, not even the default one');
  return { terms: [first, ...others], ...(undecided.length === 0 ? {} : { undecided }) };
}

/** What a policy promises, as its cases keep it. */
export function termsOf({ id, definition }: Pick<CompiledPolicy, 'id' | 'definition'>): Terms {
  const { order: _order, match: _match, continue: _continue, ...promised } = definition;
  return { policyId: id, ...promised };
}
