import type { IncomingRecord } from '@switchboard/bus';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createProgress } from './progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const record = (age: number): IncomingRecord => ({
  ...{ topic: 't', partition: 0, offset: '0', key: null, value: null, headers: {} },
  timestamp: new Date(Date.now() - age),
});

describe('a consumer', () => {
  test('with nothing to do is not behind, however long', () => {
    const progress = createProgress();
    vi.advanceTimersByTime(60_000);
    expect(progress.age(0)).toBe(0);
  });

  test('is behind by the oldest record in hand', () => {
    const progress = createProgress();
    const done = progress.begin([record(5000), record(9000)]);
    progress.begin([record(2000)]);
    expect(progress.age(3)).toBe(9);
    done(true);
    expect(progress.age(1)).toBe(2);
  });

  test('that stands still is behind since it last moved, also when it gave records back', () => {
    const progress = createProgress();
    progress.age(10);
    progress.begin([record(0)])(true);
    vi.advanceTimersByTime(30_000);
    progress.begin([record(0)])(false);
    expect(progress.age(10)).toBe(30);
  });

  test('whose group goes on is not behind', () => {
    const progress = createProgress();
    progress.age(10);
    vi.advanceTimersByTime(30_000);
    expect(progress.age(9)).toBe(0);
  });
});
