/**
 * Event payloads as plain JSON objects, in two shapes derived from the generated types: what a domain writes, and
 * what a consumer reads once defaults are filled in.
 */
import type { DescMessage, JsonValue, MessageJsonType, MessageShape } from '@bufbuild/protobuf';

/** A JSON object as it arrives. */
export type Json = null | boolean | number | string | readonly Json[] | JsonRecord;
/** Free-form data (`google.protobuf.Struct`) as it arrives. */
export interface JsonRecord {
  readonly [key: string]: Json;
}

/**
 * Message-valued fields that the protos declare `optional`; every other one is always there. (The generated types do
 * not tell them apart; a test compares this list with the protos.)
 */
export type AbsentField =
  | 'acknowledgedAt'
  | 'attempt'
  | 'begunAt'
  | 'breachedAt'
  | 'by'
  | 'clockBreachedAt'
  | 'clockDueAt'
  | 'dueAt'
  | 'endedAt'
  | 'enteredAt'
  | 'estimate'
  | 'idleSince'
  | 'incentive'
  | 'lastSuccessAt'
  | 'metAt'
  | 'nextAt'
  | 'occurredAt'
  | 'offerFrom'
  | 'oldestEnqueuedAt'
  | 'opensAt'
  | 'owner'
  | 'planStep'
  | 'preferred'
  | 'resolvedAt'
  | 'terms'
  | 'until'
  | 'value'
  | 'workingTime';

type ArrayItem<T> = T extends readonly (infer I)[] ? I : never;
type IsFree<M> =
  JsonValue extends ArrayItem<M>
    ? true
    : string extends keyof M
      ? M extends Record<string, string | number | boolean>
        ? false
        : true
      : false;

/** Keys whose value may be missing although the payload went through `readPayload`. */
type AbsentKeys<M> = {
  [K in keyof M]-?: undefined extends M[K]
    ? NonNullable<M[K]> extends object
      ? K extends AbsentField
        ? K
        : never
      : K
    : never;
}[keyof M];

/** Keys a writer must give: messages that are always there, and ids. */
type NeededKeys<M> = {
  [K in keyof M]-?: K extends 'id'
    ? K
    : undefined extends M[K]
      ? NonNullable<M[K]> extends object
        ? K extends AbsentField
          ? never
          : K
        : never
      : never;
}[keyof M];

/** One field's value; `M` is the generated message type, `J` the generated JSON type of the same field. */
type ReadValue<M, J> = J extends string
  ? M extends number
    ? M
    : J
  : M extends number | boolean
    ? M
    : M extends readonly (infer I)[]
      ? readonly ReadValue<I, ArrayItem<J>>[]
      : IsFree<M> extends true
        ? JsonRecord
        : string extends keyof M
          ? Readonly<M>
          : ReadFields<M, J>;

type ReadFields<M, J> = {
  readonly [K in Exclude<keyof J & keyof M, AbsentKeys<M>>]-?: ReadValue<NonNullable<M[K]>, NonNullable<J[K]>>;
} & {
  readonly [K in keyof J & keyof M & AbsentKeys<M>]?: ReadValue<NonNullable<M[K]>, NonNullable<J[K]>> | undefined;
};

type WriteValue<M, J> = J extends string
  ? M extends number
    ? M
    : J
  : M extends number | boolean
    ? M
    : M extends readonly (infer I)[]
      ? readonly WriteValue<I, ArrayItem<J>>[]
      : IsFree<M> extends true
        ? object
        : string extends keyof M
          ? Readonly<M>
          : WriteFields<M, J>;

type WriteFields<M, J> = {
  readonly [K in keyof J & keyof M & NeededKeys<M>]-?: WriteValue<NonNullable<M[K]>, NonNullable<J[K]>>;
} & {
  readonly [K in Exclude<keyof J & keyof M, NeededKeys<M>>]?:
    WriteValue<NonNullable<M[K]>, NonNullable<J[K]>> | undefined;
};

/** A payload as a consumer sees it: every field that has a default is filled. */
export type ReadPayload<D extends DescMessage> = ReadFields<MessageShape<D>, MessageJsonType<D>>;
/** A payload as a domain writes it: instants as RFC 3339 strings, what has its default may be left out. */
export type WritePayload<D extends DescMessage> = WriteFields<MessageShape<D>, MessageJsonType<D>>;
