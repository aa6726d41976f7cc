import { expect, it } from 'vitest';
import { balance } from './counts.ts';

it('balances when as many were found as were sent', () => {
  expect(balance([{ what: 'contacts', expected: 9, rows: 9, distinct: 9 }])).toEqual({ lost: 0, duplicated: 0 });
});

it('finds one lost and one told twice although the totals agree', () => {
  expect(balance([{ what: 'contacts', expected: 9, rows: 9, distinct: 8 }])).toEqual({ lost: 1, duplicated: 1 });
});

it('counts what nobody sent', () => {
  const counted = [
    { what: 'left in dead_letter', expected: 0, rows: 2, distinct: 2 },
    { what: 'cases', expected: 5, rows: 3, distinct: 3 },
  ];
  expect(balance(counted)).toEqual({ lost: 2, duplicated: 2 });
});
