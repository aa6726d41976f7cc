/** Requests to a route: good ones, ones that only fit the schema, and ones with something wrong in them. */
import fc from 'fast-check';
import { fitting, noHints } from './arbitrary-json.ts';
import type { Request } from './call.ts';
import { collectionOf, type Facts, type Known } from './known.ts';
import type { Operation, Parameter } from './operations.ts';
import type { Recipe } from './recipe.ts';
import { commonHints, queryHint, recipes } from './recipes.ts';

const recipeOf = ({ name }: Operation): Recipe => recipes[name] ?? {};
const newId = fc.uuid().map((id) => `made-${id.slice(0, 18)}`);

/** What the route should answer with 2xx, as far as can be known beforehand. */
export function goodRequest(operation: Operation, known: Known): fc.Arbitrary<Request> {
  const recipe = recipeOf(operation);
  return pathOf(operation, known).chain((path) =>
    fc
      .record({
        query: queryOf(operation, known),
        body: goodBody(operation, known, path),
        key: operation.parameters.some(({ name }) => name === 'Idempotency-Key')
          ? fc.option(fc.uuid(), { nil: undefined })
          : fc.constant(undefined),
      })
      .map(({ query, body, key }) => {
        const headers = { ...typeOf(operation, body), ...(key === undefined ? {} : { 'idempotency-key': key }) };
        const request = { path, query, headers, body };
        return recipe.finish?.(request) ?? request;
      }),
  );
}

const typeOf = (operation: Operation, body: string | undefined): Record<string, string> =>
  body === undefined ? {} : { 'content-type': operation.body?.contentType ?? 'application/json' };

function pathOf(operation: Operation, known: Known): fc.Arbitrary<Request['path']> {
  const recipe = recipeOf(operation);
  const names = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const ids = known.all(recipe.from ?? collectionOf(operation.path), recipe.fits).map(([id]) => id);
  const there = ids.length === 0 ? fc.constant('nothing-known') : fc.constantFrom(...ids);
  const id = operation.method === 'PUT' && recipe.isPart !== true ? fc.oneof(newId, there) : there;
  return id.map((one) => {
    const [, facts] = known.all(recipe.from ?? collectionOf(operation.path)).find(([other]) => other === one) ?? [
      '',
      {},
    ];
    return Object.fromEntries(names.map((name, at) => [name, at === 0 ? one : textIn(facts, name)]));
  });
}

/** What is known of a further part of the path. */
const textIn = (facts: Facts, name: string): string => (typeof facts[name] === 'string' ? facts[name] : '0');

function queryOf(operation: Operation, known: Known): fc.Arbitrary<Request['query']> {
  const recipe = recipeOf(operation);
  if (recipe.query !== undefined) return recipe.query();
  const parameters = operation.parameters.filter((one) => one.in === 'query');
  const model: Record<string, fc.Arbitrary<string>> = {};
  for (const { name, schema } of parameters) {
    const cursors = known.cursors(operation);
    if (name === 'cursor') {
      if (cursors.length > 0) model[name] = fc.constantFrom(...cursors);
    } else
      model[name] =
        queryHint(name, known) ?? fitting(schema, { hints: noHints, components: {}, path: name }).map(String);
  }
  return fc.record(model, {
    requiredKeys: parameters.filter(({ required }) => required === true).map(({ name }) => name),
  });
}

function goodBody(operation: Operation, known: Known, path: Request['path']): fc.Arbitrary<string | undefined> {
  const { body, components } = operation;
  if (body === undefined) return fc.constant(undefined);
  const recipe = recipeOf(operation);
  if (recipe.text !== undefined) return recipe.text();
  const [, facts] = known.all(collectionOf(operation.path)).find(([id]) => id === path['id']) ?? ['', {}];
  const value = recipe.body?.(known, facts) ?? fitting(body.schema, { hints: commonHints, components, path: '' });
  return value.map((one) => JSON.stringify(one));
}

/** Fits the document, and nothing else is known of it. */
export function fittingRequest(operation: Operation): fc.Arbitrary<Request> {
  const { parameters, body, components } = operation;
  const part = (place: Parameter['in']) => {
    const chosen = parameters.filter((one) => one.in === place);
    const model = chosen.map(
      ({ name, schema }) => [name, fitting(schema, { hints: noHints, components, path: name }).map(String)] as const,
    );
    const required = chosen.filter((one) => one.required === true).map(({ name }) => name);
    return fc.record(Object.fromEntries(model), { requiredKeys: required });
  };
  const content =
    body === undefined ? fc.constant(undefined) : fitting(body.schema, { hints: noHints, components, path: '' });
  return fc.record({ path: part('path'), query: part('query'), value: content }).map(({ path, query, value }) => {
    const text = value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
    return { path: withoutDots(path), query, headers: typeOf(operation, text), body: text };
  });
}

/** A URL with `.` or `..` in it is another URL before it leaves. */
const withoutDots = (path: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(path).map(([name, value]) => [name, /^\.{0,2}$/.test(value) ? 'x' : value]));

