/** Values from strangers: what no part of the house can store or compare is refused at the door. */
import type { FieldError } from './problem.ts';

/** Deeper than any body of the contract; a bound for whoever walks it recursively. */
const deepest = 32;

/**
 * What is wrong with any string or key in a value, however deep: NUL (PostgreSQL cannot store it), half of a
 * surrogate pair (no UTF-8 for it), too deep nesting. At most ten.
 */
export function textErrors(value: unknown, field = ''): FieldError[] {
  const errors: FieldError[] = [];
  walk(value, field, 0, errors);
  return errors;
}

function walk(value: unknown, field: string, depth: number, errors: FieldError[]): void {
  if (typeof value === 'string') {
    const reason = textFault(value);
    if (reason !== undefined && errors.length < 10) errors.push({ field, reason });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth >= deepest) {
    if (errors.length < 10) errors.push({ field, reason: `is nested deeper than ${String(deepest)} levels` });
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const path = field === '' ? key : `${field}.${key}`;
    if (key === '__proto__') errors.push({ field: path, reason: 'is not a possible name' });
    else if (textFault(key) !== undefined) errors.push({ field, reason: 'has a name that is not valid text' });
    else walk(inner, path, depth + 1, errors);
  }
}

function textFault(text: string): string | undefined {
  if (text.includes('\0')) return 'contains a NUL character';
  if (!text.isWellFormed()) return 'contains half of a surrogate pair';
  return undefined;
}
