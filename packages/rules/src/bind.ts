/** Facts come as plain JSON; expressions see declared types: whole numbers as BigInt, instants as dates. */
import type { Fields, FieldType, Shape } from './shapes.ts';

/** One converted variable. */
export interface BoundVariable {
  readonly value: object;
  /** Items of the longest list or map inside: loops run that often at most. */
  readonly longestList: number;
  /** Characters of the longest text inside. */
  readonly longestText: number;
}

/** The plain facts behind a struct, for `has()`: a struct's own fields are filled with defaults. */
const PRESENT = Symbol('present');

type Struct = Record<string | symbol, unknown>;

/** Whether the facts behind a struct carry the field. */
export function isPresent(struct: object, field: string): boolean {
  const facts = (struct as Struct)[PRESENT] as Record<string, unknown>;
  return Object.hasOwn(facts, field) && facts[field] !== undefined && facts[field] !== null;
}

/** An absent field reads as its type's empty value, as an absent field of a protobuf message does. */
const EMPTY: Readonly<Record<FieldType, unknown>> = {
  string: '',
  bool: false,
  int: 0n,
  double: 0,
  timestamp: new Date(0),
  'list<string>': Object.freeze([]),
  'map<string, string>': new Map<string, string>(),
  'map<string, int>': new Map<string, bigint>(),
  'map<string, dyn>': new Map<string, unknown>(),
};

const whole = (value: unknown): unknown => (Number.isSafeInteger(value) ? BigInt(value as number) : value);

const entries = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** A value of another type than declared is handed on as it is: the evaluation then names the field in its error. */
function convert(type: FieldType, value: unknown): unknown {
  switch (type) {
    case 'int':
      return whole(value);
    case 'timestamp':
      return typeof value === 'string' ? new Date(value) : value;
    case 'map<string, int>':
      return new Map(entries(value).map(([key, item]) => [key, whole(item)]));
    case 'string':
    case 'bool':
    case 'double':
    case 'list<string>':
    case 'map<string, string>':
    case 'map<string, dyn>':
      return value;
  }
}

type Convert = (facts: object) => object;

/** Fields are listed once, not for every object: that halves the time. */
function structOf(fields: Fields, prototype: object): Convert {
  const typed = Object.entries(fields);
  return (facts) => {
    const plain = facts as Record<string, unknown>;
    const struct = Object.create(prototype) as Struct;
    for (const [name, type] of typed) {
      const value = Object.hasOwn(plain, name) ? plain[name] : undefined;
      struct[name] = value === undefined || value === null ? EMPTY[type] : convert(type, value);
    }
    struct[PRESENT] = facts;
    return struct;
  };
}

interface Extent {
  longestList: number;
  longestText: number;
}

const MAX_DEPTH = 64;

function measure(value: unknown, extent: Extent, depth: number): void {
  if (typeof value === 'string') {
    if (value.length > extent.longestText) extent.longestText = value.length;
    return;
  }
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  let items = 0;
  if (Array.isArray(value)) {
    items = value.length;
    for (const item of value) measure(item, extent, depth + 1);
  } else {
    for (const key in value) {
      items += 1;
      measure((value as Record<string, unknown>)[key], extent, depth + 1);
    }
  }
  if (items > extent.longestList) extent.longestList = items;
}

/**
 * How the facts of one variable are converted.
 * @param prototype marks structs of one type, so that the evaluator recognises them.
 */
export function createBinder(shape: Shape, prototype: object): (facts: object) => BoundVariable {
  const toValue: Convert = shape === 'free-form' ? (facts) => facts : structOf(shape.fields, prototype);
  return (facts) => {
    const extent: Extent = { longestList: 0, longestText: 0 };
    measure(facts, extent, 0);
    return { value: toValue(facts), longestList: extent.longestList, longestText: extent.longestText };
  };
}
