import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordTooLargeError } from './port.ts';
import type { OutgoingRecord } from './port.ts';
import { chunks, recordBytes, sends } from './records.ts';

const record: fc.Arbitrary<OutgoingRecord> = fc.record({
  topic: fc.constant('t'),
  key: fc.option(fc.string({ maxLength: 20 }), { nil: null }),
  value: fc.option(
    fc.nat(300).map((size) => Buffer.alloc(size)),
    { nil: null },
  ),
  headers: fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 9, unit: 'grapheme' }), {
    maxKeys: 2,
    noNullPrototype: true,
  }),
});

test('given any records, then the sends together are the records in order, each as large as it may be and none larger', () => {
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 12 }),
      fc.integer({ min: 100, max: 500 }),
      fc.integer({ min: 100, max: 900 }),
      (records, limit, most) => {
        const sizes = records.map(recordBytes);
        const tooLarge = sizes.findIndex((size) => size > limit);
        if (tooLarge >= 0) {
          expect(() => sends(records, limit, most)).toThrow(RecordTooLargeError);
          return;
        }
        const all = sends(records, limit, most);
        expect(all.flat()).toEqual(records);
        const sums = all.map((send) => send.map(recordBytes).reduce((a, b) => a + b));
        for (const [n, send] of all.entries()) {
          expect(send.length === 1 || (sums[n] ?? 0) <= most).toBe(true);
          const [first] = all[n + 1] ?? [];
          if (first !== undefined) expect((sums[n] ?? 0) + recordBytes(first)).toBeGreaterThan(most);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('given any list, then its pieces together are the list, and all but the last are full', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (items, size) => {
      const pieces = chunks(items, size);
      expect(pieces.flat()).toEqual(items);
      for (const piece of pieces.slice(0, -1)) expect(piece).toHaveLength(size);
      expect(pieces.at(-1)).not.toEqual([]);
    }),
    { numRuns: 200 },
  );
});
