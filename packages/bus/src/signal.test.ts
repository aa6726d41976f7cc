import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSignal } from './signal.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function waiting(promise: Promise<void>): { over: boolean } {
  const state = { over: false };
  void promise.then(() => {
    state.over = true;
  });
  return state;
}

const never = new AbortController().signal;

test('given a waiting loop, when the signal is raised, then it wakes, once', async () => {
  const signal = createSignal();
  const wait = signal.wait(1000, never);
  signal.raise();
  await wait;
  const second = waiting(signal.wait(1000, never));
  await vi.advanceTimersByTimeAsync(999);
  expect(second.over).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(second.over).toBe(true);
});

test('given a signal raised while nobody waits, when somebody does, then at once over', async () => {
  const signal = createSignal();
  signal.raise();
  await signal.wait(1000, never);
  expect(vi.getTimerCount()).toBe(0);
});

test('given a waiting loop, when it is aborted, then it wakes', async () => {
  const signal = createSignal();
  const abort = new AbortController();
  const wait = signal.wait(1000, abort.signal);
  abort.abort();
  await wait;
  await signal.wait(1000, abort.signal);
});
