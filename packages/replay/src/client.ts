/** `/v1/<service>/dead-letters` of a running Switchboard. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Hint, type ServiceName } from '@switchboard/launcher';
import * as z from 'zod';
import type { Filter } from './options.ts';

const letterSchema = z.object({
  id: z.string(),
  at: z.string(),
  topic: z.string().nullable(),
  partition: z.int().nullable(),
  offset: z.string().nullable(),
  key: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  reason: z.string(),
  error: z.string(),
  replayedAt: z.string().nullable(),
  value: z.object({ encoding: z.enum(['utf8', 'base64']), data: z.string() }).nullable(),
});
const pageSchema = z.object({ items: z.array(letterSchema), nextCursor: z.string().nullable() });
const replayedSchema = z.object({ outcome: z.string(), detail: z.string().optional() });
const problemSchema = z.object({ detail: z.string() });

export type Letter = z.output<typeof letterSchema> & { readonly service: ServiceName };

export interface Replayed {
  /** `done` and `waiting` are handled; `failed` and `rejected` have a new dead letter; `unavailable` may be tried again. */
  readonly outcome: string;
  readonly detail?: string | undefined;
}

export interface Client {
  /** Oldest first, page by page. */
  list(service: ServiceName, filter: Filter): AsyncGenerator<Letter>;
  /** Undefined when the service has none of this id. */
  get(service: ServiceName, id: string): Promise<Letter | undefined>;
  replay(service: ServiceName, id: string): Promise<Replayed>;
}

/** Tries of a request that gets no answer, or is asked to come back. */
const TRIES = 6;
const PAUSE = 500;

/** Every method throws Hint when it gets no usable answer. */
export function createClient({ baseUrl, token }: { readonly baseUrl: string; readonly token: string }): Client {
  async function ask(method: 'GET' | 'POST', path: string): Promise<{ status: number; body: unknown }> {
    const key = method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
    for (let tries = 1; ; tries += 1) {
      const last = tries === TRIES;
      try {
        const headers = { authorization: `Bearer ${token}`, ...key };
        const answer = await fetch(`${baseUrl}${path}`, { method, headers, signal: AbortSignal.timeout(30_000) });
        const body: unknown = await answer.json().catch(() => undefined);
        if (last || !isPostponed(answer.status, body)) return { status: answer.status, body };
        await sleep(Number(answer.headers.get('retry-after') ?? '0') * 1000 || PAUSE);
      } catch (error) {
        if (last || isRefused(error))
          throw new Hint(`No Switchboard answers at ${baseUrl}: is it running? (${reasonOf(error)})`);
        await sleep(PAUSE);
      }
    }
  }
  return {
    async *list(service, filter) {
      for (let cursor: string | null | undefined; cursor !== null;) {
        const query = new URLSearchParams({ ...filter, limit: '200', ...(cursor === undefined ? {} : { cursor }) });
        const page = usable(pageSchema, await ask('GET', `/v1/${service}/dead-letters?${query.toString()}`), service);
        for (const letter of page.items) yield { ...letter, service };
        cursor = page.nextCursor;
      }
    },
    async get(service, id) {
      const answer = await ask('GET', `/v1/${service}/dead-letters/${encodeURIComponent(id)}`);
      return answer.status === 404 ? undefined : { ...usable(letterSchema, answer, service), service };
    },
    async replay(service, id) {
      const answer = await ask('POST', `/v1/${service}/dead-letters/${encodeURIComponent(id)}/replay`);
      return usable(replayedSchema, answer, service);
    },
  };
}

/** A service that is away for a moment, or still at work on the same request. */
function isPostponed(status: number, body: unknown): boolean {
  const isRunning = z.object({ code: z.literal('still-running') }).safeParse(body).success;
  return status === 429 || status >= 502 || (status === 409 && isRunning);
}

/** Nobody listens there: waiting would not help. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && reasonOf(error).includes('ECONNREFUSED');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}

function usable<T extends z.ZodType>(
  schema: T,
  { status, body }: { readonly status: number; readonly body: unknown },
  service: ServiceName,
): z.output<T> {
  if (status === 401) throw new Hint('The token is not known there: give --token or SWITCHBOARD_TOKEN.');
  if (status === 403) throw new Hint('The token may not do this: it needs the scope ops.');
  const parsed = schema.safeParse(body);
  if (status === 200 && parsed.success) return parsed.data;
  const problem = problemSchema.safeParse(body);
  throw new Hint(`${service} answered ${String(status)}${problem.success ? `: ${problem.data.detail}` : ''}`);
}
