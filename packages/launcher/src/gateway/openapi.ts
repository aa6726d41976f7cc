/** One OpenAPI document out of the services' five. */

export interface OpenApiDocument {
  readonly openapi?: string;
  readonly paths?: Readonly<Record<string, unknown>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly tags?: readonly unknown[];
}

interface MergedDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: unknown[];
  paths: Record<string, unknown>;
  components: Record<string, Record<string, unknown>>;
}

/**
 * Joins the business paths (`/v1/…`). Components that differ under one name are told apart by the service's name.
 */
export function mergeOpenApi(documents: Readonly<Record<string, OpenApiDocument>>, baseUrl: string): MergedDocument {
  const merged: MergedDocument = {
    openapi: '3.1.0',
    info: {
      title: 'Switchboard',
      version: '1',
      description:
        'Contacts in, cases, work, promises, customers and offers out: all five services under one base URL.',
    },
    servers: [{ url: baseUrl }],
    tags: [],
    paths: {},
    components: {},
  };
  for (const [service, document] of Object.entries(documents)) addDocument(merged, service, document);
  return merged;
}

function addDocument(merged: MergedDocument, service: string, document: OpenApiDocument): void {
  const renamed = clashes(merged, document);
  const own = renamed.reduce((text, reference) => {
    const at = reference.lastIndexOf('/') + 1;
    const other = `${reference.slice(0, at)}${service}.${reference.slice(at)}`;
    return text.replaceAll(JSON.stringify(reference), JSON.stringify(other));
  }, JSON.stringify(document));
  const { paths = {}, components = {}, tags = [] } = JSON.parse(own) as OpenApiDocument;
  for (const [path, item] of Object.entries(paths)) if (path.startsWith('/v1/')) merged.paths[path] = item;
  for (const [kind, entries] of Object.entries(components)) {
    const target = (merged.components[kind] ??= {});
    for (const [name, schema] of Object.entries(entries)) {
      target[renamed.includes(`#/components/${kind}/${name}`) ? `${service}.${name}` : name] = schema;
    }
  }
  merged.tags.push(...tags);
}

/** References to components that another document has under the same name with another content. */
function clashes(merged: MergedDocument, document: OpenApiDocument): string[] {
  return Object.entries(document.components ?? {}).flatMap(([kind, entries]) =>
    Object.entries(entries)
      .filter(([name, schema]) => {
        const known = merged.components[kind]?.[name];
        return known !== undefined && JSON.stringify(known) !== JSON.stringify(schema);
      })
      .map(([name]) => `#/components/${kind}/${name}`),
  );
}
