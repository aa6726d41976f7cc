import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind, compile, eligibilityLanguage, evaluate } from './index.ts';

const TOKENS = (
  'profile case sla . .usage .priority .toString [ ] ( ) { } && || ! == in + - * / % < ? : , 1 2.5 "a" null true has( size( ' +
  '.exists(x,x .filter(x, .matches("(a+)+$") .map(x, cel.bind(a, b"x" duration("1s") timestamp("2026-01-01T00:00:00Z") x __proto__'
).split(' ');
const sources = fc.oneof(
  fc.array(fc.constantFrom(...TOKENS), { maxLength: 30 }).map((tokens) => tokens.join(' ')),
  fc.string({ maxLength: 200, unit: 'binary' }),
);

test('given any text and any facts, then compiling and deciding answer, and never throw', () => {
  fc.assert(
    fc.property(sources, fc.object(), fc.object(), (source, profile, caseFacts) => {
      const result = compile(eligibilityLanguage, source);
      if (!result.ok) {
        expect(result.errors.every((error) => error.reason.length > 0)).toBe(true);
        return;
      }
      const verdict = evaluate(result.expression, bind(eligibilityLanguage, { profile, case: caseFacts }));
      expect(typeof verdict === 'boolean' || verdict.error.length > 0).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('given any facts, then a sound condition is decided or is an error that says why', () => {
  const expression = compile(eligibilityLanguage, 'profile.a > 1 && case.priority < 3 || profile.b.exists(x, x == 1)');
  if (!expression.ok) throw new Error('refused');
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b'), fc.anything()), fc.anything(), (profile, priority) => {
      const verdict = evaluate(expression.expression, bind(eligibilityLanguage, { profile, case: { priority } }));
      expect(typeof verdict === 'boolean' || verdict.error.length > 0).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
