/**
 * Whether PostgreSQL's `text` and `jsonb` can hold this text: they refuse NUL and, in JSON escapes, unpaired
 * surrogates.
 */
export function isSafeText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
