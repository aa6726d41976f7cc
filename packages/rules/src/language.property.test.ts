/** What is found out about an expression without facts holds for all facts: its examples, and what it looks at. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind, compile, evaluate, examplesFor, matchLanguage, mentions } from './index.ts';
import type { Expression } from './index.ts';

const oneOf = fc.constantFrom;
const order = oneOf('<', '<=', '>', '>=', '==', '!=');
const number = fc.integer({ min: -2, max: 6 });
const word = oneOf('a', 'b', 'c');
const moments = ['2026-03-02T09:00:00Z', '2026-03-02T09:00:01Z', '2026-03-02T09:00:00.250Z'];

/** Comparisons of fields with constants. */
const plain = fc.oneof(
  fc.tuple(oneOf('case.priority', 'customer.openCases'), order, number).map((parts) => parts.join(' ')),
  fc.tuple(oneOf('==', '!='), word).map(([sign, text]) => `case.reason ${sign} "${text}"`),
  fc.uniqueArray(word, { minLength: 1 }).map((texts) => `case.reason in ${JSON.stringify(texts)}`),
  word.map((text) => `"${text}" in customer.products`),
  oneOf('has(case.reason)', 'has(case.priority)', 'has(customer.products)', 'has(customer.tier)', 'has(case.openedAt)'),
  fc.tuple(order, oneOf(...moments)).map(([sign, at]) => `case.openedAt ${sign} timestamp("${at}")`),
);
const other = fc.oneof(
  word.map((key) => `case.attributes["${key}"] == "a"`),
  word.map((key) => `"${key}" in case.attributes`),
  oneOf(
    'case.reason == contact.reason',
    'size(customer.products) > 1',
    'customer.products.exists(p, p == case.product)',
  ),
);
function joined(atom: fc.Arbitrary<string>): fc.Arbitrary<Expression<'case' | 'contact' | 'customer'>> {
  const signed = fc.tuple(oneOf('', '!'), atom).map(([not, text]) => `${not}(${text})`);
  return fc
    .tuple(signed, fc.array(fc.tuple(oneOf('&&', '||'), signed), { maxLength: 3 }))
    .map(([first, more]) => [first, ...more.flat()].join(' '))
    .map((source) => {
      const compiled = compile(matchLanguage, source);
      if (!compiled.ok) throw new Error(`${source}: ${JSON.stringify(compiled.errors)}`);
      return compiled.expression;
    });
}

const near = moments.flatMap((at) => [-1, 0, 1, 400].map((ms) => new Date(Date.parse(at) + ms).toISOString()));
const text = oneOf('a', 'b', 'c', 'z');
const facts = fc.record(
  {
    case: fc.record(
      {
        ...{ priority: fc.integer({ min: -3, max: 7 }), reason: text, product: text, openedAt: oneOf(...near) },
        attributes: fc.dictionary(word, text, { noNullPrototype: true }),
      },
      { requiredKeys: [] },
    ),
    contact: fc.record({ reason: text }, { requiredKeys: [] }),
    customer: fc.record(
      { openCases: fc.integer({ min: -3, max: 7 }), products: fc.uniqueArray(text), tier: text },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
type Known = typeof facts extends fc.Arbitrary<infer T> ? T : never;

const verdict = (expression: Expression<'case' | 'contact' | 'customer'>, known: object): unknown =>
  evaluate(expression, bind(matchLanguage, structuredClone(known)));

test('given examples that are complete, then no facts make conditions turn out in a way that is not among them', () => {
  fc.assert(
    fc.property(
      fc.array(joined(plain), { minLength: 1, maxLength: 2 }),
      fc.array(facts, { minLength: 20, maxLength: 20 }),
      (expressions, all) => {
        const examples = examplesFor(expressions);
        fc.pre(examples.complete);
        const waysOf = (known: object): string => JSON.stringify(expressions.map((one) => verdict(one, known)));
        const ways = new Set(Array.from(examples.facts, waysOf));
        for (const known of all) expect(ways).toContain(waysOf(known));
      },
    ),
    { numRuns: 200 },
  );
});

/** Other facts, but for what is looked at. */
function likened(other: Known, { paths, to }: { paths: readonly (readonly string[])[]; to: Known }): object {
  const result = structuredClone(other) as Record<string, Record<string, unknown>>;
  const from = to as Record<string, Record<string, unknown> | undefined>;
  for (const [variable = '', field, key] of paths) {
    if (field === undefined) {
      result[variable] = { ...from[variable] };
      continue;
    }
    const own = (result[variable] ??= {});
    const value = from[variable]?.[field];
    if (key === undefined || value === undefined) {
      own[field] = value;
      continue;
    }
    const { [key]: _, ...rest } = { ...(own[field] as object) } as Record<string, unknown>;
    const inner = (value as Record<string, unknown>)[key];
    own[field] = inner === undefined ? rest : { ...rest, [key]: inner };
  }
  return result;
}

test('given facts that agree on what an expression looks at, then it cannot tell them apart', () => {
  fc.assert(
    fc.property(joined(fc.oneof(plain, other)), facts, facts, (expression, one, another) => {
      const paths = mentions(expression);
      expect(verdict(expression, likened(another, { paths, to: one }))).toEqual(verdict(expression, one));
    }),
    { numRuns: 500 },
  );
});
