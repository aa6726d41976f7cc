import { expect, test } from 'vitest';
import { together } from './together.ts';

const lost = Object.assign(new Error('current transaction is aborted'), { code: '25P02' });

test('answers come in the order of the statements', async () => {
  const slow = Promise.withResolvers<string>();
  const both = together(slow.promise, Promise.resolve(2));
  slow.resolve('one');

  expect(await both).toEqual(['one', 2]);
});

test('the cause is told, not its consequences, wherever in the order it stands', async () => {
  const cause = new Error('disk full');

  await expect(together(together(Promise.reject(lost)), Promise.reject(cause), Promise.reject(lost))).rejects.toBe(
    cause,
  );
  await expect(together(Promise.resolve(1), Promise.reject(lost))).rejects.toBe(lost);
});

test('it ends when all are answered, also when one has failed', async () => {
  const last = Promise.withResolvers<string>();
  let over = false;
  const failing = together(Promise.reject(new Error('conflict')), last.promise).finally(() => {
    over = true;
  });
  failing.catch(() => undefined);
  await new Promise(setImmediate);
  expect(over).toBe(false);

  last.resolve('answered');
  await expect(failing).rejects.toThrow('conflict');
});
