/**
 * What a service's door files are written with: routes as data (path, access, schemas) and a handler that answers
 * `{status, body}`. A route without `access` does not compile.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { FeedEvent, Commands } from '@switchboard/hallway';
import type { z } from 'zod';
import type { Door } from './door.ts';
import type { Access, Caller } from './scopes.ts';

/** An answer. `body: undefined` sends none. */
export interface Reply<S extends number = number, B = unknown> {
  readonly status: S;
  readonly body: B;
  readonly headers?: Readonly<Record<string, string>>;
}

export const ok = <B>(body: B, headers?: Readonly<Record<string, string>>): Reply<200, B> =>
  headers === undefined ? { status: 200, body } : { status: 200, body, headers };
export const created = <B>(body: B): Reply<201, B> => ({ status: 201, body });
export const noContent = (): Reply<204, undefined> => ({ status: 204, body: undefined });

type Schema = z.ZodType | undefined;
type OutputOf<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

/** A checked request. */
export interface DoorRequest<P = unknown, Q = unknown, B = unknown> {
  readonly id: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly headers: IncomingHttpHeaders;
  /** The client's address, behind trusted proxies too. */
  readonly ip: string;
  readonly method: string;
  readonly routePath: string;
  /** Who calls; `undefined` on public routes. */
  readonly caller: Caller | undefined;
  /** The agent a token with `agents:self` is confined to. */
  readonly onlyAgent: string | undefined;
  /** The body as sent, before defaults. */
  readonly sent: unknown;
}

export type Responses = Readonly<Record<number, z.ZodType>>;
type ReplyOf<R extends Responses> = { [S in keyof R & number]: Reply<S, z.input<R[S]>> }[keyof R & number];

export interface RouteOptions<P extends Schema, Q extends Schema, B extends Schema, R extends Responses> {
  readonly access: Access;
  /** One line for the reference page. */
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Takes bytes of these content types instead of JSON: the body is a Buffer (or `undefined` when empty). */
  readonly consumes?: readonly string[];
  /** Content type of a good answer (JSON unless set). */
  readonly produces?: string;
  /** Bytes; the service's BODY_LIMIT unless set. */
  readonly bodyLimit?: number;
  /** Most requests of one address in a time (ms). */
  readonly rateLimit?: { readonly max: number; readonly window: number };
  /** Most 404s of one address in a time (ms): for routes where guessing an id pays. */
  readonly failureLimit?: { readonly max: number; readonly window: number };
  /** Status -> schema of the body; `z.undefined()` for none. */
  readonly responses: R;
}

type Handler<P extends Schema, Q extends Schema, B extends Schema, R extends Responses> = (
  request: DoorRequest<OutputOf<P>, OutputOf<Q>, OutputOf<B>>,
) => Promise<ReplyOf<R>> | ReplyOf<R>;

type AddRoute = <
  R extends Responses,
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
>(
  path: string,
  options: RouteOptions<P, Q, B, R>,
  handler: Handler<P, Q, B, R>,
) => void;

export interface StreamOptions<P extends Schema> {
  readonly access: Access;
  readonly summary: string;
  readonly params?: P;
}

/** One server-sent event; its id is the feed's number. */
export interface StreamedEvent {
  readonly event: string;
  readonly data: unknown;
}

export interface DownloadOptions<P extends Schema, Q extends Schema> {
  readonly access: Access;
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  /** Content type -> what it holds. */
  readonly types: Readonly<Record<string, z.ZodType>>;
}

/** A file that is made while it is sent: no faster than it is read, so that its size costs no memory. */
export interface Download {
  /** One of the route's types. */
  readonly type: string;
  readonly fileName: string;
  readonly chunks: AsyncIterable<string>;
}

/** Which own events a stream shows, and how; `undefined` leaves one out. */
export type PickEvent = (event: FeedEvent) => StreamedEvent | undefined;

/** Adds routes; paths are fastify's (`/v1/cases/:id`). */
export interface RouteList {
  readonly get: AddRoute;
  readonly post: AddRoute;
  readonly put: AddRoute;
  readonly patch: AddRoute;
  readonly delete: AddRoute;
  /** A file that may be large. The handler may still refuse with a Problem; a fault in the middle cuts the answer off. */
  download<P extends Schema = undefined, Q extends Schema = undefined>(
    path: string,
    options: DownloadOptions<P, Q>,
    open: (request: DoorRequest<OutputOf<P>, OutputOf<Q>, undefined>) => Promise<Download> | Download,
  ): void;
  /** Server-sent events of the service's own feed. The handler may still refuse with a Problem. */
  stream<P extends Schema = undefined>(
    path: string,
    options: StreamOptions<P>,
    open: (request: DoorRequest<OutputOf<P>, undefined, undefined>) => Promise<PickEvent> | PickEvent,
  ): void;
}

/** A door file: gets the list to add to, and what it needs in hand. */
export type Routes<M extends Commands> = (routes: RouteList, door: Door<M>) => void;

/** Routes that fit every service. */
export type AnyRoutes = <M extends Commands>(routes: RouteList, door: Door<M>) => void;

/** Only gives a door file its types. */
export function defineRoutes<M extends Commands>(routes: Routes<M>): Routes<M> {
  return routes;
}
