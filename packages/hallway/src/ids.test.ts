import { afterEach, expect, test, vi } from 'vitest';
import { validate, version } from 'uuid';
import { newId } from './ids.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('ids are UUIDv7, each another, and ascend', () => {
  const ids = Array.from({ length: 5000 }, newId);

  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(new Set(ids).size).toBe(5000);
  expect(ids).toEqual([...ids].sort());
});

test('ids ascend while the clock stands, and when it goes back', () => {
  vi.useFakeTimers({ now: Date.now() + 60_000 });
  const before = [newId(), newId()];
  vi.setSystemTime(Date.now() - 5000);
  const after = [newId(), newId()];

  expect([...before, ...after]).toEqual([...before, ...after].sort());
});
