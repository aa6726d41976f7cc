import { expect, it } from 'vitest';
import type { StepFact } from './state.ts';
import { tellSteps } from './tracking-steps.ts';

const fact = (stepId: string, status: string, words: Record<string, string> = { en: stepId }): StepFact => ({
  ...{ planId: 'p', planVersion: 1, position: 0, stepId, status, words },
});

it('tells what is done, going on and to come, and nothing of what was skipped, given up or taken back', () => {
  const all = ['done', 'active', 'retrying', 'held', 'waiting', 'skipped', 'failed', 'canceled', 'compensating'];
  expect(
    tellSteps(
      all.map((status) => fact(status, status)),
      'en',
    ).map(({ name, status }) => [name, status]),
  ).toEqual([
    ['done', 'done'],
    ['active', 'active'],
    ['retrying', 'active'],
    ['held', 'active'],
    ['waiting', 'waiting'],
  ]);
});

it('speaks the language asked for, else its main one, else English, else what there is', () => {
  const said = (words: Record<string, string>, language: string) =>
    tellSteps([fact('s', 'done', words)], language)[0]?.text;
  expect(said({ en: 'a', 'pt-BR': 'b', pt: 'c' }, 'pt-BR')).toBe('b');
  expect(said({ en: 'a', pt: 'c' }, 'pt-BR')).toBe('c');
  expect(said({ en: 'a', pt: 'c' }, 'ru')).toBe('a');
  expect(said({ pt: 'c' }, 'ru')).toBe('c');
});
