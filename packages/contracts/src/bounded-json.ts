/** Bounds on free-form JSON, so that one document can neither exhaust the stack nor be refused by PostgreSQL. */
import { isSafeText } from './safe-text.ts';

/** What is wrong, and where. */
export interface JsonProblem {
  readonly path: readonly string[];
  readonly reason: string;
}

/** Bounds of a free-form document. */
export interface JsonBounds {
  /** Levels of nesting. */
  readonly depth: number;
  /** Values of all levels together. */
  readonly values: number;
}

const usual: JsonBounds = { depth: 20, values: 5000 };

/** The first problem of a parsed JSON value, or `undefined`. Never recurses deeper than the bound. */
export function problemOfJson(value: unknown, bounds: JsonBounds = usual): JsonProblem | undefined {
  let left = bounds.values;
  const path: string[] = [];
  const visit = (item: unknown): string | undefined => {
    left -= 1;
    if (left < 0) return `must not hold more than ${String(bounds.values)} values`;
    if (typeof item === 'string') return isSafeText(item) ? undefined : unsafe;
    if (typeof item === 'number') return Number.isFinite(item) ? undefined : 'must be a finite number';
    if (typeof item !== 'object' || item === null) return undefined;
    if (path.length >= bounds.depth) return `must not be nested deeper than ${String(bounds.depth)} levels`;
    return visitEntries(item);
  };
  const visitEntries = (item: object): string | undefined => {
    for (const [key, inner] of Object.entries(item)) {
      if (!isSafeText(key)) return unsafe;
      path.push(key);
      const reason = visit(inner);
      if (reason !== undefined) return reason;
      path.pop();
    }
    return undefined;
  };
  const reason = visit(value);
  return reason === undefined ? undefined : { path, reason };
}

const unsafe = 'must not contain NUL or unpaired surrogates';
