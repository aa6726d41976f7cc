/** Steps of plans for the customer: what is done, what is going on and what comes; nothing of what went wrong inside. */
import type { StepFact } from './state.ts';

export interface ToldStep {
  readonly name: string;
  readonly status: 'done' | 'active' | 'waiting';
  readonly at?: string | undefined;
  readonly text: string;
}

/** Steps that were skipped, given up or taken back are not told. */
const told: Readonly<Record<string, ToldStep['status']>> = {
  waiting: 'waiting',
  active: 'active',
  retrying: 'active',
  held: 'active',
  done: 'done',
};

/** `language`: BCP 47. */
export function tellSteps(steps: readonly StepFact[], language: string): ToldStep[] {
  return steps.flatMap(({ stepId, status, words, at }) => {
    const shown = told[status];
    const text = wordsIn(words, language);
    return shown === undefined || text === undefined ? [] : [{ name: stepId, status: shown, at, text }];
  });
}

/** The language itself, its main one, English, else any. */
function wordsIn(words: StepFact['words'], language: string): string | undefined {
  const [primary = ''] = language.split('-');
  return words[language] ?? words[primary] ?? words['en'] ?? Object.values(words)[0];
}
