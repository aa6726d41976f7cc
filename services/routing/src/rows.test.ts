/** The table of rows names tests: each is there, under that name. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../../..');
const table = readFileSync(path.join(import.meta.dirname, '../docs/rows.md'), 'utf8');

/** `R1` -> file and title of each test that shows it. */
const rows = [...table.matchAll(/^\| (R\d+) +\|.*$/gm)].map(
  ([line, row = '']) =>
    [
      row,
      [...line.matchAll(/`([^`]+\.test\.ts)`: “([^”]+)”/g)].map(([, file = '', title = '']) => ({ file, title })),
    ] as const,
);

test('rows are in order, each once, and every row has a test', () => {
  const numbers = rows.map(([row]) => Number(row.slice(1)));
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  expect(rows.filter(([, tests]) => tests.length === 0)).toEqual([]);
});

test.each(rows)('%s', (_, tests) => {
  for (const { file, title } of tests) {
    expect(existsSync(path.join(root, file)), file).toBe(true);
    expect(readFileSync(path.join(root, file), 'utf8').replaceAll("\\'", "'"), file).toContain(title);
  }
});

test('every test that is named below the table is there', () => {
  const named = [...table.matchAll(/`([^`]+\.test\.ts)`: “([^”]+)”/g)];
  expect(named.length).toBeGreaterThan(rows.length);
  for (const [, file = '', title = ''] of named)
    expect(readFileSync(path.join(root, file), 'utf8').replaceAll("\\'", "'"), `${file}: ${title}`).toContain(title);
});
