/** Switchboard's REST as the demo uses it: a few requests at once, tried again when the other side asks for time. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Api {
  get(path: string): Promise<Answer>;
  put(path: string, body: object): Promise<Answer>;
  post(path: string, body?: object): Promise<Answer>;
  /** Tells whenever the stream at this path says something. Resolves when it ends or was not to be had. */
  listen(path: string, onNews: () => void): Promise<void>;
}

export interface ApiOptions {
  readonly baseUrl: string;
  readonly token: string;
  /** Ends everything under way. */
  readonly signal: AbortSignal;
  /** Requests at once (default 24); the others wait. */
  readonly atOnce?: number;
  /** How often a request is sent until it is answered (default 8, about 15 s). */
  readonly tries?: number;
  /** Sees every answer, also those that are tried again. */
  onAnswer?(seen: SeenAnswer): void;
}

export interface SeenAnswer {
  readonly request: string;
  readonly status: number;
  readonly body: unknown;
}

/** No usable answer after every try. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

const TRIES = 8;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
const REQUEST_LIMIT_MS = 15_000;

export function createApi(options: ApiOptions): Api {
  const limit = pLimit(options.atOnce ?? 24);
  const request = (method: string, path: string, body?: object): Promise<Answer> =>
    limit(() => insist({ method, path, body }, options));
  return {
    get: (path) => request('GET', path),
    put: (path, body) => request('PUT', path, body),
    post: (path, body) => request('POST', path, body),
    listen: (path, onNews) => listen(path, onNews, options),
  };
}

async function listen(path: string, onNews: () => void, { baseUrl, token, signal }: ApiOptions): Promise<void> {
  try {
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    const response = await fetch(`${baseUrl}${path}`, { headers, signal });
    if (!response.ok || response.body === null) return;
    for await (const _chunk of response.body) onNews();
  } catch {
    // The stream was cut: whoever listens comes back, and looks by itself meanwhile.
    signal.throwIfAborted();
  }
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
}

/** A repeat carries the first try's key: whatever was done is not done again. */
async function insist(request: Request, options: ApiOptions): Promise<Answer> {
  const key: Record<string, string> = request.method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
  let reason = '';
  for (let attempt = 0; attempt < (options.tries ?? TRIES); attempt += 1) {
    options.signal.throwIfAborted();
    const { answer, retryAfterMs, failure } = await attemptOnce(request, key, options);
    if (answer !== undefined) return answer;
    reason = failure;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
    await sleep(Math.max(retryAfterMs, pause), undefined, { signal: options.signal });
  }
  throw new NoAnswerError(`${request.method} ${request.path}: ${reason}`);
}

interface Attempt {
  /** Absent: worth another try. */
  readonly answer?: Answer;
  readonly retryAfterMs: number;
  readonly failure: string;
}

async function attemptOnce(request: Request, key: Record<string, string>, options: ApiOptions): Promise<Attempt> {
  const { method, path, body } = request;
  try {
    const response = await fetch(`${options.baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${options.token}`,
        ...key,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([options.signal, AbortSignal.timeout(REQUEST_LIMIT_MS)]),
    });
    const answer = { status: response.status, body: parse(await response.text()) };
    options.onAnswer?.({ request: `${method} ${path}`, ...answer });
    const later = answer.status === 429 || answer.status === 503 || isStillRunning(answer);
    return later
      ? { retryAfterMs: retryAfter(response), failure: `answered ${String(answer.status)}` }
      : { answer, retryAfterMs: 0, failure: '' };
  } catch (error) {
    options.signal.throwIfAborted();
    return { retryAfterMs: 0, failure: error instanceof Error ? error.message : String(error) };
  }
}

/** The first try of the same request has been cut off on our side only. */
function isStillRunning({ status, body }: Answer): boolean {
  return status === 409 && typeof body === 'object' && body !== null && 'code' in body && body.code === 'still-running';
}

function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? Math.min(LONGEST_PAUSE_MS, seconds * 1000) : 0;
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
