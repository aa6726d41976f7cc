/** What callers hold and send back (cursors, idempotency keys), and what they download: read as it was written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { csvOf } from './csv.ts';
import { canonicalJson, fingerprint, readKey } from './idempotency.ts';
import { cursorInstant, readCursor, toPage } from './pages.ts';
import { Problem } from './problem.ts';

const text = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('__proto__', '"', '\\', '\u2028'),
  )
  .filter((one) => one.isWellFormed() && !one.includes('\0'));
const instants = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

describe('a cursor', () => {
  const shape = [cursorInstant, z.number(), z.string()] as const;

  test('given where a page ended, then the next one begins behind it', () => {
    fc.assert(
      fc.property(instants, fc.integer(), text, (at, n, id) => {
        const { nextCursor } = toPage([{ at, n, id }, 'one more'], 1, () => [at, n, id]);
        expect(nextCursor).toMatch(/^[\w-]+$/);
        expect(readCursor(nextCursor ?? undefined, [...shape])).toEqual([at, n, id]);
      }),
    );
  });

  test('given anything else, then it is refused by name, or fits the list', () => {
    const other = fc.oneof(
      text,
      fc.json({ stringUnit: 'binary' }).map((json) => Buffer.from(json).toString('base64url')),
      fc
        .tuple(
          fc.oneof(instants, fc.constantFrom('0000-01-01T00:00:00Z', '2026-02-30T00:00:00Z')),
          fc.oneof(fc.integer(), fc.jsonValue()),
          fc.oneof(fc.constantFrom('a\0', '\ud800'), fc.string({ unit: 'binary' })),
        )
        .map((position) => Buffer.from(JSON.stringify(position)).toString('base64url')),
    );
    fc.assert(
      fc.property(other, (cursor) => {
        try {
          const [at, n, id] = readCursor(cursor, [...shape]) ?? [];
          expect(Number.isNaN(Date.parse(String(at)))).toBe(false);
          expect(String(at)).not.toMatch(/^0000|-02-30/);
          expect(typeof n).toBe('number');
          expect(String(id)).not.toContain('\0');
          expect(String(id).isWellFormed()).toBe(true);
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          expect(error.body).toMatchObject({ code: 'invalid-query', errors: [{ field: 'cursor' }] });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('given a list of any length and pages of any size, then the pages together are the list', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { maxLength: 25 }), fc.integer({ min: 1, max: 9 }), (ids, limit) => {
        const sorted = ids.sort((a, b) => a - b);
        const found: number[] = [];
        for (let cursor: string | undefined; ;) {
          const [after = -1] = readCursor(cursor, [z.number()]) ?? [];
          const rows = sorted.filter((id) => id > Number(after)).slice(0, limit + 1);
          const { items, nextCursor } = toPage(rows, limit, (id) => [id]);
          found.push(...items);
          if (nextCursor === null) break;
          expect(items).toHaveLength(limit);
          cursor = nextCursor;
        }
        expect(found).toEqual(sorted);
      }),
    );
  });
});

describe('what a repeat is known by', () => {
  /** The same value, its keys the other way round at every level. */
  function turned(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, turned(inner)]),
    );
  }
  const json = fc.json({ stringUnit: 'binary' }).map((one): unknown => JSON.parse(one));

  test('given a body with its keys in another order, then it is the same body; and nothing of it is left out', () => {
    fc.assert(
      fc.property(json, (body) => {
        expect(fingerprint(turned(body))).toBe(fingerprint(body));
        expect(JSON.parse(canonicalJson(body))).toEqual(body);
      }),
      { numRuns: 500 },
    );
  });

  test('given a key quoted or bare, then it is the same key; what is none is refused by name', () => {
    const printable = fc.string({
      unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 255,
    });
    fc.assert(
      fc.property(printable, fc.string({ unit: 'binary' }), (key, any) => {
        expect(readKey(`"${key.replaceAll(/["\\]/g, String.raw`\$&`)}"`)).toBe(key);
        if (/^[^ ",\\]+$/.test(key)) expect(readKey(` ${key} `)).toBe(key);
        try {
          expect(readKey(any)).toMatch(/^[\x20-\x7e]{1,255}$/);
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          expect(error.body).toMatchObject({ code: 'invalid-header', errors: [{ field: 'Idempotency-Key' }] });
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** RFC 4180, as a spreadsheet reads it. */
function parsed(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

test('given any rows, then a download holds them field by field, and no text that a spreadsheet would run', () => {
  const cell = fc.oneof(text, fc.constantFrom('=1+1', '-2', '+x', '@a', '\t=1', '\r=1', 'a\nb', 'a\rb', ',', '""'));
  fc.assert(
    fc.property(fc.array(fc.record({ name: cell, count: fc.integer() }), { maxLength: 4 }), (rows) => {
      const csv = csvOf(['name', 'count']);
      const [header, ...lines] = parsed(csv.header + csv.lines(rows));
      expect(header).toEqual(['name', 'count']);
      expect(lines).toHaveLength(rows.length);
      for (const [n, { name, count }] of rows.entries()) {
        const [told = '', counted] = lines[n] ?? [];
        expect(/^[=+\-@\t\r]/.test(told)).toBe(false);
        expect([name, `'${name}`]).toContain(told);
        expect(counted).toBe(String(count));
      }
    }),
    { numRuns: 500 },
  );
});
