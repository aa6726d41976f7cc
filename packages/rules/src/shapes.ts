/**
 * The vocabulary of variable declarations: what an expression may say about its variables, and how plain JSON facts
 * are read for it.
 */

/** Type of a struct's field. JSON carries `int` as a whole number and `timestamp` as an RFC 3339 string. */
export type FieldType =
  | 'string'
  | 'bool'
  | 'int'
  | 'double'
  | 'timestamp'
  | 'list<string>'
  | 'map<string, string>'
  | 'map<string, int>'
  | 'map<string, dyn>';

/** Named, typed fields of a struct. */
export type Fields = Readonly<Record<string, FieldType>>;

/** A struct with typed fields, or free-form JSON whose fields are not known beforehand. */
export type Shape = { readonly fields: Fields } | 'free-form';

/** Variables of a language: name -> shape. */
export type Variables = Readonly<Record<string, Shape>>;

/**
 * Plain JSON for the variables of a language; what is missing is bound as empty. A facts object is converted once and
 * remembered by its identity, so it must not be changed afterwards.
 */
export type Facts<N extends string> = { readonly [V in N]?: object | undefined };
