import { expect, it } from 'vitest';
import { proveOptions, soakOptions } from './options.ts';

it('reads what was typed', () => {
  expect(proveOptions(['--quick', '--seed', '7', '--only', 'kafka', '--from', 'v1'])).toEqual({
    ...{ quick: true, json: false, seed: 7, only: 'kafka', from: 'v1' },
  });
  expect(soakOptions(['--minutes', '2', '--seed', '0', '--bus', 'embedded'])).toEqual({
    ...{ minutes: 2, seed: 0, bus: 'embedded' },
  });
});

it('is nothing where help is asked for', () => {
  expect([proveOptions(['--help']), soakOptions(['--help'])]).toEqual([undefined, undefined]);
});

it.each([
  [proveOptions, ['--seed', '1.5'], /--seed: 1\.5/],
  [proveOptions, ['--quik'], /--quik/],
  [soakOptions, ['--minutes', 'long'], /--minutes: long/],
  [soakOptions, ['--bus', 'tram'], /--bus/],
])('says what it cannot read: %#', (read, args, words) => {
  expect(() => read(args)).toThrow(words);
});
