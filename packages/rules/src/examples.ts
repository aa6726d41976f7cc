/**
 * Facts made up from the constants of expressions, so that what they can say of each other shows by asking them. Where
 * expressions only compare fields with constants, every way in which they can turn out is among the examples: what
 * holds for all of them then holds always. Else they are but samples.
 */
import { PRESENT_IN } from './cel.ts';
import type { Node } from './cel.ts';
import { childrenOf } from './inspect.ts';
import type { Expression, Language } from './language.ts';
import type { Facts, FieldType } from './shapes.ts';

/** Made-up facts, each made when it is asked for; `complete`: whatever holds for all of them holds for all facts. */
export interface Examples<N extends string> {
  readonly facts: Iterable<Facts<N>>;
  readonly complete: boolean;
}

type Constant = string | number;

/** A field, or one key of a field that is a map. */
interface Place {
  readonly variable: string;
  readonly field: string;
  readonly key?: string;
}

interface Found {
  readonly language: Language;
  readonly places: Map<string, { readonly place: Place; readonly constants: Set<Constant> }>;
  complete: boolean;
}

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const JOINTS = new Set(['&&', '||', '!_', '?:']);
/** A text that is none of the constants. */
const OTHER = '\u{1F9E9}';

/**
 * Examples for expressions of one language.
 * @param known all values of some fields (`case.priority`), where there are no others.
 * @param most examples made at most.
 */
export function examplesFor<N extends string>(
  expressions: readonly Expression<N>[],
  {
    known = {},
    most = 2000,
  }: { readonly known?: Readonly<Record<string, readonly Constant[]>>; readonly most?: number } = {},
): Examples<N> {
  const [first] = expressions;
  if (first === undefined) return { facts: [{}], complete: true };
  const found: Found = { language: first.language, places: new Map(), complete: true };
  for (const { parsed } of expressions) look(parsed.ast, found);
  const dimensions = [...found.places].map(([name, { place, constants }]) => ({
    place,
    values: known[name] ?? valuesOf(typeOf(found.language, place), constants, found),
  }));
  // More than any number can tell apart, where there are many fields.
  const size = dimensions.reduce((product, { values }) => product * values.length, 1);
  const facts = size <= most ? combinations(dimensions, size) : samples(dimensions, most);
  return { facts: facts as Iterable<Facts<N>>, complete: found.complete && size <= most };
}

type Made = Record<string, Record<string, unknown>>;

function* combinations(dimensions: readonly Dimension[], size: number): Generator<Made> {
  for (let index = 0; index < size; index += 1) {
    let rest = index;
    yield made(dimensions, (count) => {
      const choice = rest % count;
      rest = Math.floor(rest / count);
      return choice;
    });
  }
}

/** Looks like chance, and is the same every time. */
function* samples(dimensions: readonly Dimension[], size: number): Generator<Made> {
  let seed = 1;
  for (let index = 0; index < size; index += 1) {
    yield made(dimensions, (count) => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * count);
    });
  }
}

interface Dimension {
  readonly place: Place;
  readonly values: readonly unknown[];
}

