/** Request bodies: JSON, or bytes where a route asks for them. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problem } from './problem.ts';
import { textErrors } from './text.ts';

const jsonTypes = /^application\/(?:[\w.+-]+\+)?json\b/i;

/** Replaces fastify's parsers: every body arrives here as bytes. */
export function installBodyParser(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addHook('onRequest', ({ headers }, _reply, done) => {
    // Nothing is of no type, whatever the header says.
    if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0)
      delete headers['content-type'];
    done();
  });
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    (request: FastifyRequest, bytes: Buffer, done: (error: Error | null, body?: unknown) => void) => {
      try {
        done(null, readBody(request, bytes));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

function readBody(request: FastifyRequest, bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw problem('unsupported-media-type', `Send the body plain, not ${encoding}`);
  }
  const type = request.headers['content-type'] ?? '';
  const { consumes } = request.routeOptions.config;
  if (consumes !== undefined) {
    if (!consumes.some((one) => type.toLowerCase().startsWith(one))) {
      throw problem('unsupported-media-type', `Send ${consumes.join(' or ')}`);
    }
    return bytes;
  }
  if (!jsonTypes.test(type)) throw problem('unsupported-media-type', 'Send application/json');
  return parseJson(bytes);
}

/**
 * JSON from strangers: UTF-8, no `__proto__`, no NUL, no half surrogates, no absurd nesting.
 * @throws Problem malformed-json or invalid-body
 */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw problem('malformed-json', 'The body is not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw problem('malformed-json', 'The body cannot be read as JSON', { cause: error });
  }
  const errors = textErrors(value);
  if (errors.length > 0) throw problem('invalid-body', 'The body does not fit', { errors });
  return value;
}
