import { describe, expect, it } from 'vitest';
import { countClocks, createPromiseBook } from './promise-book.ts';

const startedAt = '2026-07-15T10:00:00.000Z';
const since = Date.parse(startedAt);
const clock = (status: string, elapsedMs = 0, remainingMs = 10) => ({ status, startedAt, elapsedMs, remainingMs });

describe('the promises of a day', () => {
  it.each([
    [clock('running', 2, 8), { running: 1, atRisk: 0, kept: 0, broken: 0 }],
    [clock('running', 5, 5), { running: 1, atRisk: 1, kept: 0, broken: 0 }],
    [clock('paused', 9, 1), { running: 1, atRisk: 0, kept: 0, broken: 0 }],
    [clock('met'), { running: 0, atRisk: 0, kept: 1, broken: 0 }],
    [clock('breached', 12, -2), { running: 0, atRisk: 0, kept: 0, broken: 1 }],
    [clock('canceled'), { running: 0, atRisk: 0, kept: 0, broken: 0 }],
  ])('count %o as %o', (given, counts) => {
    expect(countClocks([given])).toEqual(counts);
  });

  it('given cases, looks at each in turn until it is finished', () => {
    const book = createPromiseBook(since);
    book.watch('a');
    book.watch('b');
    expect(book.due(1)).toEqual(['a']);
    book.read('a', [clock('running')], true);
    expect(book.due(1)).toEqual(['b']);
    book.read('b', [clock('met'), clock('breached')], false);
    expect(book.due(9)).toEqual(['a']);
    expect(book.sums()).toEqual({ running: 1, atRisk: 0, kept: 1, broken: 1 });
  });

  it('given a finished case that is opened again, counts it once', () => {
    const book = createPromiseBook(since);
    book.watch('a');
    book.read('a', [clock('met')], false);
    book.watch('a');
    expect(book.sums().kept).toBe(1);
    book.read('a', [clock('met'), clock('running')], true);
    expect(book.sums()).toEqual({ running: 1, atRisk: 0, kept: 1, broken: 0 });
  });

  it('given a case of another day, counts only what was promised since', () => {
    const book = createPromiseBook(since);
    book.watch('a');
    book.read('a', [{ ...clock('breached'), startedAt: '2026-07-15T09:59:59.999Z' }, clock('running')], true);
    expect(book.sums()).toEqual({ running: 1, atRisk: 0, kept: 0, broken: 0 });
  });

  it('forgets single finished cases after thousands, but no sum', () => {
    const book = createPromiseBook(since);
    for (let number = 0; number < 6000; number += 1) {
      book.watch(String(number));
      book.read(String(number), [clock('met')], false);
    }
    expect(book.sums().kept).toBe(6000);
  });
});
