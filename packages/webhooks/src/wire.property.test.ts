/** What subscribers ask for and get: bodies that say what was published, patterns that mean what they spell. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { services } from '@switchboard/contracts';
import { createMatcher, patternFault, shortName, typesOf } from './patterns.ts';
import { bodyOf, MOST_BYTES } from './payload.ts';

const text = fc.string({ unit: 'binary', maxLength: 200 });
const attributes = fc.record({ type: text, timestamp: text, subject: text, sequence: fc.nat() });

test('given any event, then its body is what was published, or says how large that is and fits', () => {
  // Around the bound, in characters of one to four bytes.
  const large = fc
    .tuple(fc.integer({ min: 15_000, max: 70_000 }), fc.constantFrom('x', 'ß', '木', '🧩'))
    .map(([length, letter]) => letter.repeat(length));
  const data = fc.oneof({ weight: 5, arbitrary: fc.jsonValue() }, { weight: 1, arbitrary: large });
  fc.assert(
    fc.property(attributes, data, (told, content) => {
      const value = JSON.stringify(content);
      const { type, timestamp, subject, sequence } = told;
      const headers = { ce_type: type, ce_time: timestamp, ce_subject: subject, ce_sequence: String(sequence) };
      const body = bodyOf({ headers, value });
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MOST_BYTES);
      const read = JSON.parse(body) as Record<string, unknown>;
      expect(read).toMatchObject(told);
      if ('omitted' in read)
        expect([read['data'], read['omitted']]).toEqual([null, { bytes: Buffer.byteLength(value), most: MOST_BYTES }]);
      else expect(read['data']).toEqual(JSON.parse(value));
    }),
  );
});

const event = fc.constantFrom(...services.flatMap(typesOf));

/** A name, or a beginning of one, of an event. */
const pattern = fc.tuple(event, fc.boolean(), fc.option(fc.nat(60))).map(([type, isShort, length]) => {
  const name = isShort ? shortName(type) : type;
  return length === null || length >= name.length ? name : `${name.slice(0, length)}*`;
});

test('given any patterns, then they name what some one of them names or begins, however the service is spelled', () => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 5 }), event, (patterns, type) => {
      const wanted = patterns.some((one) =>
        [type, shortName(type)].some((name) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one)),
      );
      expect(createMatcher(patterns)(type)).toBe(wanted);
      const hyphened = patterns.map((one) => one.replace(/^customer360\./, 'customer-360.'));
      expect(createMatcher(hyphened)(type)).toBe(wanted);
    }),
  );
});

test('given a pattern, then it is refused where and only where it names no event of the service', () => {
  fc.assert(
    fc.property(fc.oneof(pattern, text), fc.constantFrom(...services), (one, service) => {
      const names = typesOf(service).filter(createMatcher([one]));
      expect(patternFault(one, service) === undefined).toBe(names.length > 0);
    }),
  );
});
