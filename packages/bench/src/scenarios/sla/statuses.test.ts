import { expect, test } from 'vitest';
import { changesOf, statusAt } from './statuses.ts';

const told = (index: number) => {
  const { key, value, headers } = statusAt('run', index);
  const { case: snapshot } = JSON.parse(value.toString()) as { case: { id: string; status: string; version: number } };
  return { key, ...snapshot, sequence: headers['ce_sequence'] };
};

test('a case stands still, goes on and is done, each as its next version; then others have their turn', () => {
  const steps = [5, 4005, 8005].map(told);
  expect(new Set(steps.map(({ key }) => key)).size).toBe(1);
  expect(steps.map(({ status, version, sequence }) => [status, version, sequence])).toEqual([
    ['pending', 2, '2'],
    ['open', 3, '3'],
    ['resolved', 4, '4'],
  ]);
  expect(told(12_005).key).not.toBe(steps[0]?.key);
  expect(told(12_005).status).toBe('pending');
});

test('no two changes are alike, as many as there are', () => {
  const most = changesOf(9000);
  expect(most).toBe(24_000);
  const all = new Set(
    Array.from({ length: most }, (_, index) => JSON.stringify([told(index).key, told(index).version])),
  );
  expect(all.size).toBe(most);
});
