import { describe, expect, it } from 'vitest';
import { createBell } from './bell.ts';

const LONG = 60_000;

describe('a bell', () => {
  it('given a ring while somebody waits, or before, ends the wait', async () => {
    const bell = createBell(new AbortController().signal);
    const waiting = bell.wait(LONG);
    bell.ring();
    await waiting;
    bell.ring();
    await bell.wait(LONG);
  });

  it('given nobody rings, waits so long', async () => {
    await createBell(new AbortController().signal).wait(1);
  });

  it('given the end of the play, rejects', async () => {
    const over = new AbortController();
    const waiting = createBell(over.signal).wait(LONG);
    over.abort();
    await expect(waiting).rejects.toThrow('aborted');
  });
});
