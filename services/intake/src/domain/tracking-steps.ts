/** Steps of plans for the customer: what is done, what is going on and what comes; nothing of what went wrong inside. */
import type { StepFact } from './state.ts';

export interface ToldStep {
  readonly name: string;
  readonly status: 'done' | 'active' | 'waiting';
  readonly at?: string | undefined;
  readonly text: string;
}

/** Steps that were skipped, given up or taken back are not told. */
const told: ReadonlyMap<string, ToldStep['status']> = new Map([
  ['waiting', 'waiting'],
  ['active', 'active'],
  ['retrying', 'active'],
  ['held', 'active'],
  ['done', 'done'],
]);

/** `language`: BCP 47. */
export function tellSteps(steps: readonly StepFact[], language: string): ToldStep[] {
  return steps.flatMap(({ stepId, status, words, at }) => {
    const shown = told.get(status);
    const text = wordsIn(words, language);
    return shown === undefined || text === undefined ? [] : [{ name: stepId, status: shown, at, text }];
  });
}

/** The language itself, its main one, English, else any. Customers write their language as they like. */
function wordsIn(words: StepFact['words'], language: string): string | undefined {
  const known = new Map(Object.entries(words).map(([tag, text]) => [tag.toLowerCase(), text]));
  const tag = language.toLowerCase();
  const [primary = ''] = tag.split('-');
  return known.get(tag) ?? known.get(primary) ?? known.get('en') ?? Object.values(words)[0];
}
