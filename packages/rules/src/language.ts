import { createBinder } from './bind.ts';
import type { BoundVariable } from './bind.ts';
import { createEngine, explain, readable } from './cel.ts';
import type { Engine, Parsed } from './cel.ts';
import { estimate } from './cost.ts';
import type { Cost, Extent } from './cost.ts';
import { inspect } from './inspect.ts';
import type { Facts, Variables } from './shapes.ts';

/** Longest accepted expression, in characters. */
export const MAX_LENGTH = 2_000;
/** Units (see `cost.ts`) one evaluation may cost: about 100 ms. */
const BUDGET = 5_000_000;
/** An expression that cannot be afforded even over facts as small as these is refused when it is saved. */
const SMALL: Extent = { longestList: 20, longestText: 1_000 };

/** Converts one variable's facts, and remembers what it has converted. */
interface Binder {
  readonly known: WeakMap<object, BoundVariable>;
  convert(facts: object): BoundVariable;
}

/** A set of typed variables that expressions are compiled against. */
export interface Language<N extends string = string> {
  readonly variables: Variables;
  readonly names: readonly N[];
  readonly engine: Engine;
  readonly binders: Readonly<Record<N, Binder>>;
}

/** A compiled condition over the variables `N`. */
export interface Expression<N extends string = string> {
  readonly source: string;
  readonly language: Language<N>;
  readonly parsed: Parsed;
  readonly cost: Cost;
  readonly growth: number;
}

/** Facts made ready for any number of expressions of one language. */
export interface Bound<N extends string = string> {
  readonly language: Language<N>;
  readonly values: Readonly<Record<string, object>>;
  readonly extent: Extent;
}

/** Why an expression is refused; `field` is the one the caller named. */
export interface Problem {
  readonly field?: string;
  readonly reason: string;
}

/** A compiled expression, or every reason against it. */
export type Compiled<N extends string> =
  | { readonly ok: true; readonly expression: Expression<N> }
  | { readonly ok: false; readonly errors: readonly Problem[] };

/** `error`: the expression could not be decided over these facts, which counts as no match and is worth recording. */
export type Verdict = boolean | { readonly error: string };

const NOTHING = Object.freeze({});

/** Prepares a language; slow (milliseconds), so once a process. */
export function createLanguage<const V extends Variables>(variables: V): Language<keyof V & string> {
  const names = Object.keys(variables) as (keyof V & string)[];
  const engine = createEngine(variables);
  const binders = Object.entries(variables).map(([name, shape]): [string, Binder] => [
    name,
    { known: new WeakMap(), convert: createBinder(shape, engine.prototypes[name] ?? NOTHING) },
  ]);
  return { variables, names, engine, binders: Object.fromEntries(binders) as Language<keyof V & string>['binders'] };
}

const reachOf = (extent: Extent, growth: number): Extent => ({
  longestList: extent.longestList * growth + 1,
  longestText: extent.longestText * growth + MAX_LENGTH,
});

/** What an expression yields: a condition is true or false; `plain` is whatever can be written as a short text. */
export type ResultType = 'bool' | 'string' | 'timestamp' | 'plain';

const INSTANT = 'google.protobuf.Timestamp';

const described: Readonly<Record<ResultType, { readonly types: readonly string[]; readonly must: string }>> = {
  bool: { types: ['bool'], must: 'must be true or false' },
  string: { types: ['string'], must: 'must be a text' },
  timestamp: { types: [INSTANT], must: 'must be an instant' },
  plain: {
    types: ['string', 'int', 'double', 'bool', INSTANT],
    must: 'must be a text, a number, an instant, or true or false',
  },
};

