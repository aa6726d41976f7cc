import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sameMatter } from './same-matter.ts';
import type { OpenCase } from './state.ts';

const open = (id: string, reason = '', product = ''): OpenCase => ({
  id,
  reason,
  product,
  openedAt: `2026-03-0${id}T08:00:00.000Z`,
});
const contact = (reason = '', product = ''): { reason: string; product: string } => ({ reason, product });

describe('a contact of a sender with open cases', () => {
  test.each([
    ['none is open', contact(), [], undefined],
    ['reason and product are equal', contact('accident', 'motor'), [open('1', 'accident', 'motor')], '1'],
    ['the contact says neither', contact(), [open('1', 'accident', 'motor')], '1'],
    ['the case has neither', contact('accident', 'motor'), [open('1')], '1'],
    ['another reason', contact('address-change'), [open('1', 'accident')], undefined],
    ['another product', contact('accident', 'home'), [open('1', 'accident', 'motor')], undefined],
    ['the newest fits', contact('accident'), [open('1', 'accident'), open('2')], '2'],
    ['the newest does not fit', contact('accident'), [open('1', 'accident'), open('2', 'address-change')], '1'],
    ['a complaint, and a complaint', contact('complaint'), [open('1', 'complaint'), open('2')], '1'],
    ['a complaint, and none', contact('complaint'), [open('1'), open('2', 'accident')], undefined],
    ['a complaint about something else', contact('complaint', 'home'), [open('1', 'complaint', 'motor')], undefined],
    ['no reason, and a complaint', contact(), [open('1', 'complaint')], '1'],
    ['a reason, and a complaint', contact('accident'), [open('1', 'complaint')], undefined],
  ])('given %s, then it finds its case', (_name, given, cases, expected) => {
    expect(sameMatter(given, cases)).toBe(expected);
  });
});

const words = fc.constantFrom('', 'complaint', 'accident', 'address-change');
const products = fc.constantFrom('', 'motor', 'home');
const cases = fc
  .uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 5 })
  .chain((ids) => fc.tuple(...ids.map((id) => fc.tuple(words, products).map(([r, p]) => open(String(id), r, p)))));

test('given any open cases, then the chosen one fits, and no newer one does', () => {
  fc.assert(
    fc.property(words, products, cases, (reason, product, openCases) => {
      const chosen = sameMatter(contact(reason, product), openCases);
      for (const known of openCases) {
        const fits =
          (product === '' || known.product === '' || product === known.product) &&
          (reason === known.reason || reason === '' || (known.reason === '' && reason !== 'complaint'));
        if (known.id === chosen) expect(fits).toBe(true);
        if (chosen === undefined || known.id > chosen) expect(fits).toBe(false);
      }
    }),
  );
});
