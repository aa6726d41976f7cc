import { describe, expect, it } from 'vitest';
import { customersOf } from '../day/customers.ts';
import { customerIndex, firstTimes } from './stage.ts';
import { byQueue } from './watch.ts';

describe('what waits', () => {
  it('is told by queue, the longest queue first, with its longest wait', () => {
    const now = Date.parse('2026-07-15T10:00:10Z');
    const item = (queueId: string, second: string) => ({ queueId, enqueuedAt: `2026-07-15T10:00:${second}Z` });
    expect(byQueue([item('a', '04'), item('b', '09'), item('b', '02'), item('c', '11')], now)).toEqual([
      { id: 'b', waiting: 2, longest: 8000 },
      { id: 'a', waiting: 1, longest: 6000 },
      { id: 'c', waiting: 1, longest: 0 },
    ]);
  });
});

describe('who it is', () => {
  it('is known by each contact point', () => {
    const [customer] = customersOf(1, 1);
    const customerOf = customerIndex([customer]);
    for (const point of [`phone:${customer.phone}`, `email:${customer.email}`, `user:${customer.user}`]) {
      expect(customerOf(point)).toBe(customer);
    }
    expect(customerOf('phone:+1')).toBeUndefined();
  });
});

describe('the first time', () => {
  it('is once, and the oldest are forgotten', () => {
    const isFirst = firstTimes(2);
    expect(['a', 'a', 'b', 'c', 'a'].map(isFirst)).toEqual([true, false, true, true, true]);
  });
});
