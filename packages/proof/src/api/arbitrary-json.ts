/** JSON that fits a schema, as fast-check makes it. `hints` know what a schema cannot say: by field, they come first. */
import fc from 'fast-check';
import { resolved, type JsonSchema, type Operation } from './operations.ts';

export type Hints = (field: string) => fc.Arbitrary<unknown> | undefined;

export const noHints: Hints = () => undefined;

interface At {
  readonly hints: Hints;
  readonly components: Operation['components'];
  /** Names from the root, joined by dots. */
  readonly path: string;
}

const text = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 24)) })
    .filter((value) => value.isWellFormed() && !value.includes('\0') && value.length <= maxLength);

/** Dates the contract takes. */
const instant = fc
  .date({ min: new Date('1971-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

export function fitting(schema: JsonSchema, at: At): fc.Arbitrary<unknown> {
  const name = at.path.slice(at.path.lastIndexOf('.') + 1);
  const hint = at.hints(name);
  if (hint !== undefined) return hint;
  const shape = resolved(schema, at.components);
  const choices = (shape['anyOf'] ?? shape['oneOf']) as readonly JsonSchema[] | undefined;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => fitting(choice, at)));
  if ('const' in shape) return fc.constant(shape['const']);
  if (Array.isArray(shape['enum'])) return fc.constantFrom(...(shape['enum'] as unknown[]));
  return ofType(shape, at);
}

function ofType(schema: JsonSchema, at: At): fc.Arbitrary<unknown> {
  const min = (key: string, otherwise: number): number => (typeof schema[key] === 'number' ? schema[key] : otherwise);
  switch (schema['type']) {
    case 'string':
      if (schema['format'] === 'date-time') return instant;
      return text(min('minLength', 0), min('maxLength', 24));
    case 'integer':
      return fc.integer({
        min: Math.max(min('minimum', 0), -2_147_483_648),
        max: Math.min(min('maximum', 1000), 2_147_483_647),
      });
    case 'number':
      return fc.double({
        min: min('exclusiveMinimum', min('minimum', 0)) + 0.001,
        max: min('exclusiveMaximum', min('maximum', 1000)) - 0.001,
        noNaN: true,
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(fitting((schema['items'] ?? {}) as JsonSchema, at), {
        minLength: min('minItems', 0),
        maxLength: Math.min(min('maxItems', 3), Math.max(3, min('minItems', 0))),
      });
    case 'object':
      return ofObject(schema, at);
    default:
      return fc.oneof(text(0, 24), fc.integer(), fc.boolean(), fc.constant(null));
  }
}

function ofObject(schema: JsonSchema, at: At): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const inner = (name: string): At => ({ ...at, path: at.path === '' ? name : `${at.path}.${name}` });
  const model = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, fitting(property, inner(name))]),
  );
  const known = fc.record(model, { requiredKeys: (schema['required'] ?? []) as string[] });
  const others = schema['additionalProperties'];
  if (typeof others !== 'object' || others === null) return known;
  const keys = fitting((schema['propertyNames'] ?? { type: 'string', minLength: 1 }) as JsonSchema, inner('*key'));
  const names = keys.map(String).filter((key) => key !== '__proto__');
  const free = fc.dictionary(names, fitting(others as JsonSchema, inner('*')), { maxKeys: 3, noNullPrototype: true });
  return fc.tuple(known, free).map(([named, rest]) => ({ ...rest, ...named }));
}
