import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newCustomer } from './customer.ts';
import { takeOver } from './merge.ts';
import type { CustomerState } from './state.ts';

const at = fc.integer({ min: 0, max: 9 }).map((day) => `2026-11-1${String(day)}T00:00:00.000Z`);
const word = fc.constantFrom('a', 'b', 'c');
const text = fc.string({ minLength: 1, maxLength: 5 });
const by = <T>(record: fc.Arbitrary<T>, selector: (one: T) => string) =>
  fc.uniqueArray(record, { selector, maxLength: 3 });

const customers: fc.Arbitrary<CustomerState> = fc
  .record({
    name: fc.option(text, { nil: undefined }),
    tier: fc.option(text, { nil: undefined }),
    languages: fc.uniqueArray(word),
    contactPoints: fc.uniqueArray(word),
    segments: fc.uniqueArray(word),
    products: by(fc.record({ id: word, attributes: fc.dictionary(word, text), at }), ({ id }) => id),
    preferences: by(fc.record({ name: word, value: text, at }), ({ name }) => name),
    consents: by(
      fc.record({ purpose: word, status: fc.constantFrom('granted', 'denied', 'revoked'), at }),
      ({ purpose }) => purpose,
    ),
    openCases: by(fc.record({ id: word, complaint: fc.boolean() }), ({ id }) => id),
    purchases: fc.record({ count: fc.nat(9), spend: fc.dictionary(fc.constantFrom('EUR', 'USD'), fc.nat(900)) }),
    mergedIds: fc.uniqueArray(text),
  })
  .map((fields) => ({ ...newCustomer('one', '2026-11-01T00:00:00.000Z'), ...fields }));

describe('a merge', () => {
  it('loses nothing that was known of either', () => {
    fc.assert(
      fc.property(customers, customers, (survivor, loser) => {
        const other = { ...loser, id: 'other' };
        const merged = { ...survivor, ...takeOver(survivor, other) };
        for (const one of [survivor, other]) {
          if (one.name !== undefined) expect(merged.name).toBeDefined();
          if (one.tier !== undefined) expect(merged.tier).toBeDefined();
          expect(merged.contactPoints).toEqual(expect.arrayContaining([...one.contactPoints]));
          expect(merged.languages).toEqual(expect.arrayContaining([...one.languages]));
          expect(merged.mergedIds).toEqual(expect.arrayContaining([...one.mergedIds]));
          expect(merged.openCases.map(({ id }) => id)).toEqual(
            expect.arrayContaining(one.openCases.map(({ id }) => id)),
          );
          for (const { id, attributes } of one.products) {
            const product = merged.products.find((each) => each.id === id);
            expect(Object.keys(product?.attributes ?? {})).toEqual(expect.arrayContaining(Object.keys(attributes)));
          }
        }
        expect(merged.mergedIds).toContain('other');
        expect(merged.purchases.count).toBe(survivor.purchases.count + other.purchases.count);
        expect(merged.purchases.spend['EUR'] ?? 0).toBe(
          (survivor.purchases.spend['EUR'] ?? 0) + (other.purchases.spend['EUR'] ?? 0),
        );
      }),
    );
  });

  it('never turns a later or equal refusal into a consent', () => {
    fc.assert(
      fc.property(customers, customers, (a, b) => {
        const { consents = [] } = takeOver(a, { ...b, id: 'other' });
        for (const { purpose, status, at: when } of consents) {
          if (status !== 'granted') continue;
          const refused = [...a.consents, ...b.consents].filter(
            (one) => one.purpose === purpose && one.status !== 'granted',
          );
          expect(refused.every((one) => one.at < when)).toBe(true);
        }
      }),
    );
  });
});
