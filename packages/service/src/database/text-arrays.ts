/**
 * Arrays of text on their way to PostgreSQL, in its binary form: nothing is quoted here and nothing parsed there.
 * Batches are such arrays, one a column, and documents in them are all quotes.
 */

/** `text`, from PostgreSQL's catalogue of types. */
const TEXT_OID = 25;
/** Dimensions, whether there are nulls, the element's type, length and lower bound: 4 bytes each. */
const HEADER = 20;
const NULL_LENGTH = -1;

/** Positions of the parameters that a statement casts to `text[]`. */
export function textArrayParameters(statement: string): readonly number[] {
  const found = [...statement.matchAll(/\$(\d+)::text\[\]/gu)];
  return [...new Set(found.map(([, number]) => Number(number) - 1))];
}

/** The values with those at the positions encoded. */
export function encodeTextArrays(values: readonly unknown[], positions: readonly number[]): unknown[] {
  const encoded = [...values];
  for (const position of positions) {
    const value = values[position];
    if (Array.isArray(value)) encoded[position] = encodeTextArray(value as readonly (string | null)[]);
  }
  return encoded;
}

/** One dimension of text or null, as the server's `array_recv` reads it. */
export function encodeTextArray(texts: readonly (string | null)[]): Buffer {
  let size = HEADER;
  for (const text of texts) size += 4 + (text === null ? 0 : Buffer.byteLength(text));
  const bytes = Buffer.allocUnsafe(size);
  bytes.writeInt32BE(texts.length === 0 ? 0 : 1, 0);
  bytes.writeInt32BE(texts.includes(null) ? 1 : 0, 4);
  bytes.writeInt32BE(TEXT_OID, 8);
  bytes.writeInt32BE(texts.length, 12);
  bytes.writeInt32BE(1, 16);
  let at = HEADER;
  for (const text of texts) {
    const length = text === null ? NULL_LENGTH : bytes.write(text, at + 4);
    bytes.writeInt32BE(length, at);
    at += 4 + Math.max(0, length);
  }
  // Without elements there are no dimensions either.
  return texts.length === 0 ? bytes.subarray(0, 12) : bytes;
}
