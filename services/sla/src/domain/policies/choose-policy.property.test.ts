/** Which policies hold, said a second time; and which clock of theirs is which, kept and read again. */
import { compile, matchLanguage } from '@switchboard/rules';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configurationOf } from '../../testing/house.ts';
import { clockIds, keyOf, slotOf, sortedOut } from '../clocks/slots.ts';
import { byOrder } from '../configuration.ts';
import type { CompiledPolicy } from '../configuration.ts';
import { choosePolicies, MOST_POLICIES } from './choose-policy.ts';

/** A condition, and what it says of a case of a priority. */
const conditions = [
  ['true', () => true],
  ['false', () => false],
  ['case.priority < 3', (priority: number) => priority < 3],
  ['case.priority > 3', (priority: number) => priority > 3],
  ['case.attributes["city"] == "Wien"', () => undefined],
] as const;
const configuration = configurationOf({ default: {} });
const [default_] = configuration.policies;

interface Given {
  readonly policy: CompiledPolicy;
  holds(priority: number): boolean | undefined;
}
const compiled = conditions.map(([match]) => {
  const result = compile(matchLanguage, match);
  if (!result.ok) throw new Error(match);
  return result.expression;
});
const policies = fc
  .array(
    fc.record({
      condition: fc.nat(conditions.length - 1),
      order: fc.integer({ min: 1, max: 3 }),
      goesOn: fc.constantFrom(true, true, false),
    }),
    { maxLength: 30, size: 'max' },
  )
  .map((all) =>
    all.map(({ condition, order, goesOn }, n): Given => {
      if (default_ === undefined) throw new Error('there is no default');
      const [match, holds] = conditions[condition] ?? conditions[0];
      const definition = { ...default_.definition, order, match, ...(goesOn ? { continue: true } : {}) };
      return { policy: { id: `p${String(n)}`, definition, match: compiled[condition] ?? default_.match }, holds };
    }),
  );

test('given any policies, then those hold that are tried until one ends it, and what could not be decided is told', () => {
  fc.assert(
    fc.property(policies, fc.integer({ min: 1, max: 5 }), (all, priority) => {
      if (default_ === undefined) throw new Error('there is no default');
      const tried = [default_, ...all.map(({ policy }) => policy)].sort(byOrder);
      const facts = { case: { priority, attributes: {} }, contact: {}, customer: {} };
      const { terms, undecided = [] } = choosePolicies({ ...configuration, policies: tried }, facts);

      const inOrder = [...all].sort((a, b) => {
        const [first, second] = [a.policy, b.policy];
        return first.definition.order - second.definition.order || (first.id < second.id ? -1 : 1);
      });
      const holding = inOrder.filter(({ holds }) => holds(priority) === true).map(({ policy }) => policy);
      const last = holding.findIndex(({ definition }) => definition.continue !== true);
      const expected = last < 0 ? [...holding, default_] : holding.slice(0, last + 1);
      expect(terms.map(({ policyId }) => policyId)).toEqual(expected.slice(0, MOST_POLICIES).map(({ id }) => id));
      const end = terms.at(-1)?.policyId;
      const before = inOrder.slice(0, inOrder.findIndex(({ policy }) => policy.id === end) + 1 || inOrder.length);
      const puzzling = before.filter(({ holds }) => holds(priority) === undefined).map(({ policy }) => policy.id);
      const cut = expected.length > MOST_POLICIES ? [end] : [];
      expect(undecided.map(({ policyId }) => policyId)).toEqual([...puzzling, ...cut]);
    }),
    { numRuns: 300 },
  );
});

test('given any clocks of any policies, then each is found again under its key', () => {
  const key = fc
    .tuple(
      fc.constantFrom('own', 'p1', 'p2'),
      fc.constantFrom('firstResponse', 'resolution', 'nextResponse', 'hold', slotOf('a/b')),
    )
    .map(([policyId, slot]) => keyOf(policyId, slot));
  fc.assert(
    fc.property(fc.dictionary(key, fc.uuid()), (all) => {
      const ids = new Map(Object.entries(all));
      const { clocks, others } = sortedOut('own', ids);
      const terms = { policyId: 'own' } as Parameters<typeof clockIds>[0]['terms'];
      const extras = others === undefined ? undefined : { clocks: others };
      expect(new Map([...clockIds({ terms, clocks, extras })].sort())).toEqual(new Map([...ids].sort()));
    }),
    { numRuns: 200 },
  );
});
