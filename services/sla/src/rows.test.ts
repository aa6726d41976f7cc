/** The table of rows names tests: each is there, under that name. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../../..');
const table = readFileSync(path.join(import.meta.dirname, '../docs/rows.md'), 'utf8');

/** `S1` -> file and title of each test that shows it. */
const rows = new Map(
  [...table.matchAll(/^\| (S\d+) +\|.*$/gm)].map(([line, row = '']) => [
    row,
    [...line.matchAll(/`([^`]+\.test\.ts)`: “([^”]+)”/g)].map(([, file = '', title = '']) => ({ file, title })),
  ]),
);

/** What tests are called: the first text that a call is given, also after a table. */
const titlesIn = (file: string): string[] =>
  [...readFileSync(path.join(root, file), 'utf8').matchAll(/(?:\btest|\))\(\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)")/g)].map(
    ([, single, double]) => (single ?? double ?? '').replaceAll("\\'", "'"),
  );

test('every row has one', () => {
  expect([...rows.keys()]).toEqual(Array.from({ length: 28 }, (_, n) => `S${String(n + 1)}`));
  expect([...rows].filter(([, tests]) => tests.length === 0)).toEqual([]);
});

test.each([...rows])('%s', (_, tests) => {
  for (const { file, title } of tests) {
    expect(existsSync(path.join(root, file)), file).toBe(true);
    expect(titlesIn(file), file).toContain(title);
  }
});
