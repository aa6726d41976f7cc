/** What an expression looks at: where facts agree on all of that, it cannot tell them apart. */
import { PRESENT_IN } from './cel.ts';
import type { Node } from './cel.ts';
import { childrenOf } from './inspect.ts';
import type { Expression } from './language.ts';

/** `['case', 'attributes', 'city']`; a variable alone: any of its fields. */
export type Mention = readonly [variable: string, ...path: string[]];

/** Every variable with the field, or the key of a map, that is looked at; some may be there twice. */
export function mentions<N extends string>({ parsed, language }: Expression<N>): Mention[] {
  const names: ReadonlySet<string> = new Set(language.names);
  const found: Mention[] = [];
  const look = (node: Node): void => {
    const mention = pathOf(node) ?? presenceOf(node);
    if (mention === undefined) for (const child of childrenOf(node)) look(child);
    // Loop variables are parts of what the loop runs over, which is mentioned itself.
    else if (names.has(mention[0])) found.push(mention);
  };
  look(parsed.ast);
  return found;
}

/** `case`, `case.product`, `case.attributes.city`, `case.attributes["city"]`. */
function pathOf(node: Node): Mention | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op === '.') {
    const parent = pathOf(node.args[0]);
    return parent && [...parent, node.args[1]];
  }
  if (node.op !== '[]') return undefined;
  const [from, key] = node.args;
  if (key.op !== 'value' || typeof key.args !== 'string') return undefined;
  const parent = pathOf(from);
  return parent && [...parent, key.args];
}

/** `has(case.product)`, in the form that it was rewritten to. */
function presenceOf(node: Node): Mention | undefined {
  if (node.op !== 'call' || node.args[0] !== PRESENT_IN) return undefined;
  const [variable, field] = node.args[1];
  if (variable?.op !== 'id' || field?.op !== 'value' || typeof field.args !== 'string') return undefined;
  return [variable.args, field.args];
}
