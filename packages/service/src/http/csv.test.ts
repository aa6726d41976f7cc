import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test('texts that look like formulas are disarmed, numbers below nothing are not, quotes and line breaks are kept', () => {
  const csv = csvOf(['name', 'rest']);
  const lines = csv.lines([{ name: '=1+1', rest: -5 }, { name: 'a "b"\nc' }]);

  expect(csv.header + lines).toBe(`name,rest\r\n'=1+1,-5\r\n"a ""b""\nc",\r\n`);
});