function build<N extends string>(
  language: Language<N>,
  source: string,
  result: ResultType,
): Expression<N> | readonly string[] {
  if (source.length > MAX_LENGTH) return [`longer than ${String(MAX_LENGTH)} characters`];
  const { environment } = language.engine;
  const asWritten = environment.parse(source);
  const { problems, cost, growth, source: rewritten } = inspect(asWritten.ast, source, language.variables);
  if (problems.length > 0) return problems;
  const checked = asWritten.check();
  if (!checked.valid) return [explain(checked.error)];
  const { types, must } = described[result];
  const type = checked.type ?? 'unknown';
  if (!types.includes(type) && type !== 'dyn') {
    return [`${must}, but is of type ${readable(type)}`];
  }
  if (estimate(cost, reachOf(SMALL, growth)) > BUDGET) return ['too much work: its loops are nested too deeply'];
  const parsed = rewritten === source ? asWritten : environment.parse(rewritten);
  parsed.check();
  return { source, language, parsed, cost, growth };
}

/**
 * Compiles a condition: bounded in length, nesting, lists and work, type-checked, its result a bool (or free-form,
 * then looked at when evaluated).
 * @param field named in the errors, for the caller's problem report.
 */
export function compile<N extends string>(language: Language<N>, source: string, field?: string): Compiled<N> {
  return compileTo(language, source, { result: 'bool', field });
}

/** The same for an expression that yields something else. */
export function compileTo<N extends string>(
  language: Language<N>,
  source: string,
  { result, field }: { readonly result: ResultType; readonly field?: string | undefined },
): Compiled<N> {
  const refuse = (reasons: readonly string[]): Compiled<N> => ({
    ok: false,
    errors: reasons.map((reason) => (field === undefined ? { reason } : { field, reason })),
  });
  try {
    const built = build(language, source, result);
    return 'parsed' in built ? { ok: true, expression: built } : refuse(built);
  } catch (error) {
    return refuse([explain(error)]);
  }
}

function bindOne(binder: Binder, facts: object): BoundVariable {
  const known = binder.known.get(facts);
  if (known !== undefined) return known;
  const bound = binder.convert(facts);
  binder.known.set(facts, bound);
  return bound;
}

/**
 * Makes facts ready. Each variable's facts are converted once and remembered by identity: an agent looked at for a
 * thousand cases is converted once.
 */
export function bind<N extends string>(language: Language<N>, facts: Facts<NoInfer<N>>): Bound<N> {
  const values: Record<string, object> = {};
  let longestList = 0;
  let longestText = 0;
  for (const name of language.names) {
    const variable = bindOne(language.binders[name], facts[name] ?? NOTHING);
    values[name] = variable.value;
    longestList = Math.max(longestList, variable.longestList);
    longestText = Math.max(longestText, variable.longestText);
  }
  return { language, values, extent: { longestList, longestText } };
}

/** Units (see `cost.ts`) that an evaluation costs at most over these facts; one is about 20 ns. */
export function costOf<N extends string>({ cost, growth }: Expression<N>, { extent }: Bound<NoInfer<N>>): number {
  return Math.min(BUDGET, estimate(cost, reachOf(extent, growth)));
}

/** Decides a condition over facts. Never throws. */
export function evaluate<N extends string>(expression: Expression<N>, facts: Bound<NoInfer<N>>): Verdict {
  const result = evaluateTo(expression, facts);
  if ('error' in result) return result;
  const { value } = result;
  return typeof value === 'boolean' ? value : { error: `the result is no bool, but ${typeof value}` };
}

/** What an expression yields over facts: a text, an instant (`Date`), true or false. Never throws. */
export function evaluateTo<N extends string>(
  expression: Expression<N>,
  facts: Bound<NoInfer<N>>,
): { readonly value: unknown } | { readonly error: string } {
  if (facts.language !== expression.language) return { error: 'the facts were bound for another language' };
  if (estimate(expression.cost, reachOf(facts.extent, expression.growth)) > BUDGET) {
    return { error: 'too much work for facts of this size' };
  }
  try {
    return { value: expression.parsed(facts.values) };
  } catch (error) {
    return { error: explain(error) };
  }
}
