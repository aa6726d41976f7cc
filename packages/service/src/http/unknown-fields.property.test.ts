/** Bodies with fields that no schema knows, at any depth. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unknownFields } from './unknown-fields.ts';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

interface Spoiled {
  readonly value: unknown;
  /** Of the fields that were added. */
  readonly paths: readonly string[];
}

/** A field more in every object for which the dice say so. */
function spoil(value: unknown, more: () => boolean, path: readonly string[] = []): Spoiled {
  if (!isObject(value)) return { value, paths: [] };
  const inner = Object.entries(value).map(([name, one]) => [name, spoil(one, more, [...path, name])] as const);
  const paths = inner.flatMap(([, { paths: found }]) => found);
  if (Array.isArray(value)) return { value: inner.map(([, one]) => one.value), paths };
  const taken = Object.fromEntries(inner.map(([name, one]) => [name, one.value]));
  return more()
    ? { value: { ...taken, 'not known': 1 }, paths: [...paths, [...path, 'not known'].join('.')] }
    : { value: taken, paths };
}

const body = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 5 });

test('given any body as it was taken, then nothing of it is unknown', () => {
  fc.assert(
    fc.property(body, (taken) => {
      expect(unknownFields(structuredClone(taken), taken)).toEqual([]);
    }),
  );
});

test('given fields more anywhere, then those are named, each with its path, and no other', () => {
  fc.assert(
    fc.property(body, fc.infiniteStream(fc.boolean()), (taken, dice) => {
      const { value, paths } = spoil(taken, () => dice.next().value === true);
      const found = unknownFields(value, taken).map(({ field }) => field);
      expect(found.sort()).toEqual([...paths].sort());
    }),
  );
});
