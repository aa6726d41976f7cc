/**
 * Looks an expression over before it is accepted: only the offered functions, loops over what is at hand, patterns
 * known beforehand. With that, `cost.ts` can tell what an evaluation costs at most, and nothing can grow: a value made
 * by `+` is never what a loop runs over.
 */
import { FOUND_BY_RE2, PRESENT_IN } from './cel.ts';
import type { Node } from './cel.ts';
import { perCharacter, repeated, steps, sum } from './cost.ts';
import type { Cost } from './cost.ts';
import { inspectPattern } from './pattern.ts';
import type { Variables } from './shapes.ts';

/** `map`, `join`, `split` and `cel.bind` are left out: each lets a short expression build something huge. */
const FUNCTIONS = new Set(
  (
    'size bool int double string type timestamp duration dyn contains startsWith endsWith matches lowerAscii upperAscii ' +
    'trim indexOf lastIndexOf substring getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear getHours ' +
    'getMinutes getSeconds getMilliseconds'
  ).split(' '),
);
const LOOPS = new Set(['exists', 'all', 'exists_one', 'filter']);

/** Replaces a part of the source. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Scope {
  readonly source: string;
  readonly variables: Variables;
  readonly loopVariables: readonly string[];
  readonly problems: string[];
  readonly edits: Edit[];
  /** How often `+` stands there: a text can become that many times longer. */
  readonly growth: { factor: number };
}

/** What was found in an expression. */
export interface Inspection {
  readonly problems: readonly string[];
  readonly cost: Cost;
  readonly growth: number;
  /** The source with `matches` and `has` in the form that this package evaluates. */
  readonly source: string;
}

function complain(scope: Scope, node: Node, problem: string): Cost {
  scope.problems.push(`${problem} (at character ${String(node.start + 1)})`);
  return steps(1);
}

/** The variable and first field of a path such as `case.attributes.city`. */
function rootOf(node: Node): { readonly variable: string; readonly field: string; readonly depth: number } | undefined {
  let depth = 0;
  let current = node;
  while (current.op === '.') {
    const [parent, field] = current.args;
    depth += 1;
    if (parent.op === 'id') return { variable: parent.args, field, depth };
    current = parent;
  }
  return undefined;
}

/** The library's `has` looks at a struct's value, where absent fields hold defaults: it is rewritten to ask the facts. */
function inspectHas(node: Node & { readonly op: 'call' }, scope: Scope): Cost {
  const root = node.args[1][0] === undefined ? undefined : rootOf(node.args[1][0]);
  if (root === undefined || scope.loopVariables.includes(root.variable)) return steps(5);
  const shape = scope.variables[root.variable];
  if (shape === undefined || shape === 'free-form') return steps(5);
  if (!Object.hasOwn(shape.fields, root.field)) {
    return complain(scope, node, `${root.variable} has no field '${root.field}'`);
  }
  if (root.depth === 1) {
    const text = `${PRESENT_IN}(${root.variable}, ${JSON.stringify(root.field)})`;
    scope.edits.push({ start: node.start, end: node.end, text });
  }
  return steps(5);
}

function inspectMatches(node: Node, pattern: Node | undefined, scope: Scope): Cost {
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
    return complain(scope, node, 'the pattern of matches() must be a text written out');
  }
  const found = inspectPattern(pattern.args);
  if ('refused' in found) return complain(scope, pattern, found.refused);
  const start = scope.source.lastIndexOf('matches', pattern.start);
  scope.edits.push({ start, end: start + 'matches'.length, text: FOUND_BY_RE2 });
  return perCharacter(2 + 0.08 * found.size);
}

function mentionsLoopVariable(node: Node, scope: Scope): boolean {
  return childrenOf(node).some((child) => mentionsLoopVariable(child, scope)) || isLoopVariable(node, scope);
}

const isLoopVariable = (node: Node, scope: Scope): boolean =>
  node.op === 'id' && scope.loopVariables.includes(node.args);

/** How often a loop over this range runs, or that it may not be one. */
function rounds(range: Node, scope: Scope): number | 'each item' | 'refused' {
  if (range.op === 'id' || range.op === '.' || range.op === '[]') return 'each item';
  if (range.op === 'list') return mentionsLoopVariable(range, scope) ? 'refused' : range.args.length;
  if (range.op === 'rcall' && range.args[0] === 'filter') return rounds(range.args[1], scope);
  return 'refused';
}

function inspectLoop(node: Node & { readonly op: 'rcall' }, scope: Scope): Cost {
  const [name, range, [variable, body]] = node.args;
  if (variable?.op !== 'id' || body === undefined)
    return complain(scope, node, `${name}() needs a name and a condition`);
  const times = rounds(range, scope);
  if (times === 'refused') {
    return complain(scope, range, 'a loop runs over a field, a list written out, or filter() of one');
  }
  const inner = { ...scope, loopVariables: [...scope.loopVariables, variable.args] };
  return sum([inspectNode(range, scope), repeated(sum([inspectNode(body, inner), steps(2)]), times)]);
}

function inspectCall(node: Node & { readonly op: 'call' | 'rcall' }, scope: Scope): Cost {
  const name = node.args[0];
  if (node.op === 'call' && name === 'has') return inspectHas(node, scope);
  if (node.op === 'rcall' && LOOPS.has(name)) return inspectLoop(node, scope);
  if (!FUNCTIONS.has(name)) return complain(scope, node, `${name}() is not offered`);
  const parts = childrenOf(node).map((child) => inspectNode(child, scope));
  if (node.op === 'rcall' && name === 'matches') return sum([...parts, inspectMatches(node, node.args[2][0], scope)]);
  return sum([...parts, perCharacter(0.25)]);
}

/** The parts of a node that are nodes. */
export function childrenOf(node: Node): readonly Node[] {
  if (node.op === 'value' || node.op === 'id') return [];
  if (node.op === '!_' || node.op === '-_') return [node.args];
  if (node.op === '.' || node.op === '.?') return [node.args[0]];
  if (node.op === 'call') return node.args[1];
  if (node.op === 'rcall') return [node.args[1], ...node.args[2]];
  return node.op === 'map' ? node.args.flat() : node.args;
}

function inspectNode(node: Node, scope: Scope): Cost {
  if (node.op === 'call' || node.op === 'rcall') return inspectCall(node, scope);
  const parts = childrenOf(node).map((child) => inspectNode(child, scope));
  if (node.op === '+') scope.growth.factor += 1;
  return sum([...parts, steps(1, looksAtEveryItem(node) ? 1 : 0)]);
}

/** Membership and equality do, unless one side is a plain value or the list is written out and short. */
function looksAtEveryItem(node: Node): boolean {
  if (node.op === 'in') return node.args[1].op !== 'list';
  return (node.op === '==' || node.op === '!=') && node.args.every((side) => side.op !== 'value');
}

function apply(edits: readonly Edit[], source: string): string {
  const fromTheEnd = edits.toSorted((a, b) => b.start - a.start);
  return fromTheEnd.reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), source);
}

/** Inspects a parsed expression. */
export function inspect(root: Node, source: string, variables: Variables): Inspection {
  const scope: Scope = { source, variables, loopVariables: [], problems: [], edits: [], growth: { factor: 1 } };
  const cost = inspectNode(root, scope);
  return { problems: scope.problems, cost, growth: scope.growth.factor, source: apply(scope.edits, source) };
}
