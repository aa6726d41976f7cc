/**
 * Fields that a body's schema does not know. They are refused: what is left out in silence is a misspelt field whose
 * sender believes that it counts. Schemas stay as they are, so that the same ones can read what others publish.
 */
import { z } from 'zod';
import type { FieldError } from './problem.ts';

const mostErrors = 10;

/**
 * What of a body as it was sent is not in it as the schema took it, at any depth. Asks the two values, not the schema,
 * and so holds for unions, records and defaults alike; where a schema makes something else of an object, its fields
 * must keep their names.
 */
export function unknownFields(sent: unknown, taken: unknown, field = ''): FieldError[] {
  if (Array.isArray(sent)) {
    if (!Array.isArray(taken) || taken.length !== sent.length) return [];
    return sent.flatMap((one, index) => unknownFields(one, taken[index], inside(field, String(index))));
  }
  if (!isObject(sent) || !isObject(taken)) return [];
  return Object.entries(sent).flatMap(([name, value]) => {
    const path = inside(field, name);
    return Object.hasOwn(taken, name) ? unknownFields(value, taken[name], path) : [{ field: path, reason }];
  });
}

const reason = 'is not a field of this body';
const inside = (field: string, name: string): string => (field === '' ? name : `${field}.${name}`);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Finds what is unknown of a body, at most ten fields. */
export type FindUnknown = (sent: unknown, taken: unknown) => readonly FieldError[];

/**
 * @param answers schemas of what is shown at the same path: fields such as `version` may come back with what was read,
 * and are not looked at
 */
export function unknownFinder(answers: () => readonly unknown[]): FindUnknown {
  let shown: z.ZodType | undefined;
  return (sent, taken) => {
    const unknown = unknownFields(sent, taken);
    if (unknown.length === 0) return unknown;
    shown ??= allOf(answers());
    const readBack = shown.safeParse(sent);
    if (!readBack.success) return unknown.slice(0, mostErrors);
    const neverShown = new Set(unknownFields(sent, readBack.data).map(({ field }) => field));
    return unknown.filter(({ field }) => neverShown.has(field)).slice(0, mostErrors);
  };
}

/** The fields of all objects among the schemas, none of them needed. */
function allOf(schemas: readonly unknown[]): z.ZodType {
  const objects = schemas.filter((one): one is z.ZodObject => one instanceof z.ZodObject);
  return z.object(Object.assign({}, ...objects.map(({ shape }) => shape)) as z.ZodRawShape).partial();
}
