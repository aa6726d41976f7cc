/** Whether an answer is one that the document describes. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import type { Answer } from './call.ts';
import type { JsonSchema, Operation } from './operations.ts';

/** Sentences about what is wrong with an answer; none is right. */
export type Judge = (operation: Operation, answer: Answer) => string[];

/** Statuses of an outage: right while one is made, wrong otherwise. */
const isOwnFault = (status: number): boolean => status >= 500;

export function createJudge({ outage = false } = {}): Judge {
  const compiled = new Map<JsonSchema, ValidateFunction>();
  // Unknown keywords and formats are the document's own fault: they throw.
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  addFormatsModule.default(ajv);
  const validatorOf = (schema: JsonSchema, { components }: Operation): ValidateFunction => {
    let found = compiled.get(schema);
    if (found === undefined) {
      found = ajv.compile({ ...schema, components: { schemas: components } } as object);
      compiled.set(schema, found);
    }
    return found;
  };
  ajv.addKeyword('components');
  return (operation, answer) => {
    const { status, contentType } = answer;
    const faults = isOwnFault(status) && !outage && !isHealth(operation) ? [`answers ${String(status)}`] : [];
    const described =
      operation.responses.get(String(status)) ?? operation.responses.get(`${String(status)[0] ?? ''}XX`);
    if (described === undefined) return [...faults, `answers ${String(status)}, which is not documented`];
    if (described.size === 0)
      return answer.text === '' ? faults : [...faults, 'has a body although none is documented'];
    const schema = described.get(contentType);
    if (schema === undefined)
      return [...faults, `is of type "${contentType}", which is not documented for ${String(status)}`];
    if (/\bjson$/.test(contentType)) {
      const validate = validatorOf(schema, operation);
      if (!validate(answer.json))
        faults.push(...(validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`));
    }
    return [
      ...faults,
      ...(status >= 400 && contentType.startsWith('application/problem') ? problemFaults(answer) : []),
    ];
  };
}

/** It may say that it is not ready. */
const isHealth = ({ path }: Operation): boolean => path === '/health/ready';

interface ProblemLike {
  readonly type?: unknown;
  readonly status?: unknown;
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly title?: unknown;
}

/** What RFC 9457 and the contract ask for beyond the schema. */
function problemFaults({ status, json, headers, text }: Answer): string[] {
  const body = (json ?? {}) as ProblemLike;
  const faults: string[] = [];
  if (body.status !== status) faults.push('the problem says another status than the answer');
  if (body.type !== `urn:switchboard:problem:${String(body.code)}`) faults.push('the problem has no type of ours');
  for (const field of ['title', 'detail'] as const)
    if (body[field] === '') faults.push(`the problem has an empty ${field}`);
  if (status === 401 && !headers.has('www-authenticate') && body.code === 'unauthenticated')
    faults.push('a 401 without WWW-Authenticate');
  if ((status === 429 || status === 503) && !headers.has('retry-after'))
    faults.push(`a ${String(status)} without Retry-After`);
  if (/\bat .*\.(?:ts|js):\d+|node_modules|select .* from /i.test(text)) faults.push('the problem tells of the inside');
  return faults;
}
