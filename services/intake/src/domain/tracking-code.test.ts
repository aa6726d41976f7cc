import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newTrackingCode, parseTrackingCode, trackingCodeInSubject, trackingRandomBytes } from './tracking-code.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codes = fc
  .uint8Array({ minLength: trackingRandomBytes, maxLength: trackingRandomBytes })
  .map((bytes) => newTrackingCode(bytes));

describe('a tracking code', () => {
  test('given random bytes, then it is grouped, and safe in a URL', () => {
    fc.assert(
      fc.property(codes, (code) => {
        expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}$/);
        expect(encodeURIComponent(code)).toBe(code);
      }),
    );
  });

  test('given two times 60 bits, then they are two codes', () => {
    const of = (...bytes: number[]): string => newTrackingCode(Uint8Array.from({ length: 8 }, (_, i) => bytes[i] ?? 0));
    const firstBit = of(128);
    const lastCountedBit = of(0, 0, 0, 0, 0, 0, 0, 16);
    expect(new Set([of(), firstBit, lastCountedBit]).size).toBe(3);
    expect(of(0, 0, 0, 0, 0, 0, 0, 15)).toBe(of());
  });

  test('given the ways people type, then it is the same code', () => {
    fc.assert(
      fc.property(codes, (code) => {
        const bare = code.replaceAll('-', '');
        const slips = [
          code,
          bare,
          bare.toLowerCase(),
          ` ${bare.slice(0, 6)} ${bare.slice(6)} `,
          code.replaceAll('-', '–'),
        ];
        slips.push(code.replaceAll('1', 'l').replaceAll('0', 'o'), code.replaceAll('1', 'I'));
        for (const slip of slips) expect(parseTrackingCode(slip)).toBe(code);
      }),
    );
  });

  test('given any single wrong character, then it is none', () => {
    fc.assert(
      fc.property(codes, fc.nat({ max: 12 }), fc.constantFrom(...Array.from(ALPHABET)), (code, position, character) => {
        const bare = code.replaceAll('-', '');
        fc.pre(bare[position] !== character);
        expect(parseTrackingCode(bare.slice(0, position) + character + bare.slice(position + 1))).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  test('given any two characters swapped, neighbours or not, then it is none', () => {
    fc.assert(
      fc.property(codes, fc.nat({ max: 12 }), fc.nat({ max: 12 }), (code, one, other) => {
        const characters = Array.from(code.replaceAll('-', ''));
        const [a = '', b = ''] = [characters[one], characters[other]];
        fc.pre(a !== b);
        characters[one] = b;
        characters[other] = a;
        expect(parseTrackingCode(characters.join(''))).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  test('given anything else, then it is none', () => {
    expect(['', '7K3M', 'UUUU-UUUU-UUUUU', '0'.repeat(14), '0'.repeat(10_000)].map(parseTrackingCode)).toEqual(
      Array.from({ length: 5 }),
    );
  });

  test('given a subject that carries it, then it is found', () => {
    const code = newTrackingCode(new Uint8Array(8).fill(77));
    expect(trackingCodeInSubject(`AW: Re: [#12] Your case [#${code}] is open`)).toBe(code);
    expect(trackingCodeInSubject(`Your case [#${code.toLowerCase()}]`)).toBe(code);
    expect(trackingCodeInSubject(`Your case ${code}`)).toBeUndefined();
  });
});
