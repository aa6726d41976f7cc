/** Dimensions as they are asked, and what a schema cannot say about them. */
import { compile, compileTo, matchLanguage, mentions } from '@switchboard/rules';
import type { CompiledDimension, DimensionDefinition, Dimensions, DimensionState } from './state.ts';

interface Fault {
  readonly field: string;
  readonly reason: string;
}

/** What is another one for nearly every case. */
const UNBOUNDED = new Set(['case id', 'case subject', 'case openedAt', 'contact text', 'customer id']);

const compiled = (source: string) => compileTo(matchLanguage, source, { result: 'plain' });

/** One that does not compile any more has no value: promises are kept all the same. */
export function compiledDimensions(
  states: readonly (Pick<DimensionState, 'id' | 'definition'> & { readonly updatedAt: string })[],
): Dimensions {
  const all = states.map(({ id, definition: { value }, updatedAt }): CompiledDimension => {
    const result = compiled(value);
    return { id, since: updatedAt, expression: result.ok ? result.expression : undefined };
  });
  return { all, asks: { values: states.map(({ definition }) => definition.value) } };
}

export function checkDimension({ value }: DimensionDefinition): readonly Fault[] {
  const result = compiled(value);
  if (!result.ok) return result.errors.map(({ reason }) => ({ field: 'value', reason }));
  if (mentions(result.expression).length > 0) return [];
  return [
    { field: 'value', reason: 'looks at nothing of case, contact or customer: it is the same for every promise' },
  ];
}

/** What looks wrong with one that can be asked. */
export function lintDimension({ value }: DimensionDefinition): readonly Fault[] {
  const result = compiled(value);
  if (!result.ok || compile(matchLanguage, value).ok) return [];
  const paths = mentions(result.expression).map((path) => path.join(' '));
  const found = paths.find((path) => UNBOUNDED.has(path));
  if (found === undefined) return [];
  const name = found.replace(' ', '.');
  return [
    { field: 'value', reason: `${name} is another one for nearly every case: reports show the commonest values` },
  ];
}
