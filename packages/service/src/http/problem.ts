/** RFC 9457 problems: a closed list of codes, one mapper from what domains reject. */
import type { Rejection, RejectionKind } from '@switchboard/hallway';
import { z } from 'zod';

/** Every problem the HTTP layer itself can answer: code -> status and title. Domains add codes of their own. */
export const problems = {
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'invalid-body': { status: 400, title: 'The body does not fit' },
  'invalid-query': { status: 400, title: 'The query does not fit' },
  'invalid-parameter': { status: 400, title: 'A part of the path does not fit' },
  'invalid-header': { status: 400, title: 'A header does not fit' },
  'bad-request': { status: 400, title: 'The request is malformed' },
  unauthenticated: { status: 401, title: 'A token is needed' },
  forbidden: { status: 403, title: 'The token does not allow this' },
  'not-found': { status: 404, title: 'There is nothing at this path' },
  'unknown-id': { status: 404, title: 'There is nothing with this id' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time' },
  conflict: { status: 409, title: 'It contradicts what is there' },
  'still-running': { status: 409, title: 'The first request with this key is still running' },
  gone: { status: 410, title: 'It is past the window' },
  stale: { status: 412, title: 'It was changed meanwhile' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is of a type that is not understood here' },
  'key-reused': { status: 422, title: 'The key was used with another body' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'Not now, try again' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

export interface FieldError {
  readonly field: string;
  readonly reason: string;
}

export interface ProblemOptions {
  readonly errors?: readonly FieldError[] | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** The body of every 4xx and 5xx. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
  })
  .describe('RFC 9457')
  .meta({ id: 'Problem' });

export type ProblemBody = z.output<typeof problemSchema>;

/** Thrown anywhere in a door; the caller gets it as `application/problem+json`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly body: ProblemBody;
  readonly headers: Readonly<Record<string, string>>;
  constructor(body: Omit<ProblemBody, 'type'>, options: ProblemOptions = {}) {
    super(body.detail, { cause: options.cause });
    this.body = { type: `urn:switchboard:problem:${body.code}`, ...body };
    if (options.errors !== undefined && options.errors.length > 0) this.body.errors = [...options.errors];
    this.headers = options.headers ?? {};
  }
}

/** A problem of the closed list. `detail` is read by people: say what to do. */
export function problem(code: ProblemCode, detail: string, options: ProblemOptions = {}): Problem {
  const { status, title } = problems[code];
  return new Problem({ title, status, code, detail }, options);
}

const rejected: Readonly<Record<RejectionKind, { status: number; title: string }>> = {
  invalid: problems['invalid-body'],
  'not-found': problems['unknown-id'],
  conflict: problems.conflict,
  stale: problems.stale,
  forbidden: problems.forbidden,
};

/** What a domain refused, as a problem: its kind gives the status, its code stays. */
export function rejectionProblem(rejection: Rejection): Problem {
  const { status, title } = rejected[rejection.rejected];
  return new Problem({ title, status, code: rejection.code, detail: rejection.detail }, { errors: rejection.errors });
}