/** Facts with one value of each dimension; `choose` says the how manieth of so many. */
function made(dimensions: readonly Dimension[], choose: (count: number) => number): Made {
  const facts: Made = {};
  for (const { place, values } of dimensions) {
    const value = values[choose(values.length)];
    const variable = (facts[place.variable] ??= {});
    if (place.key === undefined) {
      // A map may be asked for by its keys as well, before or after.
      if (value !== undefined)
        variable[place.field] = isRecord(value) ? { ...value, ...mapIn(variable, place) } : value;
      continue;
    }
    const own = value === undefined ? {} : { [place.key]: value };
    variable[place.field] = { ...mapIn(variable, place), ...own };
  }
  return facts;
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapIn = (variable: Readonly<Record<string, unknown>>, { field }: Place): object => {
  const value = variable[field];
  return isRecord(value) ? value : {};
};

/** Collects constants by place. What is no comparison of a place with a constant makes the examples samples. */
function look(node: Node, found: Found): void {
  if (JOINTS.has(node.op)) {
    for (const child of childrenOf(node)) look(child, found);
    return;
  }
  if (node.op === 'value') return;
  if (node.op === 'call' && (node.args[0] === PRESENT_IN || node.args[0] === 'has')) {
    lookAtPresence(node.args, found);
    return;
  }
  if (COMPARISONS.has(node.op)) {
    lookAtComparison(node as Node & { readonly op: '==' }, found);
    return;
  }
  if (node.op === 'in') {
    lookAtMembership(node.args, found);
    return;
  }
  lookInside(node, found);
}

function lookAtPresence([name, parts]: readonly [string, readonly Node[]], found: Found): void {
  const [first, second] = parts;
  const isField = name === PRESENT_IN && first?.op === 'id' && second?.op === 'value';
  const place = isField
    ? { variable: first.args, field: String(second.args) }
    : first && placeOf(first, found.language);
  if (place === undefined) found.complete = false;
  else note(found, place, []);
}

function lookAtComparison(node: Node & { readonly op: '==' }, found: Found): void {
  const [left, right] = node.args;
  const place = placeOf(left, found.language) ?? placeOf(right, found.language);
  const constant = constantOf(left) ?? constantOf(right);
  const isOrder = (node.op as string) !== '==' && (node.op as string) !== '!=';
  if (place === undefined || constant === undefined) {
    lookInside(node, found);
    return;
  }
  note(found, place, [constant]);
  const type = typeOf(found.language, place);
  if (type === undefined || (isOrder && type === 'string') || type === 'double') found.complete = false;
}

function lookAtMembership([item, list]: readonly [Node, Node], found: Found): void {
  const place = placeOf(item, found.language);
  if (place !== undefined && list.op === 'list') {
    const constants = list.args.map(constantOf);
    if (constants.every((constant) => constant !== undefined)) {
      note(found, place, constants);
      return;
    }
  }
  const among = placeOf(list, found.language);
  const constant = constantOf(item);
  if (among !== undefined && constant !== undefined) note(found, among, [constant]);
  else {
    lookInside(item, found);
    lookInside(list, found);
  }
}

/** Whatever else it is: its fields with the constants that stand near are better than nothing. */
function lookInside(node: Node, found: Found): void {
  found.complete = false;
  const places: Place[] = [];
  const constants: Constant[] = [];
  gather(node, found.language, { places, constants });
  for (const place of places) note(found, place, constants);
}

function gather(
  node: Node,
  language: Language,
  into: { readonly places: Place[]; readonly constants: Constant[] },
): void {
  const place = placeOf(node, language);
  const constant = constantOf(node);
  if (place !== undefined) into.places.push(place);
  else if (constant !== undefined) into.constants.push(constant);
  else for (const child of childrenOf(node)) gather(child, language, into);
}

function note(found: Found, place: Place, constants: readonly Constant[]): void {
  const name = [place.variable, place.field, ...(place.key === undefined ? [] : [place.key])].join('.');
  const known = found.places.get(name) ?? { place, constants: new Set<Constant>() };
  for (const constant of constants) known.constants.add(constant);
  found.places.set(name, known);
}

function placeOf(node: Node, { variables }: Language): Place | undefined {
  if (node.op === '.') {
    const [parent, field] = node.args;
    if (parent.op === 'id')
      return isField(variables, parent.args, field) ? { variable: parent.args, field } : undefined;
    const within = placeOf(parent, { variables } as Language);
    return within?.key === undefined && within !== undefined && isMap(variables, within)
      ? { ...within, key: field }
      : undefined;
  }
  if (node.op === '[]') {
    const [parent, key] = node.args;
    const within = placeOf(parent, { variables } as Language);
    if (within === undefined || within.key !== undefined || !isMap(variables, within)) return undefined;
    return key.op === 'value' && typeof key.args === 'string' ? { ...within, key: key.args } : undefined;
  }
  return undefined;
}

function isField(variables: Language['variables'], variable: string, field: string): boolean {
  const shape = variables[variable];
  return shape !== undefined && shape !== 'free-form' && Object.hasOwn(shape.fields, field);
}

const isMap = (variables: Language['variables'], { variable, field }: Place): boolean => {
  const shape = variables[variable];
  return shape !== undefined && shape !== 'free-form' && (shape.fields[field] ?? '').startsWith('map<');
};

function typeOf({ variables }: Language, { variable, field, key }: Place): FieldType | undefined {
  const shape = variables[variable];
  const type = shape === undefined || shape === 'free-form' ? undefined : shape.fields[field];
  if (key === undefined) return type;
  return type === 'map<string, string>' ? 'string' : type === 'map<string, int>' ? 'int' : undefined;
}

/** A text, a number, or an instant written out; an instant as milliseconds. */
function constantOf(node: Node): Constant | undefined {
  if (node.op === 'value') {
    const value = node.args;
    if (typeof value === 'string' || typeof value === 'number') return value;
    return typeof value === 'bigint' ? Number(value) : undefined;
  }
  if (node.op === '-_') {
    const value = constantOf(node.args);
    return typeof value === 'number' ? -value : undefined;
  }
  if (node.op === 'call' && node.args[0] === 'timestamp') {
    const [text] = node.args[1];
    const at = text?.op === 'value' && typeof text.args === 'string' ? Date.parse(text.args) : Number.NaN;
    return Number.isNaN(at) ? undefined : at;
  }
  return undefined;
}

/** One value for each way in which comparisons with the constants can turn out; `undefined`: absent. */
function valuesOf(type: FieldType | undefined, constants: ReadonlySet<Constant>, found: Found): readonly unknown[] {
  const numbers = [...constants].filter((constant) => typeof constant === 'number');
  // Where it is only asked whether it is there, any will do.
  const some = numbers.length === 0 ? [1] : numbers;
  const texts = [...constants].filter((constant) => typeof constant === 'string');
  switch (type) {
    case 'int':
      return [undefined, ...new Set(some.flatMap((n) => [Math.ceil(n) - 1, Math.round(n), Math.floor(n) + 1]))];
    case 'timestamp':
      return [undefined, ...instantsAt(some)];
    case 'list<string>':
      return [undefined, ...subsets(texts, found)];
    case 'string':
      return [undefined, ...texts, OTHER, ...(found.complete ? [] : texts.map((text) => `${OTHER}${text}${OTHER}`))];
    case 'bool':
      return [undefined, false, true];
    case 'map<string, int>':
    case 'map<string, string>':
    case 'map<string, dyn>':
      found.complete = false;
      return [undefined, ...texts.map((text) => ({ [text]: type === 'map<string, int>' ? 1 : text }))];
    default:
      found.complete = false;
      return [undefined, ...numbers, ...texts];
  }
}

/** As finely as facts tell them, before, at and behind each; a number that stands near may be none. */
const instantsAt = (times: readonly number[]): string[] =>
  times
    .flatMap((at) => [at - 1, at, at + 1])
    .flatMap((at) => (Number.isNaN(new Date(at).getTime()) ? [] : new Date(at).toISOString()));

/** Constants in one list at most: the lists with and without each of them double with each. */
const MOST_MEMBERS = 6;

function subsets(texts: readonly string[], found: Found): readonly (readonly string[])[] {
  if (texts.length > MOST_MEMBERS) {
    found.complete = false;
    return [[], ...texts.map((text) => [text]), texts];
  }
  return texts.reduce<string[][]>((all, text) => [...all, ...all.map((some) => [...some, text])], [[]]);
}
