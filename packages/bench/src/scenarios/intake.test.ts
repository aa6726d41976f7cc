import { expect, it } from 'vitest';
import { contactNumber } from './intake.ts';
import { countsOf, kindAt } from './journey/mix.ts';

it('takes every contact of the mix once, in order, and no activity', () => {
  const counts = countsOf(1000);
  const numbers = Array.from({ length: counts.first + counts['follow-up'] }, (_, index) => contactNumber(index));
  const contacts = Array.from({ length: 1000 }, (_, index) => index).filter((index) => kindAt(index) !== 'activity');
  expect(numbers).toEqual(contacts);
});
