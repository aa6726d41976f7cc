/** What the services say about themselves: their OpenAPI documents, as a flat list of operations. */

/** As much of JSON Schema as the documents use. */
export type JsonSchema = Readonly<Record<string, unknown>>;

interface Media {
  readonly schema?: JsonSchema;
}

interface ResponseObject {
  readonly content?: Readonly<Record<string, Media>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

interface OperationObject {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> };
}

/** One operation of one service. */
export interface Operation {
  readonly service: string;
  /** The service's base URL. */
  readonly base: string;
  /** Upper case. */
  readonly method: string;
  /** With `{names}`. */
  readonly path: string;
  /** `POST /v1/cases/{id}/status`; what every service has carries the service's name in front. */
  readonly name: string;
  /** Any one of them opens it; `public` needs no token. */
  readonly scopes: readonly string[] | 'public';
  readonly parameters: readonly Parameter[];
  readonly body: { readonly contentType: string; readonly schema: JsonSchema } | undefined;
  /** Status, or `4XX`, -> content type -> schema; no content type: no body. */
  readonly responses: ReadonlyMap<string, ReadonlyMap<string, JsonSchema>>;
  /** The document's own schemas, for `$ref`. */
  readonly components: Readonly<Record<string, JsonSchema>>;
  readonly isStream: boolean;
}

/** Reads `/openapi.json` of each service. @throws when one does not answer or describes nothing */
export async function readOperations(services: ReadonlyMap<string, string>): Promise<Operation[]> {
  const lists = await Promise.all(
    [...services].map(async ([service, base]) => {
      const answer = await fetch(`${base}/openapi.json`);
      if (answer.status !== 200) throw new Error(`${service} does not show its document: ${String(answer.status)}`);
      const operations = operationsOf(service, base, (await answer.json()) as Document);
      if (operations.length === 0) throw new Error(`${service} describes no route`);
      return operations;
    }),
  );
  return lists.flat();
}

function operationsOf(service: string, base: string, document: Document): Operation[] {
  const components = document.components?.schemas ?? {};
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([verb, described]): Operation => {
      const method = verb.toUpperCase();
      const responses = responsesOf(described);
      const [body] = Object.entries(described.requestBody?.content ?? {});
      return {
        service,
        base,
        method,
        path,
        name: `${path.startsWith('/health/') ? `${service} ` : ''}${method} ${path}`,
        scopes: scopesOf(described),
        parameters: described.parameters ?? [],
        body: body === undefined ? undefined : { contentType: body[0], schema: body[1].schema ?? {} },
        responses,
        components,
        isStream: responses.get('200')?.has('text/event-stream') === true,
      };
    }),
  );
}

function responsesOf({ responses }: OperationObject): Operation['responses'] {
  return new Map(
    Object.entries(responses).map(([status, { content = {} }]) => [
      status,
      new Map(Object.entries(content).map(([type, { schema = {} }]) => [type, schema])),
    ]),
  );
}

/** Without `security` nobody said whether it is open. */
function scopesOf({ security }: OperationObject): Operation['scopes'] {
  if (security === undefined) return [];
  if (security.length === 0) return 'public';
  return [...new Set(security.flatMap((way) => Object.values(way).flat()))];
}

/** Every scope that any operation names. */
export function allScopes(operations: readonly Operation[]): string[] {
  return [...new Set(operations.flatMap(({ scopes }) => (scopes === 'public' ? [] : scopes)))].sort();
}

/** A `$ref` followed. */
export function resolved(schema: JsonSchema, components: Operation['components']): JsonSchema {
  const ref = schema['$ref'];
  if (typeof ref !== 'string') return schema;
  return components[ref.slice(ref.lastIndexOf('/') + 1)] ?? {};
}
