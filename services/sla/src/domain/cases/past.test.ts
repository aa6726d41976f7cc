/** What the case was when, told in any order of its topics. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factsAt, knownSince, reading, withTurn } from './past.ts';
import type { KeptFacts, History } from './state.ts';

const paths = [
  ['case', 'attributes', 'step'],
  ['case', 'reason'],
  ['customer', 'segments'],
];
const instant = (minute: number): string => new Date(minute * 60_000).toISOString();

const text = fc.constantFrom(undefined, 'a', 'b');
const matter = fc.record({ reason: text, attributes: fc.record({ step: text, other: text }) });
const customer = fc.record({ segments: fc.subarray(['a', 'b']), id: fc.constant('customer-1') });
const change = fc.oneof(
  matter.map((one): Partial<KeptFacts> => ({ case: one })),
  customer.map((one): Partial<KeptFacts> => ({ customer: one })),
);
const life = fc.record({
  changes: fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), change), { maxLength: 12 }),
  /** Which topic is told next. */
  turns: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
});

const readings = ({ case: one, customer: other = {} }: KeptFacts): unknown => {
  const { reason, attributes = {} } = one as { reason?: string; attributes?: { step?: string } };
  return [reason, attributes.step, (other as { segments?: string[] }).segments];
};

test('given changes of the case and of its customer in any order, then each instant is as it was', () => {
  fc.assert(
    fc.property(life, ({ changes, turns }) => {
      let minute = 0;
      const facts = changes.map(([pause, one]) => ({ at: (minute += pause), ...one }));
      const left = [facts.filter((one) => 'case' in one), facts.filter((one) => !('case' in one))];
      const first: KeptFacts = { case: {}, contact: {} };
      let [now, past]: [KeptFacts, History] = [first, reading(undefined, paths, instant(0))];
      for (let n = 0; left.some((topic) => topic.length > 0); n += 1) {
        const [one, other] = turns[n % turns.length] === true ? left : left.toReversed();
        const told = one?.shift() ?? other?.shift();
        if (told === undefined) throw new Error('nothing is left');
        const { at, ...news } = told;
        const is = { ...now, ...news };
        const variables = 'case' in news ? (['case'] as const) : (['customer'] as const);
        past = withTurn(past, { was: now, is, variables, at: instant(at), paths });
        now = is;
      }
      for (let at = 0; at <= minute; at += 1) {
        const then = facts.filter((one) => one.at <= at).reduce<KeptFacts>((all, one) => ({ ...all, ...one }), first);
        expect([at, readings(factsAt(past, now, instant(at)))]).toEqual([at, readings(then)]);
      }
    }),
    { numRuns: 300 },
  );
});

test('of long texts as many turns are kept as there is room for, and since when that is', () => {
  const text = ['contact', 'text'];
  let [now, past]: [KeptFacts, History] = [{ case: {}, contact: {} }, reading(undefined, [text], '')];
  for (let n = 1; n <= 9; n += 1) {
    const is = { ...now, contact: { text: String(n).repeat(5000) } };
    past = withTurn(past, { was: now, is, variables: ['contact'], at: instant(n), paths: [text] });
    now = is;
  }
  expect(past.turns).toHaveLength(3);
  expect(knownSince(past, text)).toBe(instant(6));
  expect(factsAt(past, now, instant(6)).contact).toEqual({ text: '6'.repeat(5000) });
});

test('of a case that changes ever again the newest turns are kept, and since when that is', () => {
  let [now, past]: [KeptFacts, History] = [
    { case: { reason: '0' }, contact: {} },
    reading(undefined, paths, instant(0)),
  ];
  for (let n = 1; n <= 60; n += 1) {
    const is = { ...now, case: { reason: String(n) } };
    past = withTurn(past, { was: now, is, variables: ['case'], at: instant(n), paths });
    now = is;
  }
  expect(past.turns).toHaveLength(50);
  expect(knownSince(past, ['case', 'reason'])).toBe(instant(10));
  expect(factsAt(past, now, instant(10)).case).toEqual({ reason: '10' });
});

test('what is read only later is known since then, and what is read no more is forgotten', () => {
  const [step = [], reason = []] = paths;
  const later = reading(reading(undefined, [step], instant(0)), [step, reason], instant(5));
  expect([knownSince(later, step), knownSince(later, reason)]).toEqual([instant(0), instant(5)]);
  expect(knownSince(reading(later, [reason], instant(7)), step)).toBeUndefined();
});
