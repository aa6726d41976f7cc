/** Which policy holds for a case. */
import { parseDuration } from '@switchboard/calendar';
import { bind, evaluate, matchLanguage } from '@switchboard/rules';
import type { Configuration } from './configuration.ts';
import type { MatchFacts } from './facts.ts';
import type { CaseClocks, Target, TargetTime, Terms } from './state.ts';

export type Choice = Required<Pick<CaseClocks, 'terms'>> & Pick<CaseClocks, 'undecided'>;

/** The first policy whose condition holds; with those that could not be decided. */
export function choosePolicy(configuration: Configuration, facts: MatchFacts): Choice {
  const bound = bind(matchLanguage, facts);
  const undecided: { policyId: string; error: string }[] = [];
  for (const { id, definition, match } of configuration.policies) {
    const verdict = evaluate(match, bound);
    if (typeof verdict === 'object') undecided.push({ policyId: id, error: verdict.error.slice(0, 500) });
    if (verdict !== true) continue;
    const { calendarId, targets, warnAt, pauseIn } = definition;
    return {
      terms: { policyId: id, calendarId, targets, warnAt, pauseIn },
      undecided: undecided.length === 0 ? undefined : undecided,
    };
  }
  throw new Error('no policy holds, not even the default one');
}

/** The time promised at this priority, in milliseconds; `undefined` when nothing is. */
export function promisedMs(terms: Terms, target: Target, priority: number): number | undefined {
  const time: TargetTime | undefined = terms.targets[target];
  const text = typeof time === 'object' ? time[String(priority)] : time;
  return text === undefined ? undefined : parseDuration(text);
}
