/** Looks into JSON that a stranger sent, without expecting anything of it. */

export type Piece = Readonly<Record<string, unknown>>;

export function isPiece(value: unknown): value is Piece {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What lies under a path; `undefined` when there is nothing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (!isPiece(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}

/** What PostgreSQL cannot hold has no place in a text: NUL and halves of characters. */
const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();

const MAX_DEPTH = 16;

/** The same JSON with clean texts, cut off where it is nested deeper than anything a provider says. */
export function storable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.map((item) => storable(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), storable(item, depth + 1)]));
}

/** A text or number under a path, as text without blanks around it; '' when there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' ? clean(found).trim() : '';
}

/** The items of a list under a path; none when it is no list. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}
