/** Configuration as a resource: PUT, GET, list and DELETE over one table, through the hallway like everything else. */
import type { Command, Commands } from '@switchboard/hallway';
import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { configurationTable } from '../database/columns.ts';
import type { Db } from '../database/pool.ts';
import type { ConfigurationState, IfMatch, PutReply } from './configuration-handlers.ts';
import { behind, pageOf, pageQuery, readCursor, toPage } from './pages.ts';
import { problem } from './problem.ts';
import type { FieldError } from './problem.ts';
import { noContent, ok } from './routes.ts';
import type { AnyRoutes, DoorRequest, Responses, RouteList } from './routes.ts';
import type { Door } from './door.ts';
import type { Scope } from './scopes.ts';

export interface ConfigurationResource<B extends z.ZodObject> {
  /** `/v1/queues`. */
  readonly path: string;
  /** `queue`: the commands are `put-queue` and `remove-queue`. */
  readonly kind: string;
  readonly table: ReturnType<typeof configurationTable<unknown>>;
  readonly body: B;
  /** The resource as it is shown, where that is not `{id, ...body, version, updatedAt}`. */
  readonly resource?: z.ZodType;
  readonly read: Scope;
  readonly write: Scope;
  /** What the schema cannot say, for example whether an expression compiles. */
  readonly check?: (definition: z.output<B>) => readonly FieldError[];
  /** What is sent with `put-<kind>`, where the body is more than the definition. */
  readonly command?: (body: z.output<B>) => { readonly definition: unknown };
  /** A further answer to PUT: its schema, and the body where the handler's reply means it. */
  readonly accepts?: { readonly schema: z.ZodType; readonly body: (reply: unknown) => object | undefined };
  /** Definitions as they are shown, where more is known of them than was put. */
  readonly readAlong?: (db: Db, states: readonly ConfigurationState<unknown>[]) => Promise<readonly object[]>;
}

/** Ids are free, but printable: they stand in paths, keys and logs. */
export const configurationId = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._:@-]{0,99}$/u, 'must be 1 to 100 letters, digits or . _ : @ -');

const byId = z.object({ id: configurationId });

/** The routes, for a service whose commands include `put-<kind>` and `remove-<kind>`. */
export function configurationRoutes<B extends z.ZodObject>(options: ConfigurationResource<B>): AnyRoutes {
  const resource = options.resource ?? shownAs(options.body);
  return (routes, door) => {
    putRoute(options, resource, { routes, door });
    readRoutes(options, resource, { routes, door });
    deleteRoute(options, { routes, door });
  };
}

interface Hands<M extends Commands> {
  readonly routes: RouteList;
  readonly door: Door<M>;
}

function putRoute<M extends Commands, B extends z.ZodObject>(
  { path, kind, body, write, check, command, accepts }: ConfigurationResource<B>,
  resource: z.ZodType,
  { routes, door }: Hands<M>,
): void {
  const replaced: Responses = { 200: resource, 201: resource };
  const responses = accepts === undefined ? replaced : { ...replaced, 202: accepts.schema };
  routes.put(
    `${path}/:id`,
    { access: write, summary: `Creates or replaces a ${kind}`, params: byId, body, responses },
    (request) => {
      const definition = request.body as z.output<B>;
      const errors = check?.(definition) ?? [];
      if (errors.length > 0) throw problem('invalid-body', errors.map(line).join('; '), { errors });
      const put = command?.(definition) ?? { definition };
      const data = { ...put, id: request.params.id, ifMatch: ifMatchOf(request) };
      return door.submit(request, { type: `put-${kind}`, data } as Command<M>, (reply: PutReply<unknown>) => {
        const accepted = accepts?.body(reply);
        return accepted === undefined ? putReply(reply) : { status: 202 as const, body: accepted };
      });
    },
  );
}

function putReply({ state, created, warnings }: PutReply<unknown>) {
  const status = created ? (201 as const) : (200 as const);
  const body = warnings === undefined ? shown(state) : { ...shown(state), warnings };
  return { status, body, headers: { etag: etagOf(state) } };
}

function readRoutes<M extends Commands, B extends z.ZodObject>(
  { path, kind, table, read, readAlong }: ConfigurationResource<B>,
  resource: z.ZodType,
  { routes, door }: Hands<M>,
): void {
  const query = z.object(pageQuery);
  const shownAll = async (rows: readonly ConfigurationState<unknown>[]) => {
    const definitions = await readAlong?.(door.db, rows);
    return rows.map((row, index) => shown({ ...row, definition: definitions?.[index] ?? row.definition }));
  };
  routes.get(
    path,
    { access: read, summary: `Lists every ${kind}, by id`, query, responses: { 200: pageOf(resource) } },
    async ({ query: { limit, cursor } }) => {
      const after = readCursor(cursor, [z.string()]);
      const rows = await door.db
        .select()
        .from(table)
        .where(behind([table.id], 'asc', after))
        .orderBy(asc(table.id))
        .limit(limit + 1);
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.id]);
      return ok({ items: await shownAll(items), nextCursor });
    },
  );
  routes.get(
    `${path}/:id`,
    { access: read, summary: `One ${kind}`, params: byId, responses: { 200: resource } },
    async ({ params: { id } }) => {
      const [row] = await door.db.select().from(table).where(eq(table.id, id));
      if (row === undefined) throw problem('unknown-id', `There is no ${kind} ${id}`);
      const [found] = await shownAll([row]);
      return ok(found, { etag: etagOf(row) });
    },
  );
}

function deleteRoute<M extends Commands, B extends z.ZodObject>(
  { path, kind, write }: ConfigurationResource<B>,
  { routes, door }: Hands<M>,
): void {
  routes.delete(
    `${path}/:id`,
    { access: write, summary: `Removes a ${kind}`, params: byId, responses: { 204: z.undefined() } },
    (request) => {
      const data = { id: request.params.id, ifMatch: ifMatchOf(request) };
      return door.submit(request, { type: `remove-${kind}`, data } as Command<M>, noContent);
    },
  );
}

const shownAs = (body: z.ZodObject) => body.safeExtend({ id: z.string(), version: z.int(), updatedAt: z.string() });
const etagOf = ({ version }: { readonly version: number }): string => `"${String(version)}"`;
const line = ({ field, reason }: FieldError): string => `${field}: ${reason}`;

function shown({ id, version, definition, updatedAt }: ConfigurationState<unknown>) {
  return { id, ...(definition as object), version, updatedAt };
}

/**
 * The versions a caller is ready to replace. Weak tags match nothing.
 * @throws Problem invalid-header
 */
export function ifMatchOf(request: Pick<DoorRequest, 'headers'>): IfMatch | undefined {
  const header = request.headers['if-match'];
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  const tags = header.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => /^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(tag))) {
    throw problem('invalid-header', 'The If-Match does not fit', {
      errors: [{ field: 'If-Match', reason: 'must be * or entity tags in double quotes' }],
    });
  }
  return tags.filter((tag) => /^"\d{1,9}"$/.test(tag)).map((tag) => Number(tag.slice(1, -1)));
}
