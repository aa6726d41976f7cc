/** The only file that knows the CEL library. */
import { Environment, EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import type { ASTNode, ParseResult } from '@marcbachmann/cel-js';
import { isPresent } from './bind.ts';
import { matchesPattern } from './pattern.ts';
import type { FieldType, Variables } from './shapes.ts';

/** A node of a parsed expression. */
export type Node = ASTNode;
/** A parsed expression. */
export type Parsed = ParseResult;

/** Deepest nesting of brackets, calls and field paths. */
export const MAX_NESTING = 32;
const MAX_NODES = 500;
const MAX_ITEMS = 100;

/** Names that rewritten calls use; expressions cannot call them, since they are not among the offered functions. */
export const FOUND_BY_RE2 = 'foundByRe2';
export const PRESENT_IN = 'presentIn';

/** A type may not be called as its variable. */
const TYPE_PREFIX = 'type_of_';

export interface Engine {
  readonly environment: Environment;
  /** Prototype of each struct variable's values. */
  readonly prototypes: Readonly<Record<string, object>>;
}

function typeName(type: FieldType): string {
  return type === 'timestamp' ? 'google.protobuf.Timestamp' : type;
}

/** JSON numbers are doubles and literals are mostly integers; CEL compares the two, so let them be reckoned with, too. */
function mixNumbers(environment: Environment): void {
  const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
  };
  for (const [operator, apply] of Object.entries(operations)) {
    const handler = (a: number | bigint, b: number | bigint): number => apply(Number(a), Number(b));
    environment.registerOperator(`int ${operator} double: double`, handler);
    environment.registerOperator(`double ${operator} int: double`, handler);
  }
}

/** Prepares an environment in which exactly the given variables exist. */
export function createEngine(variables: Variables): Engine {
  const environment = new Environment({
    limits: { maxAstNodes: MAX_NODES, maxDepth: MAX_NESTING, maxListElements: MAX_ITEMS, maxMapEntries: MAX_ITEMS },
  });
  const prototypes: Record<string, object> = {};
  for (const [name, shape] of Object.entries(variables)) {
    if (shape === 'free-form') {
      environment.registerVariable(name, 'map<string, dyn>');
      continue;
    }
    const constructor = function (): void {
      throw new Error('structs are made from their prototype; the constructor only names their type');
    };
    prototypes[name] = constructor.prototype as object;
    const fields = Object.fromEntries(Object.entries(shape.fields).map(([field, type]) => [field, typeName(type)]));
    const type = TYPE_PREFIX + name;
    environment.registerType(type, { ctor: constructor, fields });
    environment.registerVariable(name, type);
    environment.registerFunction(`${PRESENT_IN}(${type}, string): bool`, isPresent, { async: false });
  }
  environment.registerFunction(`string.${FOUND_BY_RE2}(string): bool`, matchesPattern, { async: false });
  mixNumbers(environment);
  return { environment, prototypes };
}

/** A type as its reader knows it: structs are called as their variables. */
export const readable = (text: string): string => text.replaceAll(TYPE_PREFIX, '');

/** What the library says of an expression, in one line, with the place. */
export function explain(error: unknown): string {
  if (error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError) {
    const place = error.range === undefined ? '' : ` (at character ${String(error.range.start + 1)})`;
    return readable(error.summary) + place;
  }
  return error instanceof Error ? error.message : String(error);
}