type Spoil = (request: Request) => fc.Arbitrary<Request>;

const oddTexts = ['', '\u0000', '💥', "' or 1=1 --", '../../etc/passwd', '%00', '-1', '1e309', 'null', 'a'.repeat(600)];
const oddText = fc.constantFrom(...oddTexts);
/** As JSON: some cannot be written with JSON.stringify. */
const oddJson = fc.constantFrom(
  ...['null', '42', '-0', '1e999', '""', '[]', '{}', 'true', '"\\u0000"', '"\\ud800"', '{"__proto__":{"a":1}}'],
  JSON.stringify('x'.repeat(400_000)),
  `${'['.repeat(200)}${']'.repeat(200)}`,
);

const withBody = (request: Request, body: string): Request => ({ ...request, body });

/** One value of the body, at any depth, becomes something else, or disappears. */
const spoilField: Spoil = (request) => {
  let value: unknown;
  try {
    value = JSON.parse(request.body ?? '');
  } catch {
    return fc.constant(withBody(request, 'neither JSON nor a mail'));
  }
  const marker = 'the-spoiled-place';
  return fc.tuple(fc.nat(), oddJson, fc.boolean()).map(([at, odd, drop]) => {
    const places = placesOf(value);
    const place = places[at % Math.max(1, places.length)];
    if (place === undefined) return withBody(request, odd);
    const changed = structuredClone(value);
    let parent = changed as Record<string, unknown>;
    for (const key of place.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
    const last = place.at(-1) ?? '';
    if (drop) Reflect.deleteProperty(parent, last);
    else parent[last] = marker;
    return withBody(
      request,
      JSON.stringify(changed).replace(`"${marker}"`, () => odd),
    );
  });
};

function placesOf(value: unknown, at: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...at, key], ...placesOf(inner, [...at, key])]);
}

const spoilBytes: Spoil = (request) =>
  fc.constantFrom(
    withBody(request, '{"a":'),
    withBody(request, ''),
    { ...request, headers: { ...request.headers, 'content-type': 'text/plain' } },
    { ...request, headers: { ...request.headers, 'content-encoding': 'gzip' } },
  );

const spoilPath: Spoil = (request) =>
  fc.tuple(fc.nat(), fc.oneof(fc.uuid(), oddText)).map(([at, odd]) => {
    const names = Object.keys(request.path);
    return { ...request, path: withoutDots({ ...request.path, [names[at % names.length] ?? 'id']: odd }) };
  });

const cursorOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const oddCursors = [
  cursorOf([]),
  cursorOf(['x']),
  cursorOf([1, 2]),
  cursorOf({}),
  cursorOf(['0000-01-01T00:00:00Z', '']),
  '====',
  '💥',
];

const spoilQuery =
  (names: readonly string[]): Spoil =>
  (request) =>
    fc.tuple(fc.constantFrom(...names), fc.oneof(oddText, fc.constantFrom(...oddCursors))).map(([name, odd]) => ({
      ...request,
      query: { ...request.query, [name]: odd },
    }));

const spoilHeader: Spoil = (request) =>
  fc
    .constantFrom<[string, string]>(
      ['idempotency-key', 'two, keys'],
      ['idempotency-key', 'k'.repeat(300)],
      ['if-match', 'no tag'],
      ['if-match', '"987654"'],
      ['last-event-id', 'x'],
    )
    .map(([name, value]) => ({ ...request, headers: { ...request.headers, [name]: value } }));

/** A good request with one thing wrong. It may still be answered well: not every wrong thing matters everywhere. */
export function spoiledRequest(operation: Operation, known: Known): fc.Arbitrary<Request> {
  const queries = operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const ways: Spoil[] = [
    spoilHeader,
    ...(operation.parameters.some((one) => one.in === 'path') ? [spoilPath, spoilPath] : []),
    ...(queries.length > 0 ? [spoilQuery(queries), spoilQuery(queries)] : []),
    ...(operation.body === undefined ? [] : [spoilField, spoilField, spoilField, spoilBytes]),
  ];
  return fc.tuple(goodRequest(operation, known), fc.constantFrom(...ways)).chain(([request, spoil]) => {
    const finish = recipeOf(operation).finish ?? ((one: Request) => one);
    return spoil(request).map(finish);
  });
}

/** What no route that takes anything can answer well. */
export function hopelessRequest(operation: Operation, known: Known): fc.Arbitrary<Request> {
  const isIn = (place: Parameter['in']) => operation.parameters.filter((parameter) => parameter.in === place);
  return fc.tuple(goodRequest(operation, known), fc.noBias(fc.uuid())).map(([request, nobody]) => {
    if (operation.body !== undefined) return withBody(request, '{"a":');
    const path = isIn('path').map(({ name }) => [name, nobody] as const);
    const query = isIn('query').map(({ name }) => [name, '-1'] as const);
    return { ...request, path: Object.fromEntries(path), query: Object.fromEntries(query) };
  });
}
