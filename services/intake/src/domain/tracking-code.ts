/**
 * What a customer may look a case up with: 60 random bits and a check character in Crockford's base 32, which has no
 * letters that are read for digits: `7K3M-0Q2X-9ABC1`.
 *
 * The check character is a sum over GF(32) in which every position has a weight of its own: every single wrong
 * character and every swap of two, neighbours or not, is found, for certain. Crockford's own check (mod 37) finds as
 * much, but with five symbols more (`*~$=U`) that URLs and mail programs treat specially; an ISO 7064 check within 32
 * characters misses some.
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SYMBOLS = 12;
/** Bytes of randomness a code is made of. */
export const trackingRandomBytes = 8;

/** Times x in GF(32), by x^5 + x^2 + 1; x generates all 31 non-zero elements. */
const timesX = (element: number): number => ((element << 1) ^ (element & 16 ? 0b100101 : 0)) & 31;

/** By Horner's rule: the first symbol weighs x^12, the last x; the check symbol itself weighs 1. */
const checkOf = (symbols: readonly number[]): number => symbols.reduce((sum, symbol) => timesX(sum ^ symbol), 0);

const group = (text: string): string => `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
const spell = (symbols: readonly number[]): string => symbols.map((symbol) => ALPHABET.charAt(symbol)).join('');

/** A code of the given random bytes; the first 60 bits count. */
export function newTrackingCode(bytes: Uint8Array): string {
  if (bytes.length < trackingRandomBytes) throw new RangeError(`needs ${String(trackingRandomBytes)} random bytes`);
  const symbols: number[] = [];
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    for (bits += 8; bits >= 5 && symbols.length < SYMBOLS; bits -= 5) symbols.push((pending >>> (bits - 5)) & 31);
    pending &= (1 << bits) - 1;
    if (symbols.length === SYMBOLS) break;
  }
  return group(spell([...symbols, checkOf(symbols)]));
}

/**
 * The code as it was given out, however it was typed: small letters, I and L for 1, O for 0, blanks, no hyphens.
 * `undefined` when it is none, or mistyped.
 */
export function parseTrackingCode(text: string): string | undefined {
  if (text.length > 64) return undefined;
  const plain = text
    .toUpperCase()
    .replace(/[\s\u2010-\u2015-]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
  if (plain.length !== SYMBOLS + 1) return undefined;
  const symbols = Array.from(plain, (character) => ALPHABET.indexOf(character));
  if (symbols.includes(-1)) return undefined;
  return checkOf(symbols.slice(0, SYMBOLS)) === symbols[SYMBOLS] ? group(plain) : undefined;
}

/** The first valid code in a mail's subject, written `[#7K3M-…]`. */
export function trackingCodeInSubject(subject: string): string | undefined {
  for (const [, text] of subject.matchAll(/\[#([^\]]{13,40})\]/g)) {
    const code = parseTrackingCode(text ?? '');
    if (code !== undefined) return code;
  }
  return undefined;
}
