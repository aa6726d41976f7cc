import { expect, test } from 'vitest';
import { bind, compile, evaluate, examplesFor, matchLanguage } from './index.ts';

/** Whether a condition over so many fields turned out true, and false, among the examples. */
function tried(source: string) {
  const compiled = compile(matchLanguage, source);
  if (!compiled.ok) throw new Error('refused');
  const { facts, complete } = examplesFor([compiled.expression]);
  const verdicts = Array.from(facts, (example) => evaluate(compiled.expression, bind(matchLanguage, example)));
  return { complete, count: verdicts.length, outcomes: [...new Set(verdicts)].sort() };
}

const fields = (count: number): string =>
  Array.from({ length: count }, (_, n) => `case.attributes["a${String(n)}"] == "x"`).join(' || ');

test('given few fields, then every way in which they can turn out is among the examples', () => {
  expect(tried('case.priority > 3 && has(case.reason)')).toEqual({
    complete: true,
    count: 8,
    outcomes: [false, true],
  });
});

test.each([8, 34, 60])('given %i fields, more ways than can be tried, then so many are, of all kinds', (count) => {
  expect(tried(fields(count))).toEqual({
    complete: false,
    count: 2000,
    outcomes: expect.arrayContaining([true]) as unknown,
  });
});

test('given a map that is asked for a key and for what is under it, then both are among the examples', () => {
  const { complete, outcomes } = tried('"a" in case.attributes && case.attributes["a"] == "x" && case.priority > 1');
  expect({ complete, outcomes }).toEqual({
    complete: false,
    outcomes: expect.arrayContaining([true, false]) as unknown,
  });
});
