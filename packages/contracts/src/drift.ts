/** A zod guard and a proto describe one thing twice; here the compiler compares them, both ways. */
import type { z } from 'zod';

/** Keys and value types alone: optional and read-only marks are not compared. */
type Shape<T> = [T] extends [string]
  ? 'text'
  : [T] extends [number]
    ? 'number'
    : [T] extends [boolean]
      ? 'boolean'
      : T extends readonly (infer I)[]
        ? readonly ['list', Shape<I>]
        : string extends keyof T
          ? readonly ['map', T[keyof T] extends string ? 'text' : 'any']
          : { readonly [K in keyof T]-?: Shape<NonNullable<T[K]>> };

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** The keys in which two shapes differ. */
type DifferingKeys<A, B> = {
  [K in keyof A | keyof B]: K extends keyof A & keyof B ? (Same<A[K], B[K]> extends true ? never : K) : K;
}[keyof A | keyof B];

type NoDrift<A, B> = [DifferingKeys<A, B>] extends [never]
  ? unknown
  : { readonly differsFromProtoIn: DifferingKeys<A, B> };

/**
 * Declares a zod object as the guard of a message: `guardOf<ContactReceivedJson>()(z.object({…}))`. Does not compile
 * where their keys or value types differ; the error names the keys.
 */
export function guardOf<J>() {
  return <S extends z.ZodType>(schema: S & NoDrift<Shape<z.output<S>>, Shape<J>>): S => schema;
}
