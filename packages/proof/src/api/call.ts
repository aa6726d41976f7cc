/** One request, what came back, and both as a line that a person can repeat. */
import type { Operation } from './operations.ts';

/** What a request is made of, before it becomes bytes. */
export interface Request {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` sends none. */
  readonly body: string | undefined;
}

export const emptyRequest: Request = { path: {}, query: {}, headers: {}, body: undefined };

export interface Answer {
  readonly status: number;
  /** Without parameters, lower case; empty where there is none. */
  readonly contentType: string;
  readonly headers: Headers;
  readonly text: string;
  /** The text parsed, where the content type says JSON; `undefined` where it does not, or is not. */
  readonly json: unknown;
}

/** ms until an answer is given up; a service answers 503 long before. */
const PATIENCE = 30_000;

export function urlOf(operation: Operation, { path, query }: Request): string {
  const filled = operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return `${operation.base}${filled}${search === '' ? '' : `?${search}`}`;
}

/** @throws when no answer comes: that is a finding as well */
export async function call(operation: Operation, request: Request, token: string | undefined): Promise<Answer> {
  const ending = new AbortController();
  const timer = setTimeout(() => {
    ending.abort(new Error(`no answer within ${String(PATIENCE)} ms`));
  }, PATIENCE);
  try {
    const response = await fetch(urlOf(operation, request), {
      method: operation.method,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...request.headers },
      signal: ending.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const contentType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const isStream = contentType === 'text/event-stream';
    const text = isStream ? await firstBytes(response) : await response.text();
    const { status, headers } = response;
    return { status, contentType, headers, text, json: /\bjson$/.test(contentType) ? parsed(text) : undefined };
  } finally {
    clearTimeout(timer);
    // A stream goes on until the client leaves.
    ending.abort();
  }
}

async function firstBytes(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const first = await reader?.read();
  return Buffer.from((first?.value as Uint8Array | undefined) ?? new Uint8Array()).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For a report: enough to see what was asked, short enough to read. The token is left out. */
export function told(operation: Operation, request: Request, answer?: Answer): string {
  const headers = Object.entries(request.headers).map(([name, value]) => ` -H '${name}: ${value}'`);
  const body = request.body === undefined ? '' : ` -d '${request.body.slice(0, 400)}'`;
  const came =
    answer === undefined ? '' : ` -> ${String(answer.status)} ${answer.contentType} ${answer.text.slice(0, 400)}`;
  return `${operation.method} ${urlOf(operation, request)}${headers.join('')}${body}${came}`;
}
