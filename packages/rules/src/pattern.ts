/**
 * Regular expressions of `matches()`, by RE2: linear in the text, whatever the pattern. JavaScript's own engine
 * backtracks: `(a+)+$` over thirty letters would stop the process for seconds.
 */
import { RE2JS } from 're2js';

/** Instructions of a compiled pattern; counted repeats multiply (`(x{30}){30}` has 962). */
const MAX_PROGRAM = 1_000;
/** Patterns kept compiled, over all expressions of the process. */
const MAX_KEPT = 1_000;

const kept = new Map<string, RE2JS>();

function compiled(source: string): RE2JS {
  const known = kept.get(source);
  if (known !== undefined) return known;
  const pattern = RE2JS.compile(source);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(source, pattern);
  return pattern;
}

/** Size of the compiled pattern, or why it is refused. */
export function inspectPattern(source: string): { readonly size: number } | { readonly refused: string } {
  try {
    const size = compiled(source).programSize();
    if (size <= MAX_PROGRAM) return { size };
    return { refused: `the pattern is too large: ${String(size)} instructions, at most ${String(MAX_PROGRAM)}` };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether the pattern is found anywhere in the text. */
export function matchesPattern(text: string, source: string): boolean {
  return compiled(source).test(text);
}
